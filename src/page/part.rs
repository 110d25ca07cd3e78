//! Parts: what a page is made of.

use super::html::Html;
use crate::access::{Clearance, Held};
use std::collections::{BTreeMap, BTreeSet};

/// A part of a page.
#[derive(Clone, Debug)]
pub enum Part {
    /// One element, or a run of text inside one, under its clearance.
    Leaf(Leaf),
    /// A shell around parts.
    Group(Box<Group>),
    /// Words that show that something is there, and nothing of it: seen by whoever may read any of it.
    Presence(Presence),
}

/// One element under its clearance.
#[derive(Clone, Debug)]
pub struct Leaf(pub Held<Html>);

/// Words of the interface that stand for things of several clearances: a line of contents, a link to a register.
#[derive(Clone, Debug)]
pub struct Presence {
    /// The element's id, by which its doubles from several envelopes are known.
    pub id: String,
    /// The element, which carries that id.
    pub html: Html,
    /// What the things ask; whoever meets one of these sees the words.
    pub any_of: BTreeSet<Clearance>,
}

/// What becomes of a group without a part that may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Empty {
    /// It stands there all the same: it is content itself, or a cell of a row.
    Keep,
    /// It is shown only to whoever may read a part of it: a heading over records.
    Drop,
}

/// What stands around the parts of a group: exactly one element, which is or holds the container.
#[derive(Clone, Debug, Default)]
pub struct Shell {
    /// The container's id. A group without one must be its container itself, in a group that has one.
    pub id: Option<String>,
    /// Up to and including the container's opening tag.
    pub before: Html,
    /// From the container's closing tag on.
    pub after: Html,
    /// Where in `after` the way to what does not stand in the page goes, for a container whose parts may be divided.
    pub beyond: Option<usize>,
}

/// A shell around parts.
#[derive(Clone, Debug)]
pub struct Group {
    /// The shell, under what the group itself asks.
    pub shell: Held<Shell>,
    /// The parts, in order.
    pub parts: Vec<Part>,
    /// What becomes of it when no part may be shown.
    pub empty: Empty,
}

impl Part {
    /// One element under its clearance.
    #[must_use]
    pub fn leaf(html: Held<Html>) -> Self {
        Self::Leaf(Leaf(html))
    }

    /// A shell around parts.
    #[must_use]
    pub fn group(shell: Held<Shell>, parts: Vec<Self>, empty: Empty) -> Self {
        Self::Group(Box::new(Group { shell, parts, empty }))
    }

    /// Parts that were made from something held: each asks for what that asked as well. The one way in which what is
    /// inside a [`Held`] becomes parts beside others.
    #[must_use]
    pub fn gathered(held: Held<Vec<Self>>) -> Vec<Self> {
        let (clearance, parts) = held.release();
        parts.into_iter().map(|part| part.narrowed(&clearance)).collect()
    }

    /// Words that go with things of other clearances, whoever may read one of which may read them too if `held` allows
    /// it: a title over changes that ask for more than the title does, and that would tell of them by standing there.
    #[must_use]
    pub fn beside(id: String, held: Held<Html>, things: impl IntoIterator<Item = Clearance>) -> Self {
        let (clearance, html) = held.release();
        let any_of = things.into_iter().map(|thing| thing.and(&clearance)).collect();
        Self::Presence(Presence { id, html, any_of })
    }

    /// Files parts by what they say of themselves: in drawers, and in folders inside them, in the order of the labels.
    /// A shell is made of its label alone, and is dropped where none of its parts may be shown; so whoever sees the
    /// label sees something that bears it. Presences of one id in one place become one.
    #[must_use]
    pub fn filed<D: Ord, F: Ord>(
        papers: impl IntoIterator<Item = Held<Paper<D, F>>>,
        drawer: impl Fn(&D) -> Held<Shell>,
        folder: impl Fn(&D, &F) -> Held<Shell>,
    ) -> Vec<Self> {
        let mut drawers: BTreeMap<D, Drawer<F>> = BTreeMap::new();
        for paper in papers {
            let (clearance, paper) = paper.release();
            let (loose, folders) = drawers.entry(paper.drawer).or_default();
            let parts = paper.parts.into_iter().map(|part| part.narrowed(&clearance));
            let pile = match paper.folder {
                None => loose,
                Some(label) => folders.entry(label).or_default(),
            };
            parts.for_each(|part| put(pile, part));
        }
        let of_drawer = |(label, (mut parts, folders)): (D, Drawer<F>)| {
            for (inner, papers) in folders {
                parts.push(Self::group(folder(&label, &inner), papers, Empty::Drop));
            }
            Self::group(drawer(&label), parts, Empty::Drop)
        };
        drawers.into_iter().map(of_drawer).collect()
    }

    fn narrowed(self, by: &Clearance) -> Self {
        match self {
            Self::Leaf(Leaf(html)) => Self::Leaf(Leaf(html.narrowed(by))),
            Self::Group(group) => {
                let Group { shell, parts, empty } = *group;
                let parts = parts.into_iter().map(|part| part.narrowed(by)).collect();
                // A shell that is dropped with its parts stays as it is: it says nothing but what they are called.
                let shell = if empty == Empty::Drop { shell } else { shell.narrowed(by) };
                Self::group(shell, parts, empty)
            }
            Self::Presence(presence) => {
                let any_of = presence.any_of.iter().map(|clearance| clearance.and(by)).collect();
                Self::Presence(Presence { any_of, ..presence })
            }
        }
    }
}

/// Parts with the labels by which they are filed.
pub struct Paper<D, F> {
    /// The drawer.
    pub drawer: D,
    /// The folder in it; without one they lie before all folders.
    pub folder: Option<F>,
    /// The parts.
    pub parts: Vec<Part>,
}

/// What lies in a drawer: loose parts, and folders.
type Drawer<F> = (Vec<Part>, BTreeMap<F, Vec<Part>>);

/// Puts a part beside others. Presences of one id are words for several things, and stand once.
fn put(parts: &mut Vec<Part>, part: Part) {
    if let Part::Presence(more) = &part {
        for known in parts.iter_mut() {
            if let Part::Presence(known) = known
                && known.id == more.id
            {
                known.any_of.extend(more.any_of.iter().cloned());
                return;
            }
        }
    }
    parts.push(part);
}

impl Shell {
    /// A single element as shell and container.
    #[must_use]
    pub fn element(name: &str, attributes: &[(&str, &str)]) -> Self {
        let id = attributes.iter().find(|(key, id)| *key == "id" && !id.is_empty()).map(|(_, id)| (*id).to_owned());
        Self {
            id,
            before: Html::made(super::html::open_tag(name, attributes)),
            after: Html::made(format!("</{name}>")),
            beyond: None,
        }
    }
}
