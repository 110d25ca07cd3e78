//! What a history can hold, found in the repository of the example by its property: whoever takes a case away from the
//! data is told.

use super::past::Example;
use super::walk_tests::{Changed, Step, alike, dossier, record, text, walk};
use crate::provenance::Message;
use git2::Repository;

/// A case and the step at which it is found.
type Case<'c> = (&'static str, Box<dyn Fn(usize, &Step<'_>) -> bool + 'c>);

#[test]
#[allow(clippy::too_many_lines)]
fn every_case_is_in_the_history() {
    let folder = tempfile::tempdir().unwrap();
    let ids = Example::read().unwrap().write(folder.path()).unwrap();
    let repository = Repository::open(folder.path()).unwrap();
    let steps = walk(&repository);
    assert_eq!(steps.len(), ids.len());
    let later = |at: usize, path: &str| steps[at + 1..].iter().any(|step| step.files.contains_key(path));
    let number = |text: &str| text.trim_end_matches(" CNY").trim().parse::<i64>().unwrap_or_default();
    let raised = |was: &str, is: &str| number(was) < number(is);
    let lowered = |was: &str, is: &str| number(was) > number(is);
    let differ = |was: &str, is: &str| was != is;
    let in_file = |step: &Step<'_>, end: &str, fits: &dyn Fn(&Changed) -> bool| {
        step.any(|c| c.path.ends_with(end) && c.old.is_some() && c.new.is_some() && fits(c))
    };
    let cases: Vec<Case<'_>> = vec![
        ("a merge with a conflict that was settled", Box::new(|_, s| s.merge() && s.conflict(&repository))),
        ("a merge without conflict", Box::new(|_, s| s.merge() && !s.conflict(&repository))),
        (
            "a rename of a record with the same content",
            Box::new(|_, s| s.moved(|from, to| record(from.0) && dossier(from.0) == dossier(to.0) && from.1 == to.1)),
        ),
        (
            "a rename with changed content",
            Box::new(|_, s| {
                s.moved(|from, to| {
                    let near = (50..100).contains(&alike(from.1, to.1));
                    record(from.0) && dossier(from.0) == dossier(to.0) && near
                })
            }),
        ),
        (
            "a record deleted for good",
            Box::new(|at, s| {
                let gone = |c: &Changed| c.new.is_none() && record(&c.path) && !later(at, &c.path);
                s.any(gone) && s.changed.iter().all(|c| c.old.is_some())
            }),
        ),
        (
            "a record deleted and re-created",
            Box::new(|at, s| s.any(|c| c.new.is_none() && record(&c.path) && later(at, &c.path))),
        ),
        (
            "a record moved from one dossier to another",
            Box::new(|_, s| {
                let apart = |a: Option<(&str, &str)>, b: Option<(&str, &str)>| a.map(|d| d.1) != b.map(|d| d.1);
                s.moved(|from, to| record(from.0) && from.1 == to.1 && apart(dossier(from.0), dossier(to.0)))
            }),
        ),
        (
            "a record moved from one dossier to another and changed",
            Box::new(|_, s| {
                let apart = |a: Option<(&str, &str)>, b: Option<(&str, &str)>| a.map(|d| d.1) != b.map(|d| d.1);
                s.moved(|from, to| (50..100).contains(&alike(from.1, to.1)) && apart(dossier(from.0), dossier(to.0)))
            }),
        ),
        (
            "a dossier moved between groups",
            Box::new(|_, s| {
                s.moved(|from, to| {
                    let root = |path: &str| path.ends_with("/dossier.yaml");
                    let (old, new) = (dossier(from.0).unwrap_or_default(), dossier(to.0).unwrap_or_default());
                    root(from.0) && root(to.0) && old.1 == new.1 && old.0 != new.0
                })
            }),
        ),
        (
            "a dossier removed for good",
            Box::new(|at, s| {
                let gone = |c: &Changed| c.new.is_none() && c.path.ends_with("/dossier.yaml") && !later(at, &c.path);
                s.any(gone) && s.changed.iter().all(|c| c.new.is_none())
            }),
        ),
        (
            "an opening moved to another day, which came",
            Box::new(|_, s| in_file(s, ".md", &|c| c.value("open_from: ", |_, is| is.trim() < "2026-11-23"))),
        ),
        (
            "a record whose type changed",
            Box::new(|_, s| {
                in_file(s, ".md", &|c| c.lines().is_some_and(|l| l.0.iter().any(|l| l.starts_with("type: "))))
            }),
        ),
        (
            "a file that did not parse, mended in the next commit",
            Box::new(|at, s| {
                let tab = |bytes: &Option<Vec<u8>>| text(bytes).is_some_and(|text| text.contains("\n\t"));
                let broken = |c: &Changed| c.path.ends_with(".yaml") && !tab(&c.old) && tab(&c.new);
                s.any(broken) && steps[at + 1].any(|c| tab(&c.old) && !tab(&c.new))
            }),
        ),
        (
            "a section that was open and became restricted",
            Box::new(|_, s| {
                let narrowed = |(old, new): (Vec<&str>, Vec<&str>)| {
                    new.iter().any(|is| {
                        old.iter().any(|was| is.strip_prefix(was).is_some_and(|m| m.starts_with(" {audience=")))
                    })
                };
                in_file(s, ".md", &|c| c.lines().is_some_and(narrowed))
            }),
        ),
        (
            "a field that was restricted and opened later",
            Box::new(|_, s| {
                let gone = |(old, new): (Vec<&str>, Vec<&str>)| {
                    let restricts = |lines: &[&str]| lines.iter().any(|l| l.starts_with("restrict: "));
                    restricts(&old) && !restricts(&new)
                };
                s.any(|c| c.lines().is_some_and(gone))
            }),
        ),
        (
            "a record opened, then restricted",
            Box::new(|_, s| {
                let gained = |(old, new): (Vec<&str>, Vec<&str>)| {
                    let asks = |lines: &[&str]| lines.iter().any(|l| l.starts_with("audience: "));
                    !asks(&old) && asks(&new)
                };
                in_file(s, ".md", &|c| c.lines().is_some_and(gained))
            }),
        ),
        (
            "a dossier for all staff, then restricted",
            Box::new(|_, s| in_file(s, "/dossier.yaml", &|c| c.value("audience: ", |was, _| was == "staff"))),
        ),
        (
            "a message that says more than the open changes",
            Box::new(|_, s| {
                let (open, sealed): (Vec<_>, Vec<_>) = s.changed.iter().partition(|c| c.path.ends_with("profile.md"));
                let says = |changed: &[&Changed], word: &str| {
                    changed.iter().any(|c| c.lines().is_some_and(|(_, new)| new.concat().contains(word)))
                };
                let told = |word: &str| s.commit.message().unwrap().contains(word);
                let only_sealed = |word: &str| told(word) && says(&sealed, word) && !says(&open, word);
                s.any(|c| c.path.contains("/disputes/")) && !open.is_empty() && only_sealed("宁可裁判")
            }),
        ),
        (
            "an attachment replaced",
            Box::new(|_, s| {
                s.any(|c| !record(&c.path) && !c.path.ends_with(".csv") && c.old.is_some() && c.new.is_some())
            }),
        ),
        (
            "an attachment removed",
            Box::new(|_, s| {
                s.any(|c| !record(&c.path) && c.new.is_none())
                    && s.any(|c| c.lines().is_some_and(|(old, _)| old.iter().any(|l| l.starts_with("attachments: "))))
            }),
        ),
        (
            "a record type of the archive's own",
            Box::new(|_, s| s.any(|c| c.path.starts_with("types/") && c.old.is_none())),
        ),
        ("a record type given up", Box::new(|_, s| s.any(|c| c.path.starts_with("types/") && c.new.is_none()))),
        ("settings changed", Box::new(|_, s| in_file(s, "strongroom.yaml", &|c| c.value("visit: ", differ)))),
        ("a commit without any change", Box::new(|_, s| s.commit.parent_count() == 1 && s.changed.is_empty())),
        (
            "one wrote it, another committed it",
            Box::new(|_, s| s.commit.author().name_bytes() != s.commit.committer().name_bytes()),
        ),
        ("a credit limit raised", Box::new(|_, s| in_file(s, ".md", &|c| c.value("limit: ", raised)))),
        ("a credit limit lowered", Box::new(|_, s| in_file(s, ".md", &|c| c.value("limit: ", lowered)))),
        ("a rating changed", Box::new(|_, s| in_file(s, ".md", &|c| c.value("rating: ", differ)))),
        (
            "a tier promoted",
            Box::new(|_, s| in_file(s, "dossier.yaml", &|c| c.value("tier: ", |a, b| (a, b) == ("silver", "gold")))),
        ),
        (
            "a tier lost",
            Box::new(|_, s| in_file(s, "dossier.yaml", &|c| c.value("tier: ", |a, b| (a, b) == ("gold", "silver")))),
        ),
        (
            "an account manager handed over",
            Box::new(|_, s| in_file(s, "dossier.yaml", &|c| c.value("account_manager: ", differ))),
        ),
        (
            "a contract renewed",
            Box::new(|_, s| {
                s.any(|c| c.path.contains("/contracts/") && c.value("until: ", differ) && c.value("amount: ", raised))
            }),
        ),
        (
            "a contact who left",
            Box::new(|_, s| {
                in_file(s, "/people.yaml", &|c| c.lines().is_some_and(|l| l.1.concat().contains("until: ")))
            }),
        ),
        (
            "a circuit added to its list",
            Box::new(|_, s| {
                in_file(s, "/circuits.yaml", &|c| {
                    c.texts().is_some_and(|(a, b)| a.matches("number: ").count() < b.matches("number: ").count())
                })
            }),
        ),
        ("a circuit upgraded", Box::new(|_, s| in_file(s, "/circuits.yaml", &|c| c.value("bandwidth: ", raised)))),
        (
            "a circuit taken out of its list",
            Box::new(|_, s| {
                in_file(s, "/circuits.yaml", &|c| {
                    c.texts().is_some_and(|(a, b)| a.matches("number: ").count() > b.matches("number: ").count())
                })
            }),
        ),
        ("a dispute opened", Box::new(|_, s| s.any(|c| c.path.contains("/disputes/") && c.old.is_none()))),
        (
            "a dispute settled",
            Box::new(|_, s| s.any(|c| c.path.contains("/disputes/") && c.value("status: ", |_, is| is == "settled"))),
        ),
        (
            "a training renewed",
            Box::new(|_, s| s.any(|c| c.path.starts_with("readers/") && c.value("- {course: 保密知识", differ))),
        ),
        (
            "an audience that gained a reader",
            Box::new(|_, s| in_file(s, "strongroom.yaml", &|c| c.value("readers: ", |a, b| a.len() < b.len()))),
        ),
        (
            "an audience that lost a reader",
            Box::new(|_, s| in_file(s, "strongroom.yaml", &|c| c.value("readers: ", |a, b| a.len() > b.len()))),
        ),
        ("a fault", Box::new(|_, s| s.any(|c| c.path.contains("/faults/") && c.old.is_none()))),
        ("a visit", Box::new(|_, s| s.any(|c| c.path.contains("/visits/") && c.old.is_none()))),
    ];
    let mut missing = Vec::new();
    for (name, fits) in &cases {
        let found: Vec<usize> = (0..steps.len()).filter(|&at| fits(at, &steps[at])).collect();
        if found.is_empty() {
            missing.push(*name);
        }
    }
    assert!(missing.is_empty(), "no commit has {missing:#?}");
    let weekly = steps.iter().filter(|s| s.any(|c| c.path.contains("/traffic/") && c.old.is_some() && c.new.is_some()));
    assert!(weekly.count() >= 15);
    let messages: Vec<Message> = steps.iter().map(|s| Message::read(s.commit.message().unwrap())).collect();
    assert!(messages.iter().filter(|message| message.reason().is_some()).count() >= 50);
    assert!(messages.iter().filter(|message| !message.approved_by().is_empty()).count() >= 30);
    assert!(messages.iter().filter(|message| message.ticket().is_some()).count() >= 20);
    for key in ["Reason: ", "原因：", "Approved-by: ", "批准：", "Ticket: ", "工单：", "Co-authored-by: "] {
        let typed = |s: &Step<'_>| s.commit.message().unwrap().contains(&format!("\n{key}"));
        assert!(steps.iter().any(typed), "{key}");
    }
}
