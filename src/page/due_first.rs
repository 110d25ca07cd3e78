//! The first of what is due, for lists that show no more: home, and the leader's digest. The list of all has all.

use super::due_parts::rank_of;
use crate::access::{Clearance, Held};
use crate::reckoning::{Due, by_clearance};
use std::sync::Arc;

/// Of how many customers a line is kept of which the browser makes one.
const OF_GROUP: usize = 20;

/// What of a list is left out behind a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rest {
    /// Nothing.
    #[default]
    Nothing,
    /// More of the same, of other customers.
    Group,
    /// All that follows.
    List,
}

impl Rest {
    /// The word by which the browser knows it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::Group => "group",
            Self::List => "list",
        }
    }
}

/// So many lines for each clearance, where alike ones count as one. Each clearance has its own, so that none tells how
/// many of another stand between; and they are the first of them on every day, so that no envelope changes by itself.
pub fn first_of_each<'a>(
    lines: impl IntoIterator<Item = Held<&'a Arc<Due>>>,
    most: usize,
) -> impl Iterator<Item = Held<(&'a Arc<Due>, Rest)>> {
    by_clearance(lines).into_iter().flat_map(move |of_one| {
        let asks = of_one.clearance().clone();
        of_one.map(|dues| first(dues, most, &asks)).spread()
    })
}

fn first<'a>(dues: Vec<&'a Arc<Due>>, most: usize, asks: &Clearance) -> Vec<(&'a Arc<Due>, Rest)> {
    let mut kept: Vec<(&Arc<Due>, Rest)> = Vec::new();
    // Of each group its first line, the place of its last one, and how many there are.
    let mut groups: Vec<(&Arc<Due>, usize, usize)> = Vec::new();
    let same = |one: &Due, other: &Due| {
        let kinds = [one, other].map(|due| due.kind.as_ref().map(|(name, _)| name));
        one.day == other.day
            && one.duty == other.duty
            && kinds[0] == kinds[1]
            && [one, other].iter().all(|due| due.record.is_none() && due.customer.is_some())
            && rank_of(one, asks) == rank_of(other, asks)
    };
    for due in dues {
        let full = groups.len() == most;
        match groups.iter_mut().find(|(known, ..)| same(known, due)) {
            Some((_, last, count)) if *count == OF_GROUP => {
                kept.get_mut(*last).into_iter().for_each(|(_, rest)| *rest = Rest::Group);
            }
            Some((_, last, count)) => {
                (*last, *count) = (kept.len(), *count + 1);
                kept.push((due, Rest::Nothing));
            }
            None if full => {
                kept.last_mut().into_iter().for_each(|(_, rest)| *rest = Rest::List);
                break;
            }
            None => {
                groups.push((due, kept.len(), 1));
                kept.push((due, Rest::Nothing));
            }
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reckoning::{Customer, Duty};
    use crate::text::Phrase;
    use jiff::civil::date;

    fn due(customer: usize, day: i8) -> Arc<Due> {
        let name: Arc<str> = format!("c{customer}").into();
        let title = Held::new(Clearance::open(), Phrase::one("c"));
        Arc::new(Due {
            matter: String::new(),
            duty: Duty::Next,
            kind: Some(("visit".to_owned(), Phrase::one("Visit"))),
            day: date(2026, 11, day),
            from: date(2026, 11, 1),
            customer: Some(Arc::new(Customer { name, clearance: Clearance::open(), title, tier: None })),
            record: None,
            title: None,
            who: None,
            ends: false,
            closeness: 0,
        })
    }

    fn kept(dues: &[Arc<Due>], most: usize) -> Vec<(i8, Rest)> {
        first(dues.iter().collect(), most, &Clearance::open())
            .into_iter()
            .map(|(due, rest)| (due.day.day(), rest))
            .collect()
    }

    #[test]
    fn alike_lines_count_as_one_and_what_is_left_out_is_said() {
        let mut dues: Vec<Arc<Due>> = (0..OF_GROUP + 5).map(|customer| due(customer, 1)).collect();
        dues.extend([due(1, 2), due(2, 3), due(1, 4)]);
        let first = kept(&dues, 3);
        assert_eq!(first.len(), OF_GROUP + 2);
        assert_eq!(first[OF_GROUP - 1], (1, Rest::Group));
        assert_eq!(first[OF_GROUP..], [(2, Rest::Nothing), (3, Rest::List)]);
    }

    #[test]
    fn nothing_is_said_where_nothing_is_left_out() {
        let dues: Vec<Arc<Due>> = (0..OF_GROUP).map(|customer| due(customer, 1)).chain([due(0, 2)]).collect();
        let first = kept(&dues, 2);
        assert!(first.len() == OF_GROUP + 1 && first.iter().all(|(_, rest)| *rest == Rest::Nothing), "{first:?}");
    }
}
