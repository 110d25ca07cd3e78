//! Unified credit: for each customer or group of customers the one limit, what counts against it, and what is left.
//!
//! Everything is reckoned at once, from all dossiers: that nobody else belongs to a group, and that nothing else counts
//! against its limit, is read from all of them. So the account for a group of readers is made of what they may read, and
//! stands for every clearance that was looked at, what is absent included.

use super::credit_course::{CreditCourse, standings};
use super::seen::Seen;
use crate::access::{Clearance, Held};
use crate::archive::Archive;
use crate::dossier::{Compared, Dossier};
use crate::record::{Field, Record, RecordName, Value, amount};
use crate::text::Phrase;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// The type of records that hold limits.
const LINE: &str = "credit-line";
/// The type of records of which each uses a part of a limit.
const EXPOSURE: &str = "exposure";
/// What is read of a limit.
const LINE_FIELDS: &[&str] = &["group", "limit", "earlier", "approved_on", "valid_until", "used", "review_by"];
/// What is read of a dossier.
const ROOT_FIELDS: [&str; 4] = ["group", "name", "short_names", "code"];

/// The credit of a customer, or of a group of customers.
pub struct Credit<'a> {
    /// What the group or customer is called, in the words of a file.
    pub name: String,
    /// Whether it is a group.
    pub is_group: bool,
    /// The customers, in the order of their folders.
    pub members: Vec<&'a Dossier>,
    /// The limits, the newest first.
    pub limits: Vec<Limit<'a>>,
    /// How it stands in each currency; amounts of two are never added up.
    pub standings: Vec<CreditCourse>,
}

/// A limit, while it counted.
#[derive(Clone, Debug)]
pub struct Limit<'a> {
    /// The record that says so.
    pub record: &'a RecordName,
    /// What that is called.
    pub title: &'a Phrase,
    /// The amount.
    pub amount: Money<'a>,
    /// Since when; none where nothing says it.
    pub from: Option<Date>,
    /// The last day; none where it has no end.
    pub until: Option<Date>,
    /// What the record itself says to be used, for those who may read it; none for a limit of the past.
    pub used: Option<Money<'a>>,
    /// The day on which it is to be looked over again.
    pub review_by: Option<Date>,
}

/// Something that counts against a limit, from one day to another.
#[derive(Clone, Debug)]
pub struct Exposure<'a> {
    /// Whose.
    pub dossier: &'a str,
    /// How much.
    pub amount: Money<'a>,
    /// Since when.
    pub from: Date,
    /// When it was settled.
    pub settled: Option<Date>,
}

/// An amount in ten-thousandths of its unit, and the currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Money<'a> {
    /// The amount.
    pub amount: i128,
    /// The currency.
    pub currency: &'a str,
}

/// What a group of readers may know of credit.
enum Known<'a> {
    /// Something that is not there, or might have been.
    Nothing,
    Dossier(&'a Dossier),
    /// A name by which a dossier's customer is known.
    Name(&'a str, String),
    Group(&'a str, String),
    /// A limit, and for whom it was set.
    Limit(String, Limit<'a>),
    Used(&'a RecordName, Money<'a>),
    Review(&'a RecordName, Date),
    Exposure(Exposure<'a>),
}

impl Limit<'_> {
    /// Whether it counts on a day.
    #[must_use]
    pub fn counts(&self, on: Date) -> bool {
        self.from.is_none_or(|from| from <= on) && self.until.is_none_or(|until| on <= until)
    }
}

impl<'a> Credit<'a> {
    /// The limits that count on a day. More than one is what must not be: nobody can say what counts against which.
    pub fn counting(&self, on: Date) -> impl Iterator<Item = &Limit<'a>> {
        self.limits.iter().filter(move |limit| limit.counts(on))
    }
}

/// The credit of all customers and groups, as each group of readers can tell it.
#[must_use]
pub fn credit(archive: &Archive) -> Seen<Vec<Credit<'_>>> {
    let mut known: Vec<Held<Known<'_>>> = archive
        .dossiers
        .lay_out(|held| held.map(|dossier| of_dossier(archive, dossier)))
        .flat_map(|held| held.spread().into_iter().map(Held::flatten))
        .collect();
    known.extend(absent(archive));
    Seen::of(&Clearance::open(), &known, |known| reckoned(known, archive.day))
}

/// What would be asked by what is not there. One for each clearance is enough.
fn absent<'a>(archive: &Archive) -> Vec<Held<Known<'a>>> {
    let audiences = &archive.settings.audiences;
    let fields: [(&str, &[&str]); 2] = [(LINE, LINE_FIELDS), (EXPOSURE, &["amount", "as_of", "settled"])];
    let of_types: BTreeSet<Clearance> = fields
        .iter()
        .filter_map(|(name, fields)| Some((archive.types.get(name)?, fields)))
        .flat_map(|(record_type, fields)| fields.iter().map(|field| record_type.asks(Some(field), audiences)))
        .collect();
    let of_dossiers: BTreeSet<Clearance> = archive
        .dossiers
        .lay_out(|held| {
            let asked = held.map(|dossier| {
                let asks = |name: &&str| Held::new(dossier.root.asks(name, audiences), ());
                ROOT_FIELDS.iter().map(asks).collect::<Vec<_>>()
            });
            asked.spread().into_iter().map(|held| held.flatten().clearance().clone()).collect::<Vec<_>>()
        })
        .flatten()
        .collect();
    let both = of_dossiers.iter().flat_map(|dossier| of_types.iter().map(|of_type| dossier.and(of_type)));
    let all: BTreeSet<Clearance> = both.chain(of_dossiers.iter().cloned()).collect();
    all.into_iter().map(|asks| Held::new(asks, Known::Nothing)).collect()
}

fn of_dossier<'a>(archive: &Archive, dossier: &'a Dossier) -> Vec<Held<Known<'a>>> {
    let plain = |known| Held::new(dossier.clearance().clone(), known);
    let folder: &'a str = &dossier.name;
    let mut found = vec![plain(Known::Dossier(dossier)), plain(Known::Name(folder, folder.to_owned()))];
    for field in ROOT_FIELDS.iter().skip(1).filter_map(|name| dossier.field(name)) {
        let names = field.map(|field| texts(&field.value).into_iter().map(|name| Known::Name(folder, name)).collect());
        found.extend(Held::<Vec<Known<'a>>>::spread(names));
    }
    let group = dossier.field("group").map(|field| field.map(|field| texts(&field.value).into_iter().next()));
    found.extend(group.and_then(Held::transpose).map(|group| group.map(|group| Known::Group(folder, group))));
    let of_type = |name: &'static str| dossier.records.pick(move |record| record.record_type.name == name);
    for held in of_type(LINE) {
        let of_line = held.map(|record| of_line(archive, record));
        found.extend(of_line.spread().into_iter().map(Held::flatten));
    }
    found.extend(of_type(EXPOSURE).map(|held| held.map(|record| of_exposure(archive, folder, record)).flatten()));
    found.into_iter().map(|known| known.narrowed(dossier.clearance())).collect()
}

/// What some fields of a record say, for whoever may read them all, there or not.
fn fields<'a, const N: usize>(archive: &Archive, record: &'a Record, names: [&str; N]) -> Held<[Option<&'a Field>; N]> {
    let mut asks = record.clearance.clone();
    for name in names {
        asks = asks.and(&record.asks(name, &archive.settings.audiences));
    }
    let found = names.map(|name| record.field(name));
    let asks = found.iter().flatten().fold(asks, |asks, field| asks.and(field.clearance()));
    let values = found.map(|field| field.and_then(|field| field.within(&asks).copied()));
    Held::new(asks, values)
}

fn of_line<'a>(archive: &Archive, record: &'a Record) -> Vec<Held<Known<'a>>> {
    let (name, audiences) = (&record.name, &archive.settings.audiences);
    let limit = fields(archive, record, ["group", "limit", "approved_on", "valid_until"]);
    let limit = limit.with(date_of(archive, record)).with(record.title.as_ref());
    let limit = limit.map(|(([group, limit, approved, until], date), title)| {
        let whom = group.and_then(|field| texts(&field.value).into_iter().next());
        let (Some(whom), Some(amount)) = (whom, limit.and_then(money)) else { return Known::Nothing };
        let day = |field: Option<&Field>| field.and_then(|field| field.value.day());
        let (from, until) = (day(approved).or(date), day(until));
        Known::Limit(whom, Limit { record: name, title: &title.0, amount, from, until, used: None, review_by: None })
    });
    let earlier = fields(archive, record, ["group", "earlier"]).with(record.title.as_ref());
    let earlier = earlier.map(|([group, earlier], title)| {
        let whom = group.and_then(|field| texts(&field.value).into_iter().next());
        let (Some(whom), Some(earlier)) = (whom, earlier) else { return Vec::new() };
        earlier.value.groups().map(|group| earlier_limit((name, &title.0), &whom, group)).collect()
    });
    let used = fields(archive, record, ["used"])
        .map(|[used]| used.and_then(money).map_or(Known::Nothing, |amount| Known::Used(name, amount)));
    let review = fields(archive, record, ["review_by"])
        .map(|[day]| day.and_then(|day| day.value.day()).map_or(Known::Nothing, |day| Known::Review(name, day)));
    let asks = ["earlier.limit", "earlier.from", "earlier.until"].into_iter();
    let asks = asks.fold(record.clearance.clone(), |all, member| all.and(&record.asks(member, audiences)));
    let earlier = Held::<Vec<Held<Known<'a>>>>::spread(earlier).into_iter().map(|held| held.flatten().narrowed(&asks));
    earlier.chain([limit, used, review]).collect()
}

/// A limit that counted before, as the record of the present one tells it.
fn earlier_limit<'a>(
    (record, title): (&'a RecordName, &'a Phrase),
    whom: &str,
    group: &'a crate::access::Shelf<Field>,
) -> Held<Known<'a>> {
    let members = group.lay_out(|held| held).fold(Held::new(Clearance::open(), Vec::new()), |all, member| {
        all.with(member).map(|(mut all, member)| {
            all.push(member);
            all
        })
    });
    members.map(|members| {
        let member = |name: &str| members.iter().copied().find(|member| member.name == name);
        let Some(amount) = member("limit").and_then(money) else { return Known::Nothing };
        let day = |name| member(name).and_then(|field| field.value.day());
        let limit =
            Limit { record, title, amount, from: day("from"), until: day("until"), used: None, review_by: None };
        Known::Limit(whom.to_owned(), limit)
    })
}

fn of_exposure<'a>(archive: &Archive, dossier: &'a str, record: &'a Record) -> Held<Known<'a>> {
    fields(archive, record, ["amount", "as_of", "settled"]).map(|[amount, as_of, settled]| {
        let day = |field: Option<&Field>| field.and_then(|field| field.value.day());
        match (amount.and_then(money), day(as_of)) {
            (Some(amount), Some(from)) => Known::Exposure(Exposure { dossier, amount, from, settled: day(settled) }),
            _ => Known::Nothing,
        }
    })
}

fn date_of(archive: &Archive, record: &Record) -> Held<Option<Date>> {
    match &record.date {
        Some(date) => date.as_ref().map(|date| Some(*date)),
        None => Held::new(record.asks("date", &archive.settings.audiences), None),
    }
}

fn money(field: &Field) -> Option<Money<'_>> {
    let Value::Money { amount: text, currency } = &field.value else { return None };
    Some(Money { amount: amount(text)?, currency })
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Many(values) => values.iter().flat_map(texts).collect(),
        Value::Text(phrase) => phrase.texts().map(str::to_owned).collect(),
        other => vec![other.plain("zh")],
    }
}

/// By what a name is compared: without what writing and legal form add to it.
fn key(name: &str) -> String {
    Compared::of(name).map_or_else(|| name.to_owned(), |name| name.core.into_iter().collect())
}

/// Everything that some readers may know, put together.
fn reckoned<'a>(known: &[&Known<'a>], day: Date) -> Vec<Credit<'a>> {
    let groups: BTreeMap<&str, &String> = known
        .iter()
        .filter_map(|known| if let Known::Group(dossier, name) = known { Some((*dossier, name)) } else { None })
        .collect();
    // A group goes by its name, a customer of no group by the folder's.
    let whose = |dossier: &str| groups.get(dossier).map_or_else(|| format!("/{dossier}"), |name| key(name));
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut found: BTreeMap<String, Credit<'a>> = BTreeMap::new();
    for known in known {
        match known {
            Known::Name(dossier, name) => {
                names.entry(key(name)).or_insert_with(|| whose(dossier));
            }
            Known::Dossier(dossier) => {
                let called = dossier.called().within(dossier.clearance()).map(|name| name.in_language("zh").to_owned());
                let group = groups.get(&*dossier.name).map(|group| (*group).clone());
                let credit = found.entry(whose(&dossier.name)).or_insert_with(|| Credit {
                    is_group: group.is_some(),
                    name: group.or(called).unwrap_or_else(|| dossier.name.to_string()),
                    members: Vec::new(),
                    limits: Vec::new(),
                    standings: Vec::new(),
                });
                credit.members.push(dossier);
            }
            _ => {}
        }
    }
    let mut exposures: BTreeMap<String, Vec<&Exposure<'a>>> = BTreeMap::new();
    for known in known {
        match known {
            Known::Limit(whom, limit) => {
                let by_name = key(whom);
                let whom_key = if found.contains_key(&by_name) { None } else { names.get(&by_name) };
                let credit = found.entry(whom_key.unwrap_or(&by_name).clone()).or_insert_with(|| Credit {
                    name: whom.clone(),
                    is_group: true,
                    members: Vec::new(),
                    limits: Vec::new(),
                    standings: Vec::new(),
                });
                credit.limits.push(limit.clone());
            }
            Known::Exposure(exposure) => exposures.entry(whose(exposure.dossier)).or_default().push(exposure),
            _ => {}
        }
    }
    for (whom, credit) in &mut found {
        said_of_limits(known, &mut credit.limits, day);
        let exposures = exposures.remove(whom).unwrap_or_default();
        credit.standings = standings(&credit.limits, &credit.members, &exposures, day);
    }
    let mut found: Vec<Credit<'a>> =
        found.into_values().filter(|credit| credit.is_group || !credit.standings.is_empty()).collect();
    found.sort_by(|one, other| (!one.is_group, &one.name).cmp(&(!other.is_group, &other.name)));
    found
}

/// What else records say of those of their limits that count now. The newest limit comes first.
fn said_of_limits<'a>(known: &[&Known<'a>], limits: &mut [Limit<'a>], day: Date) {
    limits.sort_by_key(|limit| std::cmp::Reverse((limit.from, limit.until)));
    for limit in limits.iter_mut().filter(|limit| limit.counts(day)) {
        for known in known {
            match known {
                Known::Used(record, amount) if *record == limit.record => limit.used = Some(*amount),
                Known::Review(record, day) if *record == limit.record => limit.review_by = Some(*day),
                _ => {}
            }
        }
    }
}
