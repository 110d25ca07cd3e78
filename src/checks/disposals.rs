//! Disposals: what was done without a second person, before its time, or while it was held; and registers that do not
//! say what is gone.

use super::all::Check;
use super::case::Case;
use super::fields::{day, day_of, field, texts, word};
use super::hold_doc::is_below;
use super::holding::Holds;
use super::notice::Notice;
use super::vanished::plain_name;
use crate::archive::called;
use crate::finding::{Code, Finding, quote};
use crate::record::{Record, Retention, Value};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Something was disposed of, and nobody approved it.
pub const DISPOSAL_UNAPPROVED: Code = Code("disposal-unapproved");
/// A disposal was approved by who proposed it.
pub const DISPOSAL_SELF_APPROVED: Code = Code("disposal-self-approved");
/// Something is destroyed before its retention has ended.
pub const DISPOSAL_TOO_EARLY: Code = Code("disposal-too-early");
/// Something that is held is to be disposed of.
pub const DISPOSAL_HELD: Code = Code("disposal-held");
/// What was disposed of is there still.
pub const DISPOSAL_UNFINISHED: Notice = Notice::warning(Code("disposal-unfinished"));
/// Something was destroyed, and its register does not say what it was.
pub const DISPOSAL_UNLISTED: Notice = Notice::warning(Code("disposal-unlisted"));
/// A hold was released by the person who placed it.
pub const HOLD_RELEASED_ALONE: Notice = Notice::warning(Code("hold-released-alone"));

/// What stands against a disposal, whatever the settings say.
pub const DISPOSALS: [Code; 4] = [DISPOSAL_UNAPPROVED, DISPOSAL_SELF_APPROVED, DISPOSAL_TOO_EARLY, DISPOSAL_HELD];

/// Looks at disposals as far as an archive may set how much they weigh.
pub(super) const CHECK: Check = Check { notices: &[DISPOSAL_UNFINISHED, DISPOSAL_UNLISTED, HOLD_RELEASED_ALONE], find };

/// Until when a record is to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// To this day, the last of its retention.
    Until(Date),
    /// Its type says how long, and the record not since when.
    Unknown,
    /// For good.
    Permanent,
}

/// Until when a record is to be kept; none where its type says nothing of it.
#[must_use]
pub fn standing(record: &Record) -> Option<Standing> {
    Some(match record.record_type.retention.as_ref()? {
        Retention::Permanent => Standing::Permanent,
        Retention::For(term) => {
            day_of(record, &term.from).and_then(|from| term.end(from)).map_or(Standing::Unknown, Standing::Until)
        }
    })
}

/// Errors of disposals, which no setting softens.
pub(super) fn errors(case: &Case<'_>) -> Vec<Finding> {
    let holds = Holds::of(case);
    disposals(case).flat_map(|disposal| errors_of(case, &holds, disposal)).collect()
}

fn find(case: &Case<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = case.records().filter_map(|record| released_alone(case, record)).collect();
    for disposal in disposals(case).filter(|disposal| is_executed(case, disposal)) {
        findings.extend(unfinished(case, disposal));
        findings.extend(unlisted(case, disposal));
    }
    findings
}

fn disposals<'a>(case: &Case<'a>) -> impl Iterator<Item = &'a Record> {
    case.records().filter(|record| record.record_type.disposes.is_some())
}

/// The names that a disposal disposes of.
#[must_use]
pub fn disposed(disposal: &Record) -> Vec<String> {
    let named = disposal.record_type.disposes.as_deref().map(|name| texts(disposal, name));
    named.unwrap_or_default().iter().map(|text| plain_name(text)).collect()
}

fn is_executed(case: &Case<'_>, disposal: &Record) -> bool {
    day(disposal, "executed_on").is_some_and(|on| on <= case.day())
}

/// Those who approved and did not propose it themselves.
fn second_persons(disposal: &Record) -> BTreeSet<String> {
    let of = |name: &str| -> BTreeSet<String> {
        texts(disposal, name).iter().map(|text| text.trim().to_lowercase()).collect()
    };
    &of("approved_by") - &of("proposed_by")
}

fn errors_of(case: &Case<'_>, holds: &Holds<'_>, disposal: &Record) -> Vec<Finding> {
    let mut findings = Vec::new();
    let executed = day(disposal, "executed_on");
    let approved = !texts(disposal, "approved_by").is_empty();
    if executed.is_some() && !approved && disposal.record_type.field("approved_by").is_some() {
        let message = "this was done, and nobody approved it";
        let remedy =
            "have a second person approve it, and name that one in `approved_by`; until then leave out `executed_on`";
        let place = case.at_field(disposal, "executed_on");
        findings.push(Finding::error(DISPOSAL_UNAPPROVED, message).at(place).remedy(remedy));
    }
    if approved && second_persons(disposal).is_empty() {
        let message = "this disposal was approved by the person who proposed it";
        let remedy = "have a second person approve it, and name that one in `approved_by`";
        let finding = Finding::error(DISPOSAL_SELF_APPROVED, message).at(case.at_field(disposal, "approved_by"));
        findings.push(finding.remedy(remedy).related(case.at_field(disposal, "proposed_by"), "proposed by"));
    }
    let names = disposed(disposal);
    let place = || case.at_field(disposal, disposal.record_type.disposes.as_deref().unwrap_or_default());
    for name in &names {
        // What was done before the hold was placed stands as it is.
        let held = holds.on(name).find(|hold| match (executed, day(hold, "placed_on")) {
            (Some(executed), Some(placed)) => executed >= placed,
            _ => true,
        });
        if let Some(hold) = held {
            let message = format!("{} is held by {}", quote(name), quote(&hold.name.to_string()));
            let remedy = "wait until the hold is released, or leave it out of this disposal";
            let finding = Finding::error(DISPOSAL_HELD, message).at(place()).remedy(remedy);
            findings.push(finding.related(case.at_record(hold), "the hold"));
        }
    }
    if word(disposal, "what") == Some("destroyed") && (executed.is_some() || approved) {
        let on = executed.unwrap_or(case.day());
        findings.extend(names.iter().filter_map(|name| too_early(case, disposal, name, on)));
    }
    findings
}

/// A record that is destroyed before its retention has ended: by its own type where it is there still, or by the
/// register of the disposal where it is gone.
fn too_early(case: &Case<'_>, disposal: &Record, name: &str, on: Date) -> Option<Finding> {
    let records = below(case, name).filter_map(|record| Some((standing(record)?, record)));
    let longest = records.filter(|(standing, _)| !ends_before(*standing, on)).max_by_key(|(standing, _)| *standing);
    let (why, place) = match longest {
        Some((Standing::Until(end), record)) => {
            (format!("{} is to be kept until {end}", quote(&called(&record.name))), case.at_record(record))
        }
        Some((Standing::Unknown, record)) => {
            let why = format!("nothing says since when the retention of {} counts", quote(&called(&record.name)));
            (why, case.at_record(record))
        }
        Some((Standing::Permanent, record)) => {
            (format!("{} is to be kept for good", quote(&called(&record.name))), case.at_record(record))
        }
        None => {
            let due = listed(disposal).into_iter().filter(|(listed, _)| is_below(listed, name)).filter_map(|(_, d)| d);
            let due = due.max().filter(|due| *due >= on)?;
            let why = format!("{} was to be kept until {due}, by the register itself", quote(name));
            (why, case.at_field(disposal, "entries"))
        }
    };
    let remedy = "wait for the day, or file it as what it is: `transferred`, `merged` or `error`";
    let message = format!("{why}, and nothing may be destroyed before");
    let at = case.at_field(disposal, "what");
    Some(Finding::error(DISPOSAL_TOO_EARLY, message).at(at).remedy(remedy).related(place, "its retention"))
}

fn ends_before(standing: Standing, on: Date) -> bool {
    matches!(standing, Standing::Until(end) if end < on)
}

/// The records of the archive that a name of a disposal stands for.
pub fn below<'a: 'n, 'n>(case: &Case<'a>, name: &'n str) -> impl Iterator<Item = &'a Record> + 'n {
    let roots: Vec<&'a Record> = case.dossiers.iter().map(|open| open.root()).collect();
    let all: Vec<&'a Record> = roots.into_iter().chain(case.records()).collect();
    all.into_iter().filter(move |record| is_below(&called(&record.name), name))
}

/// The names of a disposal's register, each with the day on which its retention ended.
fn listed(disposal: &Record) -> Vec<(String, Option<Date>)> {
    let Some(field) = field(disposal, "entries") else { return Vec::new() };
    let entries = match &field.value {
        Value::Many(values) => values.as_slice(),
        value => std::slice::from_ref(value),
    };
    let of_entry = |value: &Value| {
        let mut found = (String::new(), None);
        let Value::Group(members) = value else { return found };
        for member in members.lay_out(|held| held.release().1) {
            match (member.name.as_str(), &member.value) {
                ("record", Value::Text(text)) => found.0 = plain_name(text.in_language("zh")),
                ("due", Value::Date(day)) => found.1 = Some(*day),
                _ => {}
            }
        }
        found
    };
    entries.iter().map(of_entry).collect()
}

fn unfinished(case: &Case<'_>, disposal: &Record) -> Option<Finding> {
    let there = |name: &String| below(case, name).next().map(|_| name.clone());
    let name = disposed(disposal).iter().find_map(there)?;
    let message = format!("this was done, and {} is there still", quote(&name));
    let remedy = "remove it in a commit whose message ends with `Disposal: …`, or take `executed_on` away";
    Some(DISPOSAL_UNFINISHED.at(case.at_field(disposal, "executed_on"), message, remedy))
}

/// A register of what was destroyed has a line for each record: it stays for good, when nothing else does.
fn unlisted(case: &Case<'_>, disposal: &Record) -> Option<Finding> {
    let destroyed = word(disposal, "what") == Some("destroyed") && disposal.record_type.field("entries").is_some();
    let lines = listed(disposal);
    let lacks = |name: &&String| !lines.iter().any(|(listed, _)| is_below(listed, name));
    let name = disposed(disposal).into_iter().filter(|_| destroyed).find(|name| lacks(&name))?;
    let message = format!("{} was destroyed, and the register has no line of it", quote(&name));
    let remedy = "add a line to `entries`: record, title, years, class number, how long it was to be kept and was kept";
    Some(DISPOSAL_UNLISTED.at(case.at_record(disposal), message, remedy))
}

fn released_alone(case: &Case<'_>, hold: &Record) -> Option<Finding> {
    if hold.record_type.name != super::hold_doc::HOLD {
        return None;
    }
    let placed = texts(hold, "placed_by");
    if !texts(hold, "released_by").iter().any(|name| placed.contains(name)) {
        return None;
    }
    let message = "this hold was released by the person who placed it";
    let remedy = "have a second person release it, and name that one in `released_by`";
    let finding = HOLD_RELEASED_ALONE.at(case.at_field(hold, "released_by"), message, remedy);
    Some(finding.related(case.at_field(hold, "placed_by"), "placed by"))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Shelves;

    const FILE: &str = "registers/disposals/2026-1.yaml";
    const NOTE: &str = "records: [yunxi/correspondence/a]\nwhat: destroyed\nreason: 期满\nproposed_by: 叶青\nproposed_on: 2026-10-01\n";
    const LETTER: &str = "---\ntitle: 函\nmedium: letter\ndate: 2010-01-01\norigin: received\ncontract: yunxi/contracts/2024-017\n---\n来函。\n";

    fn shelves(more: &str) -> Shelves {
        let mut shelves = Shelves::new();
        shelves.put("customers/yunxi/correspondence/a.md", LETTER);
        shelves.put(FILE, &format!("{NOTE}{more}"));
        shelves
    }

    const LIST: &str = "entries: [{record: yunxi/correspondence/a, title: 函, due: 2020-01-01}]\n";

    #[test]
    fn a_disposal_needs_a_second_person_before_it_is_done() {
        for (more, codes) in [
            ("", vec![]),
            ("approved_by: 吴洁\n", vec![]),
            ("approved_by: 叶青\n", vec!["disposal-self-approved"]),
            ("approved_by: [叶青, 吴洁]\n", vec![]),
            ("executed_on: 2026-11-01\n", vec!["disposal-unapproved"]),
        ] {
            let mut found = shelves(&format!("{more}{LIST}")).codes();
            found.retain(|code| *code != "disposal-unfinished" && *code != "disposal-too-early");
            assert_eq!(found, codes, "{more}");
        }
    }

    #[test]
    fn nothing_is_destroyed_before_its_time_and_what_was_done_is_gone() {
        let done = format!("approved_by: 吴洁\nexecuted_on: 2026-11-01\n{LIST}");
        assert_eq!(shelves(&done).codes(), ["disposal-too-early", "disposal-unfinished"], "contract letters are kept");
        let mut shelves = shelves(&done);
        shelves.remove("customers/yunxi/correspondence/a.md");
        assert_eq!(shelves.codes(), [""; 0]);
        shelves.change(FILE, "due: 2020-01-01", "due: 2030-01-01");
        assert_eq!(shelves.codes(), ["disposal-too-early"]);
        shelves.change(FILE, "what: destroyed", "what: transferred");
        assert_eq!(shelves.codes(), [""; 0]);
        shelves.change(FILE, "what: transferred", "what: destroyed");
        shelves.change(FILE, "entries: [{record: yunxi/correspondence/a, title: 函, due: 2030-01-01}]\n", "");
        assert_eq!(shelves.codes(), ["disposal-unlisted"]);
    }

    #[test]
    fn what_is_held_is_not_disposed_of_whatever_the_hold_names() {
        for (documents, covers, held) in [
            ("yunxi/correspondence/a", "", true),
            ("yunxi", "", true),
            ("yunxi/contracts/2024-017", "covers: dossier\n", true),
            ("yunxi/contracts/2024-017", "", false),
            ("yunxi/correspondence/a", "released_by: 赵敏\nreleased_on: 2026-11-01\n", false),
        ] {
            let mut shelves = shelves("");
            let hold = format!("documents: {documents}\nplaced_by: 何军\nplaced_on: 2026-05-01\n{covers}");
            shelves.put("customers/yunxi/holds/a.yaml", &hold);
            let expected: &[&str] = if held { &["disposal-held"] } else { &[] };
            assert_eq!(shelves.codes(), expected, "{documents} {covers}");
        }
    }

    #[test]
    fn several_holds_lie_on_one_record_and_each_blocks_by_itself() {
        let mut shelves = shelves("");
        let hold = "documents: yunxi/correspondence/a\nplaced_by: 何军\nplaced_on: 2026-05-01\n";
        shelves.put("customers/yunxi/holds/a.yaml", &format!("{hold}released_by: 赵敏\nreleased_on: 2026-11-01\n"));
        shelves.put("customers/yunxi/holds/b.yaml", hold);
        assert_eq!(shelves.codes(), ["disposal-held"]);
        shelves.put("customers/yunxi/holds/b.yaml", &format!("{hold}released_by: 何军\nreleased_on: 2026-11-01\n"));
        assert_eq!(shelves.codes(), ["hold-released-alone"]);
    }

    #[test]
    fn no_setting_softens_what_a_hold_and_a_second_person_are_for() {
        let mut shelves = shelves("approved_by: 叶青\n");
        shelves.add_settings("checks: {disposal-self-approved: off}\n");
        assert_eq!(shelves.codes(), ["disposal-too-early", "disposal-self-approved", "unknown-check"]);
    }
}
