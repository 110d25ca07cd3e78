//! What shape the drawing of a network has, so that its caption says what is drawn: a dossier may call its network a ring
//! for the way of its fibre, while the circuits in it run from end to end as a star.

use super::topology_layout::Ends;
use std::collections::BTreeSet;

/// The key of the word for the shape of so many places with these links. Links side by side count as one.
#[must_use]
pub fn shape_word(places: usize, links: &[Ends]) -> &'static str {
    let between: BTreeSet<Ends> =
        links.iter().filter(|(from, to)| from != to).map(|&(from, to)| (from.min(to), from.max(to))).collect();
    let degree = |place: usize| between.iter().filter(|(from, to)| *from == place || *to == place).count();
    let degrees: Vec<usize> = (0..places).map(degree).collect();
    if !is_connected(places, &between) {
        return "topology.parts";
    }
    match between.len() {
        0 | 1 => "topology.pair",
        count if count < places && degrees.contains(&(places - 1)) => "topology.star",
        count if count < places => "topology.tree",
        count if count == places && degrees.iter().all(|degree| *degree == 2) => "topology.ring",
        count if count == places => "topology.branched_ring",
        _ => "topology.mesh",
    }
}

fn is_connected(places: usize, between: &BTreeSet<Ends>) -> bool {
    let mut seen = BTreeSet::from([0]);
    let mut next = vec![0];
    while let Some(place) = next.pop() {
        for &(from, to) in between {
            let other = if from == place { Some(to) } else { (to == place).then_some(from) };
            next.extend(other.filter(|other| seen.insert(*other)));
        }
    }
    seen.len() >= places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_is_called_by_its_shape_whatever_the_order_of_its_links() {
        for (places, links, shape) in [
            (2, &[(0, 1), (1, 0)][..], "topology.pair"),
            (3, &[(1, 0), (1, 2)], "topology.star"),
            (4, &[(3, 0), (1, 3), (3, 2), (3, 2)], "topology.star"),
            (4, &[(0, 1), (1, 2), (2, 3)], "topology.tree"),
            (3, &[(0, 1), (1, 2), (2, 0)], "topology.ring"),
            (4, &[(0, 1), (1, 2), (2, 3), (0, 3)], "topology.ring"),
            (4, &[(0, 1), (1, 2), (2, 0), (2, 3)], "topology.branched_ring"),
            (4, &[(0, 1), (1, 2), (2, 3), (3, 0), (0, 2)], "topology.mesh"),
            (4, &[(0, 1), (2, 3)], "topology.parts"),
            (1, &[(0, 0)], "topology.pair"),
        ] {
            assert_eq!(shape_word(places, links), shape, "{links:?}");
        }
    }
}
