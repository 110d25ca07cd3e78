//! What is reckoned from things that ask for different clearances.
//!
//! A total over all of them would ask for all of them, and nobody but the archive's overseers would see one. So it is
//! reckoned once for each group of readers, from what that group may read and nothing else. Whoever belongs to several
//! sees the account that was made of most: it comes first.

use crate::access::{Clearance, Held};
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// More groups of readers than this are not told apart: those who may read all of it are then one group, and everybody
/// else sees what the groups make of it that have a clearance of their own.
const GROUPS: usize = 64;

/// One reckoning, made for each group of readers; the account that was made of most comes first. There is one for every
/// group, whatever it says, so that nobody sees from outside for whom it says something.
#[derive(Clone, Debug)]
pub struct Seen<T>(Vec<Held<T>>);

impl<T> Seen<T> {
    /// Reckons from things, as those see them who may read what asks for `base`, and more. `make` is given the things
    /// that one group may read, in their order.
    #[must_use]
    pub fn of<I>(base: &Clearance, things: &[Held<I>], make: impl Fn(&[&I]) -> T) -> Self {
        let mut accounts: Vec<(usize, Held<T>)> = groups(base, things)
            .into_iter()
            .map(|group| {
                let seen: Vec<&I> = things.iter().filter_map(|thing| thing.within(&group)).collect();
                (seen.len(), Held::new(group, make(&seen)))
            })
            .collect();
        accounts.sort_by_key(|(made_of, _)| Reverse(*made_of));
        Self(accounts.into_iter().map(|(_, account)| account).collect())
    }

    /// A reckoning that is the same for everybody who may know of it.
    #[must_use]
    pub fn one(account: Held<T>) -> Self {
        Self(vec![account])
    }

    /// Lays out the accounts in their order: of those that a reader sees, the first is meant for that reader.
    pub fn lay_out<'a, P>(&'a self, make: impl Fn(Held<&'a T>) -> P + 'a) -> impl Iterator<Item = P> + 'a {
        self.0.iter().map(move |account| make(account.as_ref()))
    }

    /// Another reckoning made of this one.
    #[must_use]
    pub fn map<U>(self, make: impl Fn(T) -> U) -> Seen<U> {
        Seen(self.0.into_iter().map(|account| account.map(&make)).collect())
    }

    /// What was reckoned from something held asks for that as well.
    #[must_use]
    pub fn joined(held: Held<Self>) -> Self {
        let by = held.clearance().clone();
        Self(held.map(|seen| seen.0).spread().into_iter().map(Held::flatten).map(|a| a.narrowed(&by)).collect())
    }

    /// The accounts that somebody is to be told of: those that say something, and those that say nothing to whoever would
    /// see one that does. Each with whether it stands in the place of others that follow. Which these are is found for
    /// each account from those alone that its reader may read.
    pub fn told(&self, says: impl Fn(&T) -> bool) -> Vec<(Held<&T>, bool)> {
        let speaks =
            |account: &Held<T>| account.as_ref().map(|account| says(account).then_some(())).transpose().is_some();
        let beneath = |one: &Held<T>, other: &Held<T>| {
            one.clearance() != other.clearance() && one.clearance().implies(other.clearance())
        };
        let takes_back = |one: &Held<T>| self.0.iter().any(|other| beneath(one, other) && speaks(other));
        let accounts = self.0.iter().map(|one| (one, takes_back(one)));
        accounts
            .filter(|(one, instead)| *instead || speaks(one))
            .map(|(one, instead)| (one.as_ref(), instead))
            .collect()
    }

    /// What the accounts ask, one after the other.
    pub fn clearances(&self) -> impl Iterator<Item = &Clearance> {
        self.0.iter().map(Held::clearance)
    }
}

/// Every clearance under which a group of readers sees some of these things, and no other group the same.
fn groups<I>(base: &Clearance, things: &[Held<I>]) -> BTreeSet<Clearance> {
    let asked: BTreeSet<Clearance> =
        things.iter().map(|thing| base.and(thing.clearance())).filter(|asked| asked != base).collect();
    let mut groups = BTreeSet::from([base.clone()]);
    for one in &asked {
        let joined: Vec<Clearance> = groups.iter().map(|group| group.and(one)).collect();
        groups.extend(joined);
        if groups.len() > GROUPS {
            let all = asked.iter().fold(base.clone(), |all, one| all.and(one));
            return asked.into_iter().chain([base.clone(), all]).collect();
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any(names: &str) -> Clearance {
        Clearance::any_of(names.split(' '))
    }

    /// What whoever belongs to these audiences sees first.
    fn first(seen: &Seen<usize>, who: &[&str]) -> Option<usize> {
        let holds = who.iter().fold(Clearance::open(), |all, name| all.and(&any(name)));
        seen.0.iter().find_map(|account| account.within(&holds).copied())
    }

    fn counted(things: &[&str]) -> Seen<usize> {
        let things: Vec<Held<()>> = things.iter().map(|asks| Held::new(any(asks), ())).collect();
        Seen::of(&Clearance::open(), &things, |seen| seen.len())
    }

    #[test]
    fn each_group_of_readers_sees_an_account_of_what_it_may_read() {
        let seen = counted(&["staff", "legal", "finance", "finance", "legal finance"]);
        assert_eq!(first(&seen, &[]), Some(1));
        assert_eq!(first(&seen, &["legal"]), Some(3));
        assert_eq!(first(&seen, &["finance"]), Some(4));
        assert_eq!(first(&seen, &["finance", "legal"]), Some(5));
    }

    #[test]
    fn whoever_belongs_to_two_of_six_audiences_sees_what_both_may_read() {
        let seen = counted(&["a", "b", "c", "d", "e", "f"]);
        assert_eq!(first(&seen, &["a", "b"]), Some(2));
        assert_eq!(first(&seen, &["b", "d", "f"]), Some(3));
    }

    #[test]
    fn an_account_stands_for_every_group_whatever_it_says() {
        let of = |values: [u8; 2]| {
            let [open, sealed] = values;
            let things = [Held::new(Clearance::open(), open), Held::new(any("legal"), sealed)];
            Seen::of(&Clearance::open(), &things, |seen| seen.iter().any(|value| **value > 5).then_some(()))
        };
        let asked = |seen: &Seen<Option<()>>| seen.clearances().cloned().collect::<Vec<_>>();
        assert_eq!(asked(&of([0, 0])), asked(&of([0, 9])));
        let told = |values| {
            let seen = of(values);
            let told =
                seen.told(Option::is_some).into_iter().map(|(held, instead)| (held.clearance().canonical(), instead));
            told.collect::<Vec<_>>()
        };
        assert_eq!(told([0, 0]), []);
        assert_eq!(told([0, 9]), [("legal".to_owned(), false)]);
        assert_eq!(told([9, 0]), [("legal".to_owned(), true), ("staff".to_owned(), false)]);
    }

    proptest! {
        #[test]
        fn no_account_is_made_of_what_its_readers_may_not_read(
            asks in proptest::collection::vec(proptest::collection::btree_set("[a-g]", 1..4), 0..9),
        ) {
            let asks: Vec<Clearance> =
                asks.iter().map(|names| Clearance::any_of(names.iter().map(String::as_str))).collect();
            let things: Vec<Held<Clearance>> = asks.iter().map(|c| Held::new(c.clone(), c.clone())).collect();
            let seen = Seen::of(&Clearance::open(), &things, |made_of| {
                made_of.iter().map(|c| (*c).clone()).collect::<Vec<_>>()
            });
            for account in &seen.0 {
                let group = account.clearance().clone();
                let made_of = account.within(&group).unwrap();
                prop_assert!(made_of.iter().all(|thing| group.implies(thing)));
                prop_assert_eq!(made_of.len(), asks.iter().filter(|thing| group.implies(thing)).count());
            }
        }
    }
}
