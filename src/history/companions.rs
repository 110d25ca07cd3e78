//! The lives of all records of a lot, and what describes tables: whose rows they are, and who may read them, stands in a
//! record beside them.

use super::branches::Span;
use super::life::{Life, is_record};
use super::lineage::Lineage;
use super::reading::{Beside, Companions, Desk};
use super::telling::follow;
use crate::repository::ContentId;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A version that may have described tables of its dossier.
struct Describing {
    inside: String,
    blob: ContentId,
    time: Vec<Span>,
}

/// The lives of all record files. Tables come second: what describes them has to be known.
pub fn live_through<'l>(desk: &Desk<'_>, lineages: &'l [Lineage]) -> Vec<(&'l Lineage, Life)> {
    let ends = |lineage: &Lineage, ending: &str| lineage.home().is_some_and(|(_, inside)| inside.ends_with(ending));
    let records = lineages.par_iter().filter(|l| l.home().is_some_and(|(_, inside)| is_record(inside)));
    let (tables, documents): (Vec<&Lineage>, Vec<&Lineage>) = records.partition(|lineage| ends(lineage, ".csv"));
    let alone = |_: usize, time: &[Span]| vec![Beside { files: Companions::new(), time: time.to_vec() }];
    let mut lives: Vec<(&Lineage, Life)> =
        documents.into_par_iter().map(|lineage| (lineage, follow(desk, lineage, &alone))).collect();
    let mut describing: HashMap<&str, Vec<Describing>> = HashMap::new();
    for (lineage, _) in lives.iter().filter(|(_, life)| life.describes) {
        for (n, (version, time)) in lineage.versions.iter().zip(desk.branches.spans(lineage)).enumerate() {
            if let (Some((_, inside)), Some(blob)) = (version.place.inside(), version.blob) {
                let described = Describing { inside: inside.to_string(), blob, time };
                describing.entry(lineage.folder(n)).or_default().push(described);
            }
        }
    }
    let of_tables: Vec<(&Lineage, Life)> = tables
        .into_par_iter()
        .map(|lineage| {
            let companions = |n: usize, time: &[Span]| {
                // A table is described by what stood in its dossier then, wherever either of them is now.
                describing.get(lineage.folder(n)).map_or_else(|| alone(n, time), |all| beside_it(all, time))
            };
            (lineage, follow(desk, lineage, &companions))
        })
        .collect();
    lives.extend(of_tables);
    lives
}

/// What stood together beside a table: each set of files with the time in which it did, the one that stood last at the
/// end.
fn beside_it(describing: &[Describing], time: &[Span]) -> Vec<Beside> {
    let mut sets: BTreeMap<Vec<usize>, Vec<Span>> = BTreeMap::new();
    for span in time {
        let near: Vec<(usize, &Span)> = describing
            .iter()
            .enumerate()
            .flat_map(|(at, described)| described.time.iter().map(move |span| (at, span)))
            .filter(|(_, other)| other.start < span.end && span.start < other.end)
            .collect();
        let turns = near.iter().flat_map(|(_, other)| [other.start, other.end]).filter(|at| span.contains(at));
        let turns: BTreeSet<usize> = turns.chain([span.start]).collect();
        let ends = turns.iter().copied().skip(1).chain([span.end]);
        for (start, end) in turns.iter().copied().zip(ends) {
            let mut standing: Vec<usize> =
                near.iter().filter(|(_, other)| other.contains(&start)).map(|(at, _)| *at).collect();
            // One content may have been brought twice, by two branches.
            standing.sort_unstable();
            standing.dedup_by_key(|at| describing.get(*at).map(|described| (&described.inside, described.blob)));
            sets.entry(standing).or_default().push(start..end);
        }
    }
    let beside = |(standing, time): (Vec<usize>, Vec<Span>)| {
        let files = standing.into_iter().filter_map(|at| describing.get(at));
        Beside { files: files.map(|described| (described.inside.clone(), described.blob)).collect(), time }
    };
    let mut all: Vec<Beside> = sets.into_iter().map(beside).collect();
    all.sort_by_key(|beside| beside.time.last().map(|span| span.end));
    all
}
