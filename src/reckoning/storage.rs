//! What the stored files of a dossier weigh: its attachments, and the text of its records.

use super::sight::by_clearance;
use crate::access::Held;
use crate::archive::{Archive, resolve};
use crate::dossier::Dossier;
use crate::record::{Field, Record, Value};
use std::collections::BTreeMap;

/// What is stored of a dossier for those who hold one clearance, and for nobody who holds less.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stored {
    /// Bytes of attachments.
    pub files: u64,
    /// Bytes of what records say: fields, text, rows.
    pub text: u64,
}

/// Something that takes room.
enum Weight<'a> {
    File(&'a str, u64),
    Text(u64),
}

/// What is stored of a dossier, by what it asks of its reader; whoever may read several of these adds them up. A size asks
/// for what the measured thing asks, down to the member of a group: so nobody can tell from a sum that something more is
/// there. Keys and front matter's marks are not counted.
#[must_use]
pub fn storage(archive: &Archive, dossier: &Dossier) -> Vec<Held<Stored>> {
    let root = Held::new(dossier.clearance().clone(), &*dossier.root);
    let records = dossier.records.lay_out(|held| held).chain([root]);
    let weights = records.flat_map(|held| {
        let of_record = held.map(|record| of_record(archive, record));
        of_record.spread().into_iter().map(Held::flatten)
    });
    let weights = weights.map(|weight| weight.narrowed(dossier.clearance()));
    by_clearance(weights).into_iter().map(|weights| weights.map(|weights| sum(&weights))).collect()
}

/// One file may belong to several records, which then ask the same of their reader.
fn sum(weights: &[Weight<'_>]) -> Stored {
    let mut files = BTreeMap::new();
    let mut text = 0;
    for weight in weights {
        match weight {
            Weight::File(path, bytes) => {
                files.insert(path, *bytes);
            }
            Weight::Text(bytes) => text += bytes,
        }
    }
    Stored { files: files.into_values().sum(), text }
}

fn of_record<'a>(archive: &'a Archive, record: &'a Record) -> Vec<Held<Weight<'a>>> {
    let mut weights: Vec<Held<Weight<'a>>> = Vec::new();
    let files = record.attachments.lay_out(|held| {
        let file = held.map(|attachment| archive.attached.get(&resolve(&record.file, &attachment.path)?));
        Some(file.transpose()?.flatten().map(|file| Weight::File(&file.entry.path, file.size)))
    });
    weights.extend(files.flatten());
    weights.extend(record.fields.lay_out(|held| held).flat_map(of_field));
    weights.extend(record.text.lay_out(|held| held.map(|section| Weight::Text(bytes(section.range.len())))));
    weights.extend(record.summary.iter().map(|summary| {
        summary.as_ref().map(|summary| Weight::Text(summary.texts().map(|text| bytes(text.len())).sum()))
    }));
    let columns = record.series.iter().flat_map(|series| &series.columns);
    // Each cell with the comma or the end of the line after it.
    weights.extend(columns.map(|column| {
        column.as_ref().map(|column| Weight::Text(column.cells.iter().map(|cell| bytes(cell.len() + 1)).sum()))
    }));
    weights
}

/// A field weighs what stands in the file; a group only what its members do, since some of them may ask for more.
fn of_field(held: Held<&Field>) -> Vec<Held<Weight<'_>>> {
    let of_field = held.map(|field| {
        let mut members = field.value.groups().flat_map(|group| group.lay_out(of_field).flatten()).collect::<Vec<_>>();
        if !matches!(&field.value, Value::Group(_)) && members.is_empty() {
            members.push(Held::new(crate::access::Clearance::open(), Weight::Text(bytes(field.range.len()))));
        }
        members
    });
    of_field.spread().into_iter().map(Held::flatten).collect()
}

fn bytes(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Everybody, archive_of};
    use super::*;

    /// What is stored beside the dossier's own root, by what it asks.
    fn stored(files: &[(&str, &str)]) -> BTreeMap<String, Stored> {
        let of = |files: &[(&str, &str)]| {
            let archive = archive_of(files);
            let all = storage(&archive, archive.dossiers.everybody()[0]);
            let told = all.into_iter().map(Held::release).map(|(asks, stored)| (asks.canonical(), stored));
            told.collect::<BTreeMap<_, _>>()
        };
        let root = of(&[])["staff"];
        let mut all = of(files);
        let open = all.get_mut("staff").unwrap();
        open.text -= root.text;
        all.retain(|_, stored| *stored != Stored::default());
        all
    }

    #[test]
    fn a_size_asks_for_what_it_measures() {
        let contract =
            "---\nnumber: C-01\namount: 5 CNY\nattachments: [a.bin]\n---\n1234567\n\n## H {audience=legal}\n\nx\n";
        let all = stored(&[("contracts/a.md", contract), ("contracts/a.bin", "0123456789")]);
        assert_eq!(all["finance|legal|sales"], Stored { files: 10, text: 4 + bytes("1234567\n\n".len()) });
        assert_eq!(all["finance"].text, bytes("5 CNY".len()));
        assert_eq!(all["legal"].text, bytes("## H {audience=legal}\n\nx\n".len()));
        assert_eq!(all.len(), 3);
    }

    #[test]
    fn a_file_of_two_records_is_stored_once() {
        let visit = "---\nby: p\nattachments: [scan.bin]\n---\n";
        let files = [("visits/a.md", visit), ("visits/b.md", visit), ("visits/scan.bin", "0123456789")];
        assert_eq!(stored(&files)["management|sales|technical"], Stored { files: 10, text: 2 });
    }

    #[test]
    fn a_member_of_a_group_that_asks_for_more_weighs_for_those_alone_who_may_read_it() {
        let score = |points: &str| {
            let text =
                format!("score: 1\nparts: [{{criterion: abc, points: {points}}}]\nrestrict: {{parts.points: legal}}\n");
            stored(&[("importance/a.yaml", &text)])
        };
        let (short, long) = (score("1"), score("1000"));
        assert_eq!(short["management|sales"], long["management|sales"]);
        assert_eq!(long["legal&management|sales"].text - short["legal&management|sales"].text, 3);
    }

    #[test]
    fn rows_of_a_series_weigh_by_column() {
        let all = stored(&[("effort/2026.csv", "month,dossier_hours,cost\n2026-01,1,900\n")]);
        assert_eq!(all["management|sales|technical"].text, bytes("2026-01,1,".len()));
    }
}
