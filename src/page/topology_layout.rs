//! Where the places and links of a network stand in its drawing.
//!
//! Each connected part is a tree from the place with the most links, its layers side by side. A place is as tall as all
//! that hangs on it, so that every link of the tree is a level line with room for its words. Links that close a ring
//! leave their place at a row of its own and turn up or down to the other. The same network always gives the same drawing.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// A link between two places, by their numbers.
pub type Ends = (usize, usize);

/// Where a place stands: its layer, its first row, and how many rows it is tall.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spot {
    /// The layer, from nought.
    pub layer: usize,
    /// The first row.
    pub row: usize,
    /// The rows.
    pub rows: usize,
}

/// How a link runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Way {
    /// The place from which it leaves to the right.
    pub from: usize,
    /// The place at which it ends.
    pub to: usize,
    /// Its row where it leaves.
    pub row: usize,
    /// Its row where it ends; another one where it closes a ring.
    pub ends: usize,
}

/// A drawing in rows and layers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// Where each place stands.
    pub spots: Vec<Spot>,
    /// How each link runs, in their order.
    pub ways: Vec<Way>,
    /// How many rows there are.
    pub rows: usize,
    /// How many layers.
    pub layers: usize,
}

/// Lays out so many places with these links. `tall` says how many rows a place needs for its own words.
#[must_use]
pub fn lay_out(places: usize, links: &[Ends], tall: impl Fn(usize) -> usize) -> Layout {
    let mut laying = Laying {
        layout: Layout {
            spots: vec![Spot::default(); places],
            ways: links.iter().map(|&(from, to)| Way { from, to, row: 0, ends: 0 }).collect(),
            ..Layout::default()
        },
        children: vec![Vec::new(); places],
        closing: vec![Vec::new(); places],
        tall: &tall,
    };
    for root in laying.grow(places, links) {
        let row = laying.layout.rows;
        laying.layout.rows = laying.place(root, row);
    }
    laying.layout.layers = laying.layout.spots.iter().map(|spot| spot.layer + 1).max().unwrap_or_default();
    laying.layout
}

struct Laying<'t> {
    layout: Layout,
    /// The places that hang on each, with the links that lead there.
    children: Vec<Vec<(usize, Vec<usize>)>>,
    /// The links that close a ring, at both of their ends.
    closing: Vec<Vec<usize>>,
    tall: &'t dyn Fn(usize) -> usize,
}

impl Laying<'_> {
    /// Makes trees of the places, each from the place with the most links that is left, and tells their roots.
    fn grow(&mut self, places: usize, links: &[Ends]) -> Vec<usize> {
        let mut between: Vec<BTreeMap<usize, Vec<usize>>> = vec![BTreeMap::new(); places];
        for (n, &(from, to)) in links.iter().enumerate() {
            for (one, other) in [(from, to), (to, from)] {
                if let Some(of) = between.get_mut(one) {
                    let known = of.entry(other).or_default();
                    if !known.contains(&n) {
                        known.push(n);
                    }
                }
            }
        }
        let degree = |place: usize| between.get(place).map_or(0, |of| of.values().map(Vec::len).sum());
        let mut order: Vec<usize> = (0..places).collect();
        order.sort_by_key(|place| (std::cmp::Reverse::<usize>(degree(*place)), *place));
        let (mut seen, mut used, mut roots) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
        for root in order {
            if !seen.insert(root) {
                continue;
            }
            roots.push(root);
            let mut queue = VecDeque::from([(root, 0)]);
            while let Some((place, layer)) = queue.pop_front() {
                if let Some(spot) = self.layout.spots.get_mut(place) {
                    spot.layer = layer;
                }
                for (other, by) in between.get(place).into_iter().flatten() {
                    if seen.insert(*other) {
                        used.extend(by.iter().copied());
                        queue.push_back((*other, layer + 1));
                        self.children.get_mut(place).into_iter().for_each(|of| of.push((*other, by.clone())));
                    }
                }
            }
        }
        for (n, &(from, to)) in links.iter().enumerate().filter(|(n, _)| !used.contains(n)) {
            for end in BTreeSet::from([from, to]) {
                self.closing.get_mut(end).into_iter().for_each(|of| of.push(n));
            }
            // It leaves from the layer further left.
            let layer = |place: usize| self.layout.spots.get(place).map_or(0, |spot| spot.layer);
            let (from, to) = if layer(from) > layer(to) { (to, from) } else { (from, to) };
            self.layout.ways.get_mut(n).into_iter().for_each(|way| (way.from, way.to) = (from, to));
        }
        roots
    }

    /// Places what hangs on a place from a row on, and the place beside it; tells the first row that is free.
    fn place(&mut self, place: usize, row: usize) -> usize {
        let mut next = row;
        for (child, links) in self.children.get(place).cloned().unwrap_or_default() {
            let first = next;
            next = self.place(child, first).max(first + links.len());
            for (n, link) in links.iter().enumerate() {
                if let Some(way) = self.layout.ways.get_mut(*link) {
                    // A tree's link leaves at its root's side, however its record names the ends.
                    *way = Way { from: place, to: child, row: first + n, ends: first + n };
                }
            }
            self.stretch(child, next);
        }
        // Its own rows of links that close rings come last: at a child they stand below the links that lead to it.
        let parents = self.parent_links(place);
        next = next.max(row + parents);
        for link in self.closing.get(place).cloned().unwrap_or_default() {
            if let Some(way) = self.layout.ways.get_mut(link) {
                if way.from == place {
                    way.row = next;
                }
                if way.to == place {
                    way.ends = next;
                }
            }
            next += 1;
        }
        next = next.max(row + (self.tall)(place)).max(row + 1);
        if let Some(spot) = self.layout.spots.get_mut(place) {
            (spot.row, spot.rows) = (row, next - row);
        }
        next
    }

    /// How many links lead to a place from the one on which it hangs.
    fn parent_links(&self, place: usize) -> usize {
        let all = self.children.iter().flatten();
        all.filter(|(child, _)| *child == place).map(|(_, links)| links.len()).sum()
    }

    /// A place is at least as tall as the links that lead to it.
    fn stretch(&mut self, place: usize, until: usize) {
        if let Some(spot) = self.layout.spots.get_mut(place) {
            spot.rows = until.saturating_sub(spot.row).max(spot.rows);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_star_has_its_middle_on_the_left_and_a_level_line_to_each_end() {
        let layout = lay_out(4, &[(1, 0), (2, 1), (1, 3), (3, 1)], |_| 1);
        let spots: Vec<(usize, usize, usize)> = layout.spots.iter().map(|s| (s.layer, s.row, s.rows)).collect();
        assert_eq!(spots, [(1, 0, 1), (0, 0, 4), (1, 1, 1), (1, 2, 2)]);
        assert!(layout.ways.iter().all(|way| way.from == 1 && way.row == way.ends));
        assert_eq!((layout.rows, layout.layers), (4, 2));
    }

    #[test]
    fn a_ring_is_closed_by_a_link_that_turns() {
        let layout = lay_out(3, &[(0, 1), (1, 2), (2, 0)], |_| 1);
        assert_eq!(layout.spots.iter().map(|spot| spot.layer).collect::<Vec<_>>(), [0, 1, 1]);
        let turning: Vec<&Way> = layout.ways.iter().filter(|way| way.row != way.ends).collect();
        assert!(matches!(turning[..], [Way { from: 1, to: 2, .. }]), "{turning:?}");
    }

    #[test]
    fn parts_that_nothing_connects_stand_below_one_another() {
        let layout = lay_out(4, &[(0, 1), (2, 3)], |_| 2);
        assert_eq!(
            layout.spots.iter().map(|spot| (spot.row, spot.rows)).collect::<Vec<_>>(),
            [(0, 2), (0, 2), (2, 2), (2, 2)]
        );
    }

    proptest! {
        #[test]
        fn no_two_places_of_a_layer_overlap_and_every_link_ends_at_its_places(
            places in 1..9_usize,
            links in proptest::collection::vec((0..9_usize, 0..9_usize), 0..14),
            tall in 1..4_usize,
        ) {
            let links: Vec<Ends> = links.into_iter().filter(|(a, b)| *a < places && *b < places).collect();
            let layout = lay_out(places, &links, |_| tall);
            for (n, one) in layout.spots.iter().enumerate() {
                prop_assert!(one.rows >= tall && one.row + one.rows <= layout.rows);
                for other in layout.spots.iter().skip(n + 1).filter(|other| other.layer == one.layer) {
                    prop_assert!(one.row + one.rows <= other.row || other.row + other.rows <= one.row);
                }
            }
            for (way, (from, to)) in layout.ways.iter().zip(&links) {
                prop_assert!((way.from, way.to) == (*from, *to) || (way.from, way.to) == (*to, *from));
                let within = |place: usize, row: usize| {
                    let spot = layout.spots[place];
                    spot.row <= row && row < spot.row + spot.rows
                };
                prop_assert!(within(way.from, way.row) && within(way.to, way.ends), "{layout:?}");
                let apart = layout.spots[way.from].layer.abs_diff(layout.spots[way.to].layer);
                prop_assert!(apart <= 1);
            }
            let rows: BTreeSet<(usize, usize)> = layout.ways.iter().map(|way| (layout.spots[way.from].layer, way.row)).collect();
            prop_assert_eq!(rows.len(), layout.ways.len(), "two links leave a layer in one row");
        }
    }
}
