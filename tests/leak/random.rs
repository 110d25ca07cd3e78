//! Random archives: what each key opens is what the archive says its reader meets, whatever is nested in what.

use super::canary::word;
use super::fixture::House;
use super::opening::Site;
use proptest::prelude::*;
use std::collections::BTreeSet;

const AUDIENCES: [&str; 4] = ["a", "b", "c", "d"];

/// Alternatives, as numbers of audiences; none of them means `staff`.
pub type Any = BTreeSet<usize>;

/// An archive by chance: who belongs to what, and what asks for whom.
#[derive(Clone, Debug)]
pub struct Plan {
    members: Vec<BTreeSet<usize>>,
    lapsed: BTreeSet<usize>,
    oversight: Option<usize>,
    dossier: Any,
    records: Vec<RecordPlan>,
}

#[derive(Clone, Debug)]
struct RecordPlan {
    audience: Any,
    field: Any,
    outer: Any,
    inner: Any,
    opened: bool,
    in_list: bool,
}

fn any() -> impl Strategy<Value = Any> {
    proptest::collection::btree_set(0usize..4, 0..3)
}

fn record() -> impl Strategy<Value = RecordPlan> {
    (any(), any(), any(), any(), proptest::bool::weighted(0.2), proptest::bool::weighted(0.3)).prop_map(
        |(audience, field, outer, inner, opened, in_list)| RecordPlan {
            audience,
            field,
            outer,
            inner,
            opened,
            in_list,
        },
    )
}

/// Any archive.
pub fn plan() -> impl Strategy<Value = Plan> {
    (
        proptest::collection::vec(proptest::collection::btree_set(0usize..5, 0..4), 4),
        proptest::collection::btree_set(0usize..5, 0..2),
        proptest::option::weighted(0.4, 0usize..4),
        any(),
        proptest::collection::vec(record(), 1..5),
    )
        .prop_map(|(members, lapsed, oversight, dossier, records)| Plan {
            members,
            lapsed,
            oversight,
            dossier,
            records,
        })
}

fn written(any: &Any) -> String {
    if any.is_empty() {
        return "staff".to_owned();
    }
    let names: Vec<&str> = any.iter().map(|n| AUDIENCES[*n]).collect();
    format!("[{}]", names.join(", "))
}

fn heading(any: &Any) -> String {
    written(any).replace(['[', ']', ' '], "")
}

impl Plan {
    pub fn house(&self) -> House {
        let mut house = House::new();
        self.write(&mut house, "");
        house
    }

    /// Writes the archive into a house, with new keys for all readers; what stands before each canary's label tells one
    /// state of an archive from another.
    pub fn write(&self, house: &mut House, state: &str) {
        let word = |label: &str| word(&format!("{state}{label}"));
        let mut settings = String::from("title: A\naudiences:\n");
        for (name, members) in AUDIENCES.iter().zip(&self.members) {
            let members: Vec<String> = members.iter().map(|n| format!("r{n}")).collect();
            settings.push_str(&format!("  {name}: {{title: Audience {name}, readers: [{}]}}\n", members.join(", ")));
        }
        if let Some(oversight) = self.oversight {
            settings.push_str(&format!("oversight: {}\n", AUDIENCES[oversight]));
        }
        house.put("strongroom.yaml", settings);
        for n in 0..5 {
            house.reader(&format!("r{n}"), if self.lapsed.contains(&n) { "2026-01-01" } else { "2027-01-01" });
        }
        house.put("types/thing.yaml", "title: Thing\nfolder: things\naudience: staff\nkey: code\nfields: {code: {kind: text}, note: {kind: text}}\n");
        house.put(
            "customers/one/dossier.yaml",
            format!(
                "name: {}\ntier: x\nindustry: y\naccount_manager: z\naudience: {}\n",
                word("dossier"),
                written(&self.dossier)
            ),
        );
        let mut list = String::from("type: thing\nrecords:\n");
        for (n, record) in self.records.iter().enumerate() {
            let mut keys = format!(
                "audience: {}\nrestrict: {{note: {}}}\nnote: {}\n",
                written(&record.audience),
                written(&record.field),
                word(&format!("field {n}"))
            );
            if record.opened {
                keys.push_str("open_from: 2026-01-01\n");
            }
            if record.in_list {
                list.push_str(&format!(
                    "  - code: {}\n    {}\n",
                    word(&format!("record {n}")),
                    keys.trim_end().replace('\n', "\n    ")
                ));
            } else {
                house.put(
                    &format!("customers/one/things/n{n}.md"),
                    format!(
                        "---\ntitle: {}\n{keys}---\n# H {{audience={}}}\n\n{}\n\n## I {{audience={}}}\n\n{}\n",
                        word(&format!("record {n}")),
                        heading(&record.outer),
                        word(&format!("outer {n}")),
                        heading(&record.inner),
                        word(&format!("inner {n}")),
                    ),
                );
            }
        }
        if self.records.iter().any(|record| record.in_list) {
            house.put("customers/one/things/list.yaml", list);
        }
    }

    /// Whether a reader meets all of several lists of alternatives, by the plan alone.
    pub fn reads(&self, reader: usize, all: &[&Any]) -> bool {
        if self.lapsed.contains(&reader) {
            return all.iter().all(|any| any.is_empty());
        }
        let oversees = self.oversight.is_some_and(|n| self.members[n].contains(&reader));
        oversees || all.iter().all(|any| any.is_empty() || any.iter().any(|n| self.members[*n].contains(&reader)))
    }

    /// Every canary with what it asks.
    pub fn canaries(&self) -> Vec<(String, Vec<&Any>)> {
        let mut all = vec![(word("dossier"), vec![&self.dossier])];
        static NOBODY_ASKED: Any = Any::new();
        for (n, record) in self.records.iter().enumerate() {
            let own = if record.opened { &NOBODY_ASKED } else { &record.audience };
            all.push((word(&format!("record {n}")), vec![&self.dossier, own]));
            all.push((word(&format!("field {n}")), vec![&self.dossier, own, &record.field]));
            if !record.in_list {
                all.push((word(&format!("outer {n}")), vec![&self.dossier, own, &record.outer]));
                all.push((word(&format!("inner {n}")), vec![&self.dossier, own, &record.outer, &record.inner]));
            }
        }
        all
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, failure_persistence: None, max_shrink_iters: 40, ..ProptestConfig::default() })]

    #[test]
    fn each_key_opens_what_its_reader_meets_and_the_archive_says_the_same(plan in plan()) {
        let house = plan.house();
        house.must_build();
        let site = Site::of(&house);
        let open = site.haystack_of(|name| !name.starts_with("assets/") && !name.starts_with("registers/"));
        let archive = house.read().archive;
        for (canary, asks) in plan.canaries() {
            let is_open = asks.iter().all(|any| any.is_empty());
            prop_assert_eq!(open.holds(std::slice::from_ref(&canary)), is_open, "{} in the open", canary);
        }
        for reader in 0..5 {
            let name = format!("r{reader}");
            let opened = site.opened(&house.keys[&name]);
            for (canary, asks) in plan.canaries() {
                if asks.iter().any(|any| !any.is_empty()) {
                    prop_assert_eq!(opened.holds(std::slice::from_ref(&canary)), plan.reads(reader, &asks), "{} by {}", canary, name);
                }
            }
            for clearance in archive.clearances().keys() {
                let by_archive = archive.cleared(clearance).any(|reader| reader.name == name);
                let by_plan = !plan.lapsed.contains(&reader)
                    && (plan.oversight.is_some_and(|n| plan.members[n].contains(&reader))
                        || clearance.clauses().all(|clause| clause.iter().any(|audience| {
                            AUDIENCES.iter().position(|name| *name == audience.as_ref()).is_some_and(|n| plan.members[n].contains(&reader))
                        })));
                prop_assert_eq!(by_archive, by_plan);
            }
        }
    }
}
