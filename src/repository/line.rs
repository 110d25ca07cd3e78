//! The line of commits that a branch stood on, and the day on which each came to stand there.

use super::id::ContentId;
use super::past::{Past, PastCommit};
use jiff::civil::Date;
use std::collections::HashMap;

/// The commits that a branch stood on one after the other, each the first parent of the next, oldest first. What other
/// branches held came to stand there with the merge that joined them.
///
/// Days are the committers' claim. A clock that ran behind does not put a commit before the one that it follows: it
/// counts from the latest day that the line had until then.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// The commits.
    pub steps: Vec<Step>,
    /// Whether the line's beginning is missing, as in a shallow clone.
    pub cut: bool,
}

/// A commit of a line.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its number in [`Past::commits`].
    pub commit: usize,
    /// The day from which it stood.
    pub day: Date,
    /// Whether its own clock says an earlier day, so that a clock ran wrong here or before.
    pub skewed: bool,
    /// The commits that came to stand with it, by their numbers: itself, and of a merge what it joined.
    pub landed: Vec<usize>,
}

impl Line {
    /// The line that leads to a past's tip.
    #[must_use]
    pub fn of(past: &Past) -> Self {
        let numbers: HashMap<ContentId, usize> =
            past.commits.iter().enumerate().map(|(number, commit)| (commit.id, number)).collect();
        let parents = |number: usize| {
            let ids = past.commits.get(number).map_or(&[][..], |commit| commit.parents.as_slice());
            ids.iter().map(|id| numbers.get(id).copied())
        };
        let mut backwards = Vec::new();
        let mut at = numbers.get(&past.tip).copied();
        let mut cut = at.is_none();
        // What leads round in a circle is a gap of the past; here it ends.
        while let Some(number) = at.filter(|_| backwards.len() <= past.commits.len()) {
            backwards.push(number);
            at = match parents(number).next() {
                Some(parent) => {
                    cut |= parent.is_none();
                    parent
                }
                None => None,
            };
        }
        let mut line = Self { steps: Vec::with_capacity(backwards.len()), cut };
        let mut stands = vec![false; past.commits.len()];
        let mut latest: Option<Date> = None;
        for number in backwards.into_iter().rev() {
            let own = past.commits.get(number).and_then(day_of);
            let day = own.max(latest).unwrap_or(Date::MIN);
            let skewed = own.is_none_or(|own| own < day);
            latest = Some(day);
            let (mut landed, mut ahead) = (Vec::new(), vec![number]);
            while let Some(next) = ahead.pop() {
                if let Some(known) = stands.get_mut(next).filter(|known| !**known) {
                    *known = true;
                    landed.push(next);
                    ahead.extend(parents(next).flatten());
                }
            }
            landed.sort_unstable();
            line.steps.push(Step { commit: number, day, skewed, landed });
        }
        line
    }

    /// The step on which the branch stood at the end of a day; none before the first.
    #[must_use]
    pub fn on(&self, day: Date) -> Option<usize> {
        self.steps.partition_point(|step| step.day <= day).checked_sub(1)
    }
}

/// The day of a commit by its committer's clock.
fn day_of(commit: &PastCommit) -> Option<Date> {
    commit.committed.zoned().map(|moment| moment.date())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repository::fixture::Fixture;
    use git2::Oid;
    use jiff::civil::date;

    const DAY: i64 = 86_400;
    /// 2024-03-18 in China.
    const START: i64 = 1_710_720_000;

    fn line_of(fixture: &Fixture, tip: Oid) -> (Past, Line) {
        fixture.repository.reference("refs/heads/main", tip, true, "test").unwrap();
        let past = Past::read(fixture.path(), None, None).unwrap();
        let line = Line::of(&past);
        (past, line)
    }

    fn ids(past: &Past, numbers: &[usize]) -> Vec<String> {
        numbers.iter().map(|number| past.commits[*number].id.to_string()).collect()
    }

    #[test]
    fn what_another_branch_held_comes_with_its_merge() {
        let fixture = Fixture::new();
        let tree = |content: &str| fixture.tree(&[("a", content)]);
        let one = fixture.commit_after(&[], tree("1"), START);
        let beside = fixture.commit_after(&[one], tree("2"), START + DAY);
        let two = fixture.commit_after(&[one], tree("3"), START + 2 * DAY);
        let merge = fixture.commit_after(&[two, beside], tree("2"), START + 3 * DAY);
        let (past, line) = line_of(&fixture, merge);
        let steps: Vec<usize> = line.steps.iter().map(|step| step.commit).collect();
        assert_eq!(ids(&past, &steps), [one, two, merge].map(|id| id.to_string()));
        let landed = ids(&past, &line.steps[2].landed);
        assert_eq!(landed.len(), 2);
        assert!(landed.contains(&beside.to_string()) && landed.contains(&merge.to_string()));
        assert_eq!(line.on(date(2024, 3, 17)), None);
        assert_eq!(line.on(date(2024, 3, 19)), Some(0));
        assert_eq!(line.on(date(2024, 3, 20)), Some(1));
        assert_eq!(line.on(date(2030, 1, 1)), Some(2));
        assert!(!line.cut);
    }

    #[test]
    fn a_clock_that_ran_behind_puts_no_commit_before_the_one_that_it_follows() {
        let fixture = Fixture::new();
        let tree = |content: &str| fixture.tree(&[("a", content)]);
        let one = fixture.commit_after(&[], tree("1"), START + 5 * DAY);
        let two = fixture.commit_after(&[one], tree("2"), START);
        let (_, line) = line_of(&fixture, two);
        let days: Vec<(Date, bool)> = line.steps.iter().map(|step| (step.day, step.skewed)).collect();
        assert_eq!(days, [(date(2024, 3, 23), false), (date(2024, 3, 23), true)]);
        assert_eq!(line.on(date(2024, 3, 20)), None);
    }

    #[test]
    fn a_line_whose_beginning_is_missing_says_so() {
        let fixture = Fixture::new();
        let missing = Oid::from_str("1234567890123456789012345678901234567890").unwrap();
        let tip = fixture.commit_after(&[missing], fixture.tree(&[("a", "1")]), START);
        let (_, line) = line_of(&fixture, tip);
        assert!(line.cut);
        assert_eq!(line.steps.len(), 1);
    }
}
