//! A collection of held things, which tells neither their number nor their order to whoever may not read them.

use super::{Clearance, Held};
use rayon::prelude::*;
use std::fmt;

/// Things in order, each under its own clearance.
///
/// There is no `len`, no index and no iterator over the things: [`Shelf::lay_out`] hands each one over inside a
/// [`Held`], and what is made of it stays held.
#[derive(Clone)]
pub struct Shelf<T>(Vec<Held<T>>);

impl<T> Shelf<T> {
    /// Puts held things on a shelf, in their order.
    pub fn new(things: impl IntoIterator<Item = Held<T>>) -> Self {
        let things: Vec<Held<T>> = things.into_iter().collect();
        if things.capacity() == things.len() {
            return Self(things);
        }
        // There are many shelves, and a list that grew, or was made in the room of another, may have twice the room that
        // it needs. It moves, since an allocator that is asked to shrink it may leave it where it is.
        let mut exact = Vec::with_capacity(things.len());
        exact.extend(things);
        Self(exact)
    }

    /// Makes something of each thing. What comes of it is told apart from nothing only by its clearance.
    pub fn lay_out<'a, P>(&'a self, make: impl Fn(Held<&'a T>) -> P + 'a) -> impl Iterator<Item = P> + 'a {
        self.0.iter().map(move |held| make(held.as_ref()))
    }

    /// The things that are what is looked for, still held. The question must be one that a type answers (a record's
    /// type), never one about content.
    pub fn pick<'a>(&'a self, is: impl Fn(&T) -> bool + 'a) -> impl Iterator<Item = Held<&'a T>> + 'a {
        self.0.iter().filter(move |held| held.asks(&is)).map(Held::as_ref)
    }

    /// The first thing that is what is looked for, still held. The question must be one that a type answers (a
    /// field's name), never one about content.
    pub fn select(&self, is: impl Fn(&T) -> bool) -> Option<Held<&T>> {
        self.0.iter().find(|held| held.asks(&is)).map(Held::as_ref)
    }

    /// The things that whoever holds `given` may read.
    pub fn within<'a>(&'a self, given: &'a Clearance) -> impl Iterator<Item = &'a T> + 'a {
        self.0.iter().filter_map(move |held| held.within(given))
    }

    /// Drops the things on all threads: there may be millions of small ones in them.
    pub fn take_apart(self)
    where
        T: Send,
    {
        self.0.into_par_iter().for_each(drop);
    }

    /// The things that all staff may read.
    pub fn in_the_open(&self) -> impl Iterator<Item = &T> {
        self.0.iter().filter_map(Held::in_the_open)
    }
}

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> fmt::Debug for Shelf<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Shelf")
    }
}
