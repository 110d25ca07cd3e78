//! Completeness, freshness and effort of small dossiers.

use super::fixture::{DAY, Everybody, archive_of};
use super::{Consultations, Effort, Freshness, Mark, Term, Use, asked, effort, freshness, marks};
use crate::access::Clearance;
use crate::archive::Archive;

/// What an archive's only dossier comes to for whoever may read all of it.
fn fresh(archive: &Archive) -> Freshness {
    let tier = crate::access::Held::new(crate::access::Clearance::open(), &archive.settings.tiers[0].1);
    let seen = freshness(archive, None, archive.dossiers.everybody()[0], Some(tier));
    seen.lay_out(|account| *account.release().1).next().unwrap()
}

fn of(archive: &Archive) -> Effort {
    let seen = effort(archive, None, archive.dossiers.everybody()[0]);
    seen.lay_out(|account| *account.release().1).next().unwrap()
}

fn is_late(fresh: &Freshness) -> bool {
    fresh.review.is_some_and(|review| review < DAY.parse().unwrap())
}

fn root(more: &str) -> String {
    format!("name: One\ntier: gold\nindustry: x\naccount_manager: y\naudience: staff\n{more}")
}

#[test]
fn a_review_is_late_from_the_day_after_its_interval_on() {
    let late = |day: &str| {
        let root = root(&format!("verified: {{on: {day}, by: z}}\n"));
        is_late(&fresh(&archive_of(&[("dossier.yaml", &root)])))
    };
    assert!(!late("2026-08-25"));
    assert!(late("2026-08-24"));
}

#[test]
fn a_report_that_came_yesterday_does_not_make_a_dossier_reviewed() {
    let root = root("verified: {on: 2026-01-02, by: z}\n");
    let visit = "---\nby: p\ndate: 2026-11-22\n---\n";
    let fresh = fresh(&archive_of(&[("dossier.yaml", &root), ("visits/a.md", visit)]));
    assert_eq!(fresh.tended, Some("2026-11-22".parse().unwrap()));
    assert_eq!(fresh.verified, Some("2026-01-02".parse().unwrap()));
    assert!(is_late(&fresh));
}

#[test]
fn a_dossier_that_nobody_verified_is_as_fresh_as_its_last_record_and_no_fresher_for_what_is_planned() {
    let visit = |day: &str| format!("---\nby: p\ndate: {day}\n---\n");
    let dossier = archive_of(&[("visits/a.md", &visit("2026-07-01")), ("visits/b.md", &visit("2026-12-01"))]);
    assert_eq!(fresh(&dossier).tended, Some("2026-07-01".parse().unwrap()));
    assert!(is_late(&fresh(&dossier)));
    assert_eq!(fresh(&archive_of(&[])), Freshness::default());
}

#[test]
fn effort_is_records_and_what_a_year_took() {
    let visit = |day: &str| format!("---\nby: p\ndate: {day}\n---\n");
    let hours = "month,dossier_hours,support_hours,cost\n2025-10,100,100,1\n2026-02,2.5,10,900\n2026-03,,1,1\n";
    let archive = archive_of(&[
        ("visits/a.md", &visit("2026-07-01")),
        ("visits/b.md", &visit("2025-07-01")),
        ("effort/2026.csv", hours),
    ]);
    let Effort { records, changes, visits, hours } = of(&archive);
    assert_eq!((records, changes, visits), (4, 0, 1));
    assert!((hours - 13.5).abs() < 1e-9);
}

#[test]
fn a_tier_may_require_types_and_fields_of_them() {
    let marked = |files: &[(&str, &str)], words: &str| {
        let archive = archive_of(files);
        let asked = asked(&archive, words).unwrap();
        let marks = marks(&archive, archive.dossiers.everybody()[0], &asked, true);
        marks.into_iter().map(|mark| mark.release()).map(|(asks, mark)| (asks.canonical(), mark)).collect::<Vec<_>>()
    };
    let contract = "---\nnumber: n\n---\n";
    let paid = "---\nnumber: n\namount: 5 CNY\n---\n";
    let said = |asks: &str, mark: Mark| vec![(asks.to_owned(), mark)];
    assert_eq!(marked(&[], "contract"), said("finance|legal|sales", Mark::Missing));
    assert_eq!(
        marked(&[("contracts/a.md", contract)], "contract"),
        said("finance|legal|sales", Mark::There(Term::Open))
    );
    assert_eq!(marked(&[("contracts/a.md", contract)], "contract.amount"), said("finance", Mark::Missing));
    assert_eq!(marked(&[("contracts/a.md", paid)], "contract.amount"), said("finance", Mark::There(Term::Open)));
    assert_eq!(marked(&[], "licence"), said("staff", Mark::Missing));
    assert_eq!(marked(&[], "dossier.technical_manager"), said("staff", Mark::Missing));
    let root = root("technical_manager: t\n");
    assert_eq!(marked(&[("dossier.yaml", &root)], "dossier.technical_manager"), said("staff", Mark::There(Term::Open)));
}

#[test]
fn a_record_for_fewer_than_its_type_says_is_there_for_them_and_missing_for_the_others() {
    let archive = archive_of(&[("contracts/a.md", "---\nnumber: n\naudience: legal\n---\n")]);
    let asked = asked(&archive, "contract").unwrap();
    let marks = marks(&archive, archive.dossiers.everybody()[0], &asked, true);
    let told: Vec<_> =
        marks.into_iter().map(|mark| mark.release()).map(|(asks, mark)| (asks.canonical(), mark)).collect();
    assert_eq!(
        told,
        [("legal".to_owned(), Mark::There(Term::Open)), ("finance|legal|sales".to_owned(), Mark::Missing)]
    );
}

#[test]
fn what_expired_is_told_as_that_to_whoever_may_read_until_when_it_counts() {
    let told = |asked_for: &str, files: &[(&str, &str)]| {
        let archive = archive_of(files);
        let asked = asked(&archive, asked_for).unwrap();
        let marks = marks(&archive, archive.dossiers.everybody()[0], &asked, true);
        let said = |(asks, mark): (Clearance, Mark)| {
            let over = matches!(mark, Mark::There(term) if term.is_over(archive.day));
            format!("{} {}", asks.canonical(), if over { "expired" } else { "counts" })
        };
        marks.into_iter().map(|mark| said(mark.release())).collect::<Vec<_>>()
    };
    let licence = |until: &str, more: &str| format!("---\nkind: enterprise\nvalid_until: {until}\n{more}---\n");
    let (last, over) = (licence("2026-11-23", ""), licence("2026-11-22", ""));
    assert_eq!(told("licence", &[("licences/a.md", &last)]), ["staff counts"], "the last day counts");
    assert_eq!(told("licence", &[("licences/a.md", &over)]), ["staff expired"]);
    // Another that counts longer stands first, also where fewer may read it.
    assert_eq!(told("licence", &[("licences/a.md", &over), ("licences/b.md", &last)]), ["staff counts"]);
    let sealed = licence("2028-01-01", "audience: legal\n");
    let both = [("licences/a.md", &*over), ("licences/b.md", &*sealed)];
    assert_eq!(told("licence", &both), ["legal counts", "staff expired"]);
    // Whoever may not read the day knows that the paper is there.
    let veiled = licence("2026-11-22", "restrict: {valid_until: legal}\n");
    assert_eq!(told("licence", &[("licences/a.md", &veiled)]), ["legal expired", "staff counts"]);
    let ended = "---\nnumber: n\nuntil: 2028-01-01\nstatus: terminated\n---\n";
    assert_eq!(told("contract", &[("contracts/a.md", ended)]), ["finance|legal|sales expired"]);
    let running = ended.replace("terminated", "in-force");
    assert_eq!(told("contract", &[("contracts/a.md", &running)]), ["finance|legal|sales counts"]);
}

#[test]
fn a_consultation_counts_once_for_each_dossier_in_which_it_names_something() {
    let consultation = |day: &str, documents: &str| {
        format!("---\nnumber: q\nperson: p\npurpose: x\ndate: {day}\ndocuments: [{documents}]\n---\n")
    };
    let archive = archive_of(&[
        ("contracts/a.md", "---\nnumber: n\n---\n"),
        ("consultations/a.md", &consultation("2026-02-01", "one, one/contracts/a")),
        ("consultations/b.md", &consultation("2026-03-01", "one/contracts/a")),
        ("consultations/c.md", "---\nnumber: q\nperson: p\npurpose: x\ndate: 2026-04-01\n---\n"),
    ]);
    let seen = Consultations::of(&archive).of_dossier(archive.dossiers.everybody()[0]);
    let told: Vec<_> =
        seen.lay_out(|account| account.release()).map(|(asks, used)| (asks.canonical(), *used)).collect();
    let used = Use { times: 2, last: Some("2026-03-01".parse().unwrap()) };
    assert_eq!(told, [("compliance|management".to_owned(), used)]);
}
