//! What a piece of content asks of its reader.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

/// The built-in audience: everyone who can open the site.
pub const STAFF: &str = "staff";

/// Audiences of which any one will do, in order, each once.
pub type Clause = Box<[Arc<str>]>;

/// Whether every audience of one clause stands in the other.
fn is_part(one: &Clause, other: &Clause) -> bool {
    one.iter().all(|audience| other.contains(audience))
}

/// A set of clauses, each of which has to be met; none of them means open to all staff.
///
/// Clauses that another one already asks for are dropped: (legal or finance) and finance is finance. So equal demands
/// are equal values, with one key between them.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Clearance(
    /// In order, each once. None rather than none of them: most of what an archive holds is open, and asks for no memory
    /// to say so. Rows rather than trees of nodes, since a past holds some hundred thousand of them.
    Option<Arc<Vec<Clause>>>,
);

impl Clearance {
    /// What all staff may read. Nobody calls this to open something: it is what a rule that says `staff` comes to.
    #[must_use]
    pub fn open() -> Self {
        Self::default()
    }

    /// Any of these audiences. `staff` among them opens; the format refuses it beside others before it comes here.
    /// No audience at all can be met by nobody.
    pub fn any_of<'a>(audiences: impl IntoIterator<Item = &'a str>) -> Self {
        let names: BTreeSet<&str> = audiences.into_iter().collect();
        if names.contains(STAFF) { Self::open() } else { Self::of([names.into_iter().map(Arc::from).collect()]) }
    }

    /// From clauses that stand in order.
    fn of(clauses: impl IntoIterator<Item = Clause>) -> Self {
        let clauses: Vec<Clause> = clauses.into_iter().collect();
        Self((!clauses.is_empty()).then(|| Arc::new(clauses)))
    }

    /// Both: a reader needs this clearance and the other.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        match (&self.0, &other.0) {
            (None, _) => other.clone(),
            (_, None) => self.clone(),
            (Some(one), Some(two)) if Arc::ptr_eq(one, two) || one == two => self.clone(),
            (Some(one), Some(two)) => {
                let all: BTreeSet<&Clause> = one.iter().chain(two.iter()).collect();
                let least = all.iter().filter(|clause| !all.iter().any(|c| c != *clause && is_part(c, clause)));
                let least: Vec<Clause> = least.map(|clause| (*clause).clone()).collect();
                // The same as one of the two more often than not, which then is kept once.
                match () {
                    () if **one == *least => self.clone(),
                    () if **two == *least => other.clone(),
                    () => Self::of(least),
                }
            }
        }
    }

    /// Whether all staff may read it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.0.is_none()
    }

    /// Whether whoever meets this one meets the other as well.
    #[must_use]
    pub fn implies(&self, other: &Self) -> bool {
        other.clauses().all(|asked| self.clauses().any(|given| is_part(given, asked)))
    }

    /// Whether somebody who belongs to these audiences meets it.
    pub fn met_by(&self, belongs_to: impl Fn(&str) -> bool) -> bool {
        self.clauses().all(|clause| clause.iter().any(|audience| belongs_to(audience)))
    }

    /// The clauses, in order.
    pub fn clauses(&self) -> impl Iterator<Item = &Clause> {
        self.0.iter().flat_map(|clauses| clauses.iter())
    }

    /// Every audience that it names.
    pub fn audiences(&self) -> impl Iterator<Item = &str> {
        self.clauses().flat_map(|clause| clause.iter()).map(AsRef::as_ref)
    }

    /// The clearance as people say it: `legal or finance`, `(legal or finance) and sales`, `everybody (all staff)`.
    #[must_use]
    pub fn words(&self) -> String {
        if self.is_open() {
            return "everybody (all staff)".to_owned();
        }
        let several = self.clauses().count() > 1;
        let clauses: Vec<String> = self
            .clauses()
            .map(|clause| {
                let names: Vec<&str> = clause.iter().map(AsRef::as_ref).collect();
                match names.len() {
                    0 => "nobody".to_owned(),
                    1 => names.concat(),
                    _ if several => format!("({})", names.join(" or ")),
                    _ => names.join(" or "),
                }
            })
            .collect();
        clauses.join(" and ")
    }

    /// The clauses of this clearance that `known` does not come to: what something beside it must have asked.
    #[must_use]
    pub fn beyond(&self, known: &Self) -> Self {
        let met = |clause: &Clause| known.clauses().any(|given| is_part(given, clause));
        Self::of(self.clauses().filter(|clause| !met(clause)).cloned())
    }

    /// The clearance as text from which it can be told apart from every other: `finance|legal&sales`, or `staff`.
    #[must_use]
    pub fn canonical(&self) -> String {
        if self.is_open() {
            return STAFF.to_owned();
        }
        let clauses: Vec<String> =
            self.clauses().map(|clause| clause.iter().map(AsRef::as_ref).collect::<Vec<&str>>().join("|")).collect();
        clauses.join("&")
    }
}

impl fmt::Debug for Clearance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.canonical())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any(names: &str) -> Clearance {
        Clearance::any_of(names.split(' '))
    }

    #[test]
    fn alternatives_that_add_nothing_are_dropped() {
        assert_eq!(any("legal finance").and(&any("finance")), any("finance"));
        assert_eq!(any("finance").and(&any("legal finance")), any("finance"));
        assert_eq!(any("finance").and(&any("legal")).canonical(), "finance&legal");
    }

    #[test]
    fn a_clearance_is_said_in_words() {
        assert_eq!(any("legal finance").words(), "finance or legal");
        assert_eq!(any("legal finance").and(&any("sales")).words(), "(finance or legal) and sales");
        assert_eq!(any("staff").words(), "everybody (all staff)");
        assert_eq!(Clearance::any_of([]).words(), "nobody");
    }

    #[test]
    fn staff_asks_nothing() {
        assert!(any("staff").is_open());
        assert_eq!(any("finance").and(&any("staff")), any("finance"));
        assert!(any("finance").implies(&Clearance::open()));
        assert!(!Clearance::open().implies(&any("finance")));
    }

    #[test]
    fn no_audience_is_met_by_nobody() {
        let nobody = Clearance::any_of([]);
        assert!(!nobody.is_open());
        assert!(!nobody.met_by(|_| true));
    }

    fn clearance() -> impl Strategy<Value = Clearance> {
        let clause = proptest::collection::btree_set("[a-d]", 1..4);
        proptest::collection::vec(clause, 0..4).prop_map(|clauses| {
            clauses
                .iter()
                .fold(Clearance::open(), |all, clause| all.and(&Clearance::any_of(clause.iter().map(String::as_str))))
        })
    }

    proptest! {
        #[test]
        fn both_is_met_exactly_by_who_meets_each(one in clearance(), other in clearance(), who in proptest::collection::btree_set("[a-d]", 0..5)) {
            let has = |name: &str| who.contains(name);
            prop_assert_eq!(one.and(&other).met_by(has), one.met_by(has) && other.met_by(has));
            prop_assert_eq!(one.and(&other), other.and(&one));
            prop_assert_eq!(one.and(&one.and(&other).beyond(&one)), one.and(&other));
        }

        #[test]
        fn implication_is_what_every_group_of_people_shows(one in clearance(), other in clearance()) {
            let groups = (0u8..16).map(|bits| move |name: &str| name.bytes().next().is_some_and(|b| bits >> (b - b'a') & 1 == 1));
            let shown = groups.into_iter().all(|has| !one.met_by(has) || other.met_by(has));
            prop_assert_eq!(one.implies(&other), shown);
        }
    }
}
