//! Putting a bag together: the records as they stand and as they stood, the archive's own files where all of a file may be
//! read, attachments, the history, and git's objects where all that they name may be read.

use super::bag;
use super::blocks;
use super::content::{Content, Files};
use super::crate_metadata::{Described, crate_metadata};
use super::leaving_out::left_out;
use super::note::{self, GitForm, LogForm, Subject};
use super::objects::{Carried, Objects};
use super::sheet;
use super::view::View;
use super::whole::is_whole;
use super::witness::Witness;
use crate::access::Clearance;
use crate::archive::{Archive, resolve};
use crate::dossier::Dossier;
use crate::exchange::export::{Head, Selection, Whom, write_export};
use crate::history::History;
use crate::page::Theme;
use crate::record::Record;
use crate::repository::{FileKind, Snapshot};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io;

/// A former state.
pub struct Then<'a> {
    /// The day on which it stood.
    pub day: String,
    /// Its files.
    pub snapshot: &'a Snapshot,
    /// The archive that they were; none where its rules cannot be read.
    pub archive: Option<&'a Archive>,
    /// The commit's whole id.
    pub commit: String,
}

/// What is told of a dossier's past, as its reader may know of it.
#[derive(Default)]
pub struct Told {
    /// The changes as CSV.
    pub csv: String,
    /// The changes for programs.
    pub json: Value,
    /// The former state as CSV, where one was asked for.
    pub stood_csv: Option<String>,
    /// The same for programs.
    pub stood_json: Option<Value>,
    /// The files of which some former value may not be read, by their names inside the dossier without the extension.
    pub closed_then: BTreeSet<String>,
    /// The same in words for the page: day, author, what, before, after.
    pub lines: Vec<[String; 5]>,
}

/// Everything that a bag is made of.
pub struct Order<'a> {
    /// The archive at the commit.
    pub archive: &'a Archive,
    /// Its files.
    pub snapshot: &'a Snapshot,
    /// Its past.
    pub history: &'a History,
    /// For whom.
    pub whom: Whom<'a>,
    /// What they hold.
    pub holds: &'a Clearance,
    /// What they are called.
    pub called: String,
    /// How it is to be handled.
    pub notice: String,
    /// The dossiers.
    pub dossiers: Vec<&'a Dossier>,
    /// Of each what is told.
    pub told: BTreeMap<String, Told>,
    /// The former state.
    pub then: Option<Then<'a>>,
    /// Git's objects.
    pub objects: Objects,
    /// The result of the check of contracts, where its reader may know of it: as text and for programs.
    pub checked: Option<(String, Value)>,
    /// The commit's whole id.
    pub commit: String,
    /// The name beside the signing key, and its fingerprint; the line for `bag_signers`.
    pub signer: Option<(String, String, String)>,
    /// What the log of publishings says of the commit.
    pub witness: Option<Witness>,
    /// The theme.
    pub theme: &'a Theme,
}

/// A bag without its signature.
pub struct Gathered<'a> {
    /// Its files.
    pub files: Files<'a>,
    /// What is to be signed.
    pub to_sign: String,
}

/// Makes a bag.
///
/// # Errors
/// When a file of the archive cannot be read, or the theme cannot be rendered.
pub fn gather<'a>(order: &Order<'a>) -> io::Result<Gathered<'a>> {
    let mut files = Files::default();
    let mut carried = Vec::new();
    let mut described = Vec::new();
    let everything = matches!(order.whom, Whom::Everything);
    for dossier in &order.dossiers {
        let base = format!("data/dossiers/{}", dossier.name);
        let before = carried.len();
        now(order, dossier, &base, &mut files, &mut carried)?;
        let listed: Vec<Value> = carried.get(before..).unwrap_or_default().iter().map(Carried::json).collect();
        files.made(&format!("{base}/now/files.json"), pretty(&json!({"files": listed})));
        if let Some(told) = order.told.get(dossier.name.as_ref()) {
            files.made(&format!("{base}/history.csv"), told.csv.as_str());
            files.made(&format!("{base}/history.json"), pretty(&told.json));
            if let (Some(csv), Some(json)) = (&told.stood_csv, &told.stood_json) {
                files.made(&format!("{base}/then/records.csv"), csv.as_str());
                files.made(&format!("{base}/then/records.json"), pretty(json));
            }
            then(order, dossier, told, &base, &mut files, &mut carried);
        }
    }
    let stored_apart = carried.iter().any(|file| file.stored_apart);
    let signed_commits = order.objects.write(&carried, &mut files);
    if let Some(witness) = &order.witness {
        witness.put(&mut files);
    }
    files.made("data/left-out.json", pretty(&left_out(order.archive, order.holds, everything, &order.dossiers)));
    if let Some((text, json)) = &order.checked {
        files.made("data/findings.txt", text.as_str());
        files.made("data/findings.json", pretty(json));
    }
    let title = &order.archive.settings.title;
    let subject = Subject {
        whom: order.called.clone(),
        dossiers: order.dossiers.iter().map(|dossier| dossier.name.to_string()).collect(),
        archive: (title.in_language("zh").to_owned(), title.in_language("en").to_owned()),
        day: order.archive.day.to_string(),
        commit: order.commit.clone(),
        then: order.then.as_ref().map(|then| (then.day.clone(), then.commit.clone())),
        git: order.objects.form(),
        stored_apart,
        signed_commits,
        signer: order.signer.as_ref().map(|(name, fingerprint, _)| (name.clone(), fingerprint.clone())),
        for_reader: !everything,
        checked: order.checked.is_some(),
        log: order.witness.as_ref().map(|witness| LogForm {
            signed: witness.is_signed(),
            stamped: witness.is_stamped(),
            entry: witness.has_entry(),
        }),
    };
    files.made("data/bag.json", pretty(&facts(order, &subject)));
    sheet::pages(order, &subject, &mut files)?;
    for (name, chinese) in [("说明.md", true), ("README.md", false)] {
        files.made(name, blocks::markdown(&note::title(&subject, chinese), &note::note(&subject, chinese)));
    }
    if let Some((.., line)) = &order.signer {
        files.made(bag::BAG_SIGNERS, line.as_str());
    }
    described.extend(carried.iter().map(|file| Described {
        path: file.path.clone(),
        modified: order.objects.modified(order.history, order.holds, file.record.as_ref()),
    }));
    let metadata = crate_metadata(order, &subject, &described, &files)?;
    files.made("data/ro-crate-metadata.json", pretty(&metadata));
    let info = [
        ("Source-Organization", title.in_language("zh").to_owned()),
        ("External-Description", order.notice.clone()),
        ("External-Identifier", format!("git:{}", order.commit)),
        ("Internal-Sender-Identifier", subject.dossiers.join(", ")),
        ("Bagging-Date", subject.day.clone()),
        ("Bag-Software-Agent", format!("Strongroom {}", env!("CARGO_PKG_VERSION"))),
    ];
    let to_sign = bag::close(&mut files, &info)?;
    Ok(Gathered { files, to_sign })
}

/// The facts by which a program checks the bag.
fn facts(order: &Order<'_>, subject: &Subject) -> Value {
    let form = match subject.git {
        GitForm::Bundle => "bundle",
        GitForm::Path => "path",
        GitForm::Ids => "ids",
    };
    json!({
        "strongroom": 1,
        "archive": subject.archive.0,
        "commit": subject.commit,
        "day": subject.day,
        "dossiers": subject.dossiers,
        "for": subject.whom,
        "git": form,
        "notice": order.notice,
        "then": subject.then.as_ref().map(|(day, commit)| json!({"day": day, "commit": commit})),
    })
}

/// The records as they stand.
fn now<'a>(
    order: &Order<'a>,
    dossier: &'a Dossier,
    base: &str,
    files: &mut Files<'a>,
    carried: &mut Vec<Carried>,
) -> io::Result<()> {
    let (archive, holds) = (order.archive, order.holds);
    let selection = Selection { archive, holds, record_type: None, dossier: Some(&dossier.name) };
    let settings = &archive.settings;
    let head = Head {
        archive: settings.title.in_language(&settings.language),
        commit: Some(order.commit.clone()),
        day: archive.day.to_string(),
        r#for: order.called.clone(),
        notice: &order.notice,
    };
    let mut bytes = Vec::new();
    write_export(&head, &selection, &mut bytes)?;
    files.made(&format!("{base}/now/records.json"), bytes);
    let views = views(dossier, holds);
    let text: Vec<String> = views.iter().map(View::text).collect();
    files.made(&format!("{base}/now/records.txt"), format!("{}\n\n{}", order.notice, text.join("\n")));
    let state =
        State { snapshot: order.snapshot, archive, holds, place: format!("{base}/now/files"), commit: &order.commit };
    state.carry(dossier, matches!(order.whom, Whom::Everything), None, files, carried);
    Ok(())
}

/// The records of a dossier that may be read, its root first.
#[must_use]
pub fn views(dossier: &Dossier, holds: &Clearance) -> Vec<View> {
    let mut root = View::of(&dossier.root, dossier.name.to_string(), holds);
    root.title = dossier.called().within(holds).cloned().unwrap_or(root.title);
    let inner = dossier.records.within(holds).map(|record| View::of(record, record.name.to_string(), holds));
    std::iter::once(root).chain(inner).collect()
}

/// The archive's own files as they stood.
fn then<'a>(
    order: &Order<'a>,
    dossier: &'a Dossier,
    told: &Told,
    base: &str,
    files: &mut Files<'a>,
    carried: &mut Vec<Carried>,
) {
    let Some(then) = &order.then else { return };
    let Some(archive) = then.archive else { return };
    let Some((_, former)) =
        archive.dossiers.lay_out(|held| held.release()).find(|(_, former)| former.name == dossier.name)
    else {
        return;
    };
    let place = format!("{base}/then/files");
    let state = State { snapshot: then.snapshot, archive, holds: order.holds, place, commit: &then.commit };
    let rules = Today { archive: order.archive, dossier, closed: &told.closed_then };
    state.carry(former, matches!(order.whom, Whom::Everything), Some(&rules), files, carried);
}

/// What counts of today for a former state.
struct Today<'t> {
    archive: &'t Archive,
    dossier: &'t Dossier,
    closed: &'t BTreeSet<String>,
}

impl Today<'_> {
    /// Whether the present lets a former file be read: its record is still there, asks today for no more than is held,
    /// and no former value in it asks for more.
    fn lets(&self, file: &str, holds: &Clearance) -> bool {
        let name = file.rsplit_once('.').map_or(file, |(name, _)| name);
        let records = self.records(name);
        let open = |record: &&Record| holds.implies(&super::whole::asks_whole(record, self.archive));
        !records.is_empty() && records.iter().all(open) && !self.closed.contains(name)
    }

    fn records(&self, name: &str) -> Vec<&Record> {
        let inside = |record: &Record| {
            let file = record.file.strip_prefix(&format!("{}/", self.dossier.folder)).unwrap_or_default();
            file.rsplit_once('.').is_some_and(|(file, _)| file == name)
        };
        let all = self.dossier.records.lay_out(|held| held.release().1);
        std::iter::once(&*self.dossier.root).chain(all).filter(|record| inside(record)).collect()
    }
}

/// A state of the archive, and where its files go.
struct State<'s, 'a> {
    snapshot: &'a Snapshot,
    archive: &'s Archive,
    holds: &'s Clearance,
    place: String,
    commit: &'s str,
}

impl<'a> State<'_, 'a> {
    /// Puts in every file of a dossier that may be read as a whole.
    fn carry(
        &self,
        dossier: &Dossier,
        everything: bool,
        today: Option<&Today<'_>>,
        files: &mut Files<'a>,
        carried: &mut Vec<Carried>,
    ) {
        let mut by_file: BTreeMap<&str, Vec<&Record>> = BTreeMap::new();
        let mut attached: BTreeMap<String, &Record> = BTreeMap::new();
        let all = dossier.records.lay_out(|held| held.release().1);
        for record in std::iter::once(&*dossier.root).chain(all) {
            by_file.entry(&record.file).or_default().push(record);
            for file in record.attachments.within(self.holds) {
                attached.extend(resolve(&record.file, &file.path).map(|path| (path, record)));
            }
        }
        let folder = format!("{}/", dossier.folder);
        for entry in self.snapshot.files_below(&dossier.folder).iter().filter(|file| file.kind == FileKind::Regular) {
            let Some(inside) = entry.path.strip_prefix(&folder) else { continue };
            let records = by_file.get(entry.path.as_str());
            let is_attached =
                self.archive.attached.get(&entry.path).is_some_and(|file| self.holds.implies(file.clearance()));
            let open = match (records, today) {
                _ if everything => true,
                (Some(records), rules) => {
                    is_whole(self.archive, self.snapshot, records, self.holds)
                        && rules.is_none_or(|rules| rules.lets(inside, self.holds))
                }
                (None, None) => is_attached,
                // A former attachment asks for what the present one of its name does as well.
                (None, Some(rules)) => {
                    let now = rules.archive.attached.get(&format!("{}/{inside}", rules.dossier.folder));
                    is_attached && now.is_some_and(|file| self.holds.implies(file.clearance()))
                }
            };
            if !open {
                continue;
            }
            let record = records.and_then(|records| records.first().copied()).or(attached.get(&entry.path).copied());
            let stored_apart = self.snapshot.pointer(entry).ok().flatten().is_some();
            let path = files.put(&format!("{}/{inside}", self.place), Content::Stored(self.snapshot, entry.clone()));
            carried.push(Carried {
                path,
                inside: inside.to_owned(),
                in_archive: entry.path.clone(),
                commit: self.commit.to_owned(),
                id: entry.id.to_string(),
                record: record.map(|record| record.name.clone()),
                attachment: records.is_none(),
                stored_apart,
            });
        }
    }
}

/// JSON as people can read it.
#[must_use]
pub fn pretty(value: &Value) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(value).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}
