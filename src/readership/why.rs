//! What began or ended a spell: the rule that changed, and the commit that changed it; or that a day came, without one.

use super::chronicle::{Asked, Chronicle, PartPast};
use super::openers::{audiences_of, oversees};
use crate::access::{Clearance, Reader, Standing};
use crate::archive::{Archive, Because, Cause, Readable, SETTINGS};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

/// What happened on a day.
#[derive(Clone, Debug)]
pub struct Turn {
    /// The day.
    pub day: Date,
    /// What changed: at least one thing.
    pub why: Vec<Why>,
}

/// One thing that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    /// What it was, in words.
    pub what: String,
    /// The commit that changed it, by its number in the past; none where a day came.
    pub commit: Option<usize>,
    /// The commit of the line with which that came to stand, where it is another: a merge, or one that mended an error.
    pub stood_with: Option<usize>,
}

/// What changed, and in which file: its path, or how it ends.
pub(super) struct Reason {
    what: String,
    file: String,
    /// Whether a day brought it, so that no commit did.
    by_day: bool,
}

impl Reason {
    pub(super) fn of(what: String, file: &str) -> Self {
        Self { what, file: file.to_owned(), by_day: false }
    }
}

/// By path, the commit that last changed a file before a stretch began; found once for each stretch.
pub(super) type Touched = HashMap<usize, Rc<HashMap<String, usize>>>;

impl Chronicle<'_> {
    /// What changed of who could read a part as a stretch began.
    pub(super) fn turn(&self, stretch: usize, reader: Option<&str>, part: &PartPast) -> Turn {
        let at = |stretch: usize| part.asked.iter().find(|asked| asked.first <= stretch && stretch <= asked.last);
        let earlier = stretch.checked_sub(1);
        let (before, after) = (earlier.and_then(at), at(stretch));
        let people = earlier.and_then(|earlier| self.people(earlier)).zip(self.people(stretch));
        let mut reasons = Vec::new();
        if let (Some(reader), Some((then, now))) = (reader, people) {
            let asked = [before, after].into_iter().flatten().map(|asked| &asked.by.clearance);
            reasons.extend(of_presence(then, now, reader));
            reasons.extend(of_belonging(then, now, reader, &asked.flat_map(Clearance::audiences).collect()));
            reasons.extend(of_oversight(then, now, reader));
        }
        let moved = before.zip(after).is_some_and(|(before, after)| before.by.clearance == after.by.clearance);
        if !moved {
            self.of_part(stretch, part, before, after, &mut reasons);
        }
        self.turned(stretch, reasons)
    }

    /// What happened as a stretch began, for these reasons.
    pub(super) fn turned(&self, stretch: usize, reasons: Vec<Reason>) -> Turn {
        let day = self.stretches.get(stretch).map_or(Date::MIN, |stretch| stretch.first);
        let mut why: Vec<Why> = reasons.into_iter().map(|reason| self.settled(stretch, reason)).collect();
        if why.is_empty() {
            why.push(self.settled(stretch, Reason::of("another commit came to stand".to_owned(), "")));
        }
        Turn { day, why }
    }

    /// A reason with its commit.
    fn settled(&self, stretch: usize, reason: Reason) -> Why {
        let Reason { what, file, by_day } = reason;
        let step_of = |stretch: usize| self.stretches.get(stretch).map(|stretch| stretch.step);
        let (now, then) = (step_of(stretch), stretch.checked_sub(1).and_then(step_of));
        if by_day || now == then {
            return Why { what, commit: None, stood_with: None };
        }
        let touched = self.touched(stretch);
        let ends = format!("/{file}");
        let found = touched
            .get(&file)
            .copied()
            .or_else(|| touched.iter().filter(|(path, _)| path.ends_with(&ends)).map(|(_, commit)| *commit).max());
        let stands = now.and_then(|now| self.publisher.line.steps.get(now)).map(|step| step.commit);
        let commit = found.or(stands);
        Why { what, commit, stood_with: stands.filter(|stands| commit != Some(*stands)) }
    }

    /// The files that changed with the commits that came to stand as a stretch began.
    fn touched(&self, stretch: usize) -> Rc<HashMap<String, usize>> {
        if let Some(known) = self.known_touched.borrow().get(&stretch) {
            return Rc::clone(known);
        }
        let step_of = |stretch: usize| self.stretches.get(stretch).map(|stretch| stretch.step);
        let mut found = HashMap::new();
        if let Some(now) = step_of(stretch) {
            for (number, change) in self.publisher.changes(stretch.checked_sub(1).and_then(step_of), now) {
                let from = change.moved.as_ref().map(|moved| &moved.from);
                for path in from.into_iter().chain([&change.path]).filter_map(|path| self.publisher.in_archive(path)) {
                    found.insert(path.to_owned(), number);
                }
            }
        }
        let found = Rc::new(found);
        self.known_touched.borrow_mut().insert(stretch, Rc::clone(&found));
        found
    }

    /// What changed of what a part asks.
    fn of_part(
        &self,
        stretch: usize,
        part: &PartPast,
        before: Option<&Asked>,
        after: Option<&Asked>,
        reasons: &mut Vec<Reason>,
    ) {
        // Another part of the record tells whether that was there.
        let stood = |stretch: usize| {
            let of_record = self.records.get(part.record).map_or(&[][..], |record| record.parts.as_slice());
            let asked = of_record.iter().filter_map(|at| self.parts.get(*at)).flat_map(|other| &other.asked);
            asked.into_iter().any(|asked| asked.first <= stretch && stretch <= asked.last)
        };
        match (before, after) {
            (None, Some(after)) => {
                let there = stretch.checked_sub(1).is_some_and(stood);
                let what = if there { format!("{} came", part.part) } else { "the record came".to_owned() };
                reasons.push(Reason::of(what, &after.by.file));
            }
            (Some(before), None) => {
                let what = if stood(stretch) { format!("{} went", part.part) } else { "the record went".to_owned() };
                reasons.push(Reason::of(what, &before.by.file));
            }
            (Some(before), Some(after)) => of_rules(&before.by, &after.by, reasons),
            (None, None) => {}
        }
    }
}

/// What changed of the rules that a part stands under.
fn of_rules(before: &Readable, after: &Readable, reasons: &mut Vec<Reason>) {
    if before.record != after.record {
        let what = format!("the record moved: {} became {}", before.record, after.record);
        reasons.push(Reason::of(what, &after.file));
    }
    if before.record_type != after.record_type {
        let what = format!("its type was `{}` and became `{}`", before.record_type, after.record_type);
        reasons.push(Reason::of(what, &after.file));
    }
    let causes = |part: &Readable| -> BTreeMap<String, (Cause, Clearance)> {
        let mut by_kind: BTreeMap<String, (Cause, Clearance)> = BTreeMap::new();
        for Because { cause, asks } in &part.because {
            // Where a record's own audience opened, that is what became of it. Headings move from line to line.
            let kind = match cause {
                Cause::Opened(_) => Cause::Record.to_string(),
                Cause::Heading(_) => "a heading".to_owned(),
                other => other.to_string(),
            };
            let known = by_kind.entry(kind).or_insert_with(|| (cause.clone(), Clearance::open()));
            known.1 = known.1.and(asks);
        }
        by_kind
    };
    let (then, now) = (causes(before), causes(after));
    let kinds: BTreeSet<&String> = then.keys().chain(now.keys()).collect();
    for kind in kinds {
        let (was, is) = (then.get(kind), now.get(kind));
        let asks = |known: Option<&(Cause, Clearance)>| known.map_or_else(Clearance::open, |(_, asks)| asks.clone());
        if asks(was) == asks(is) {
            continue;
        }
        let Some((cause, _)) = is.or(was) else { continue };
        let file = match cause {
            Cause::Dossier => format!("{}/dossier.yaml", after.record.dossier),
            Cause::Type(name) | Cause::FieldOfType(name) => format!("types/{name}.yaml"),
            Cause::Record | Cause::Opened(_) | Cause::Heading(_) | Cause::Restrict => after.file.clone(),
        };
        let words = |known: Option<&(Cause, Clearance)>| known.map(|(_, asks)| asks.words());
        let what = match (cause, words(was), words(is)) {
            (Cause::Opened(day), Some(was), _) => format!("`open_from: {day}` ended {kind}, which asked for {was}"),
            (_, Some(was), Some(is)) => format!("{kind} asked for {was}, and then for {is}"),
            (_, Some(was), None) => format!("{kind} asked for {was}, and no longer does"),
            (_, None, Some(is)) => format!("{kind} came to ask for {is}"),
            (_, None, None) => continue,
        };
        reasons.push(Reason::of(what, &file));
    }
}

/// What changed of whether a reader is in the keyrings.
pub(super) fn of_presence(then: &Archive, now: &Archive, reader: &str) -> Option<Reason> {
    let file = format!("readers/{reader}.yaml");
    let in_then = then.readers.iter().find(|known| known.name == reader);
    let in_now = now.readers.iter().find(|known| known.name == reader);
    match (in_then, in_now) {
        (None, Some(_)) => Some(Reason::of(format!("the reader's file {file} came"), &file)),
        (Some(_), None) => Some(Reason::of(format!("the reader's file {file} went"), &file)),
        (Some(before), Some(after)) => of_standing((then, before), (now, after), &file),
        (None, None) => None,
    }
}

/// What changed of whether a reader belongs to some audiences.
pub(super) fn of_belonging(then: &Archive, now: &Archive, reader: &str, audiences: &BTreeSet<&str>) -> Vec<Reason> {
    let (were, are) = (audiences_of(then, reader), audiences_of(now, reader));
    let changed = audiences.iter().filter_map(|audience| {
        let what = match (were.contains(audience), are.contains(audience)) {
            (false, true) => format!("the reader joined the audience `{audience}`"),
            (true, false) if now.settings.audiences.get(audience).is_none() => {
                format!("the audience `{audience}` is no more")
            }
            (true, false) => format!("the reader left the audience `{audience}`"),
            _ => return None,
        };
        Some(Reason::of(what, SETTINGS))
    });
    changed.collect()
}

/// What changed of whether a reader oversees.
fn of_oversight(then: &Archive, now: &Archive, reader: &str) -> Option<Reason> {
    let what = match (oversees(then, reader), oversees(now, reader)) {
        (false, true) => "the reader came to oversee",
        (true, false) => "the reader no longer oversees",
        _ => return None,
    };
    Some(Reason::of(what.to_owned(), SETTINGS))
}

/// What changed of a reader's standing, where that brought the reader into the keyrings or out of them.
fn of_standing((then, before): (&Archive, &Reader), (now, after): (&Archive, &Reader), file: &str) -> Option<Reason> {
    let was = before.standing(then.day, then.settings.training_required);
    let is = after.standing(now.day, now.settings.training_required);
    let good = |standing: &Standing| matches!(standing, Standing::Good(_));
    if good(&was) == good(&is) {
        return None;
    }
    // The same file under the same rule says something else because a day came.
    let by_day = before.standing(now.day, then.settings.training_required) == is;
    let asked_otherwise = then.settings.training_required != now.settings.training_required;
    let (what, file) = match (was, is) {
        (_, Standing::Left(day)) => (format!("`until: {day}` passed"), file),
        (_, Standing::Keyless) => ("the reader's last key was taken away".to_owned(), file),
        (_, Standing::Lapsed(_)) if asked_otherwise => ("`training` came to be required".to_owned(), SETTINGS),
        (_, Standing::Lapsed(Some(day))) => (format!("the training lapsed: it was valid until {day}"), file),
        (_, Standing::Lapsed(None)) => ("the reader's training was taken out".to_owned(), file),
        (Standing::Lapsed(_), _) if asked_otherwise => ("`training` is no longer required".to_owned(), SETTINGS),
        (Standing::Lapsed(_), _) => ("a valid training was entered".to_owned(), file),
        (Standing::Left(_), _) => ("the reader's `until` was moved or taken out".to_owned(), file),
        (Standing::Keyless, _) => ("a first key was entered".to_owned(), file),
        (Standing::Good(_), _) => return None,
    };
    Some(Reason { what, file: file.to_owned(), by_day })
}
