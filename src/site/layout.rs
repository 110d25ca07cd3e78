//! Laying parts out for what a reader holds: what may be shown goes into the HTML, the rest becomes fragments that
//! name their place, and say nothing of one another.

use super::divided::{Divided, Further, WHOLE};
use crate::access::Clearance;
use crate::page::{Empty, Group, Leaf, Part, Region, Shell};
use crate::sealing::SealingKey;
use std::collections::{BTreeMap, BTreeSet};

/// A piece of HTML with the place where it goes, as the page's script reads it.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Fragment {
    into: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    path: Vec<usize>,
    at: usize,
    order: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    makes: Option<String>,
    html: String,
}

/// Orders are below this: whole numbers that scripts can tell apart.
const ORDERS: u64 = 1 << 52;

/// Lays out the parts of one page.
pub struct Layout<'k> {
    /// What the order of fragments is drawn by, and the page's address; none where what is left out is not kept.
    sealing: Option<(&'k SealingKey, &'k str)>,
    sealed: BTreeMap<Clearance, Vec<Fragment>>,
    /// Long tables whose rows do not all stand in the page; none are divided where there is no way to the others.
    divided: Vec<Divided>,
    further: Option<&'k Further<'k>>,
}

/// An element that holds parts.
struct Container<'p> {
    into: &'p str,
    path: Vec<usize>,
}

/// What stands between two original children of a container: things of which each is one or more fragments (the same
/// shell for several clearances).
type Slot = Vec<Vec<(Clearance, Fragment)>>;

impl<'k> Layout<'k> {
    /// For the page at an address. What may not be shown becomes fragments.
    #[must_use]
    pub fn new(key: &'k SealingKey, address: &'k str, further: &'k Further<'k>) -> Self {
        Self { sealing: Some((key, address)), sealed: BTreeMap::new(), divided: Vec::new(), further: Some(further) }
    }

    /// Only what may be shown: nothing else is kept.
    #[must_use]
    pub fn shown() -> Self {
        Self { sealing: None, sealed: BTreeMap::new(), divided: Vec::new(), further: None }
    }

    /// Lays out a region for whoever holds `holds`.
    pub fn region(&mut self, region: &Region, holds: &Clearance) -> String {
        let mut html = String::new();
        self.parts(&region.parts, &Container { into: region.id, path: Vec::new() }, holds, &mut html, &mut |_| {});
        html
    }

    /// What was left out, by clearance, and the rows that stand beside the page.
    #[must_use]
    pub fn into_rest(self) -> (BTreeMap<Clearance, Vec<Fragment>>, Vec<Divided>) {
        (self.sealed, self.divided)
    }

    /// `each` is told where in `out` each part ends that went there.
    fn parts(
        &mut self,
        parts: &[Part],
        container: &Container<'_>,
        holds: &Clearance,
        out: &mut String,
        each: &mut dyn FnMut(usize),
    ) {
        let mut at = 0;
        let mut slot = Slot::new();
        for part in parts {
            let before = out.len();
            self.part(part, container, at, holds, out, &mut slot);
            if out.len() > before {
                // What was collected stands before the element that just went out.
                self.close(&mut slot, container, at);
                each(out.len());
                at += 1;
            }
        }
        self.close(&mut slot, container, at);
    }

    fn part(
        &mut self,
        part: &Part,
        container: &Container<'_>,
        at: usize,
        holds: &Clearance,
        out: &mut String,
        slot: &mut Slot,
    ) {
        match part {
            Part::Leaf(Leaf(held)) => {
                let (clearance, html) = held.as_ref().release();
                if holds.implies(&clearance) {
                    out.push_str(html.as_str());
                } else if !html.is_empty() && self.sealing.is_some() {
                    slot.push(vec![(clearance.and(holds), fragment(container, at, None, html.as_str().to_owned()))]);
                }
            }
            Part::Presence(presence) => {
                if presence.any_of.iter().any(|clearance| holds.implies(clearance)) {
                    out.push_str(presence.html.as_str());
                } else if self.sealing.is_some() {
                    let (id, html) = (Some(presence.id.clone()), presence.html.as_str());
                    slot.push(same_for(&presence.any_of, holds, container, at, id, html));
                }
            }
            Part::Group(group) => self.group(group, container, at, holds, out, slot),
        }
    }

    fn group(
        &mut self,
        group: &Group,
        container: &Container<'_>,
        at: usize,
        holds: &Clearance,
        out: &mut String,
        slot: &mut Slot,
    ) {
        let (asks, shell) = group.shell.as_ref().release();
        let inner = match &shell.id {
            Some(id) => Container { into: id, path: Vec::new() },
            None => {
                let path = container.path.iter().copied().chain([at]).collect();
                Container { into: container.into, path }
            }
        };
        let shown = holds.implies(&asks);
        if shown && (group.empty == Empty::Keep || group.parts.iter().any(|part| shows(part, holds))) {
            self.inside(shell, &group.parts, &inner, holds, out);
            return;
        }
        if self.sealing.is_none() {
            return;
        }
        if !shown {
            // The whole group is for others: one piece for those who may read it, with what asks for more beside it.
            let asks = asks.and(holds);
            let mut html = String::new();
            self.inside(shell, &group.parts, &inner, &asks, &mut html);
            slot.push(vec![(asks, fragment(container, at, None, html))]);
            return;
        }
        let mut tops = BTreeSet::new();
        group.parts.iter().for_each(|part| top_clearances(part, &mut tops));
        let tops: BTreeSet<Clearance> = tops.into_iter().map(|clearance| clearance.and(holds)).collect();
        match (tops.len(), &shell.id) {
            (0, _) => {}
            // What has no name holds things of one clearance.
            (1, None) => {
                let clearance = tops.into_iter().next().unwrap_or_default();
                let mut html = String::new();
                self.inside(shell, &group.parts, &inner, &clearance, &mut html);
                slot.push(vec![(clearance, fragment(container, at, None, html))]);
            }
            _ => {
                // Readers of several clearances each bring the empty shell; whoever holds two of them keeps the first. It is
                // the same where there is one clearance alone: nobody sees from it that there is another.
                let empty = format!("{}{}", shell.before.as_str(), shell.after.as_str());
                slot.push(same_for(&tops, holds, container, at, shell.id.clone(), &empty));
                let mut nothing = String::new();
                self.parts(&group.parts, &inner, holds, &mut nothing, &mut |_| {});
            }
        }
    }

    fn inside(&mut self, shell: &Shell, parts: &[Part], inner: &Container<'_>, holds: &Clearance, out: &mut String) {
        out.push_str(shell.before.as_str());
        let from = out.len();
        let mut ends = Vec::new();
        let divisible = shell.beyond.zip(self.further).filter(|_| holds.is_open());
        self.parts(parts, inner, holds, out, &mut |end| {
            if divisible.is_some() {
                ends.push(end);
            }
        });
        if let Some((beyond, further)) = divisible.filter(|_| ends.len() > WHOLE) {
            let ends: Vec<usize> = std::iter::once(from).chain(ends).collect();
            let next = self.divided.iter().map(|divided| divided.pages.len()).sum::<usize>() + 2;
            let divided = Divided::of(shell, inner.into, beyond, &ends, next, out);
            out.push_str(&divided.end_of_first(further));
            self.divided.push(divided);
        } else {
            out.push_str(shell.after.as_str());
        }
    }

    /// Gives the things of a slot their order.
    fn close(&mut self, slot: &mut Slot, container: &Container<'_>, at: usize) {
        let Some((key, address)) = self.sealing.filter(|_| !slot.is_empty()) else { return };
        let things = std::mem::take(slot);
        let path = format!("{}/{:?}/{at}", container.into, container.path);
        let draw = |what: &str, n: usize| {
            key.order_number(&[address.as_bytes(), path.as_bytes(), what.as_bytes(), &n.to_le_bytes()])
        };
        let numbers = order_numbers(things.len(), &draw);
        for (thing, number) in things.into_iter().zip(numbers) {
            for (clearance, mut fragment) in thing {
                fragment.order = number;
                fragment.at = at;
                self.sealed.entry(clearance).or_default().push(fragment);
            }
        }
    }
}

fn fragment(container: &Container<'_>, at: usize, makes: Option<String>, html: String) -> Fragment {
    Fragment { into: container.into.to_owned(), path: container.path.clone(), at, order: 0, makes, html }
}

fn same_for(
    clearances: &BTreeSet<Clearance>,
    holds: &Clearance,
    container: &Container<'_>,
    at: usize,
    makes: Option<String>,
    html: &str,
) -> Vec<(Clearance, Fragment)> {
    let each: BTreeSet<Clearance> = clearances.iter().map(|clearance| clearance.and(holds)).collect();
    each.into_iter().map(|clearance| (clearance, fragment(container, at, makes.clone(), html.to_owned()))).collect()
}

/// Numbers for things in their order. Were they spread evenly, they would tell everybody how many things of others lie
/// between two of their own. So the thing that divides the rest is drawn, and where in the room that is left it stands,
/// and so on for those before it and after: gaps are of all sizes, whatever lies in them.
fn order_numbers(count: usize, draw: &dyn Fn(&str, usize) -> u32) -> Vec<u64> {
    let mut numbers = vec![0; count];
    let mut rest = vec![(0..count, 0..ORDERS)];
    while let Some((things, room)) = rest.pop() {
        let many = things.len();
        if many == 0 {
            continue;
        }
        let part = |of: u64, drawn: u32| u64::try_from((u128::from(of) * u128::from(drawn)) >> 32).unwrap_or_default();
        let width = |many: usize| u64::try_from(many).unwrap_or(u64::MAX);
        let before = usize::try_from(part(width(many), draw("which", things.start + things.end))).unwrap_or_default();
        let thing = things.start + before;
        // On either side there is room for all that stands there.
        let spare = (room.end - room.start).saturating_sub(width(many));
        let number = room.start + width(before) + part(spare, draw("where", thing));
        if let Some(place) = numbers.get_mut(thing) {
            *place = number;
        }
        rest.push((things.start..thing, room.start..number));
        rest.push((thing + 1..things.end, number + 1..room.end));
    }
    numbers
}

/// Whether something of a part is shown to whoever holds `holds`.
fn shows(part: &Part, holds: &Clearance) -> bool {
    match part {
        Part::Leaf(Leaf(held)) => held.within(holds).is_some_and(|html| !html.is_empty()),
        Part::Presence(presence) => presence.any_of.iter().any(|clearance| holds.implies(clearance)),
        Part::Group(group) => {
            holds.implies(group.shell.clearance())
                && (group.empty == Empty::Keep || group.parts.iter().any(|part| shows(part, holds)))
        }
    }
}

/// The clearances of which any shows something of a part.
fn top_clearances(part: &Part, found: &mut BTreeSet<Clearance>) {
    match part {
        Part::Leaf(Leaf(held)) => {
            found.insert(held.clearance().clone());
        }
        Part::Presence(presence) => found.extend(presence.any_of.iter().cloned()),
        Part::Group(group) if group.empty == Empty::Keep => {
            found.insert(group.shell.clearance().clone());
        }
        Part::Group(group) => {
            let mut inner = BTreeSet::new();
            group.parts.iter().for_each(|part| top_clearances(part, &mut inner));
            found.extend(inner.into_iter().map(|clearance| clearance.and(group.shell.clearance())));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn orders_rise_and_stay_below_what_scripts_can_tell_apart(count in 0_usize..600, seed: u32) {
            let draw = |what: &str, n: usize| {
                let mixed = u64::from(seed) ^ (n as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ what.len() as u64;
                u32::try_from(mixed.wrapping_mul(0xD134_2543_DE82_EF95) >> 32).unwrap()
            };
            let numbers = order_numbers(count, &draw);
            prop_assert_eq!(numbers.len(), count);
            prop_assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]));
            prop_assert!(numbers.iter().all(|number| *number < ORDERS));
        }

        #[test]
        fn orders_rise_also_where_every_draw_is_at_an_end(count in 0_usize..300, high: bool) {
            let draw = |_: &str, _: usize| if high { u32::MAX } else { 0 };
            let numbers = order_numbers(count, &draw);
            prop_assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]));
            prop_assert!(numbers.iter().all(|number| *number < ORDERS));
        }
    }
}
