//! The one order in which the commits of a history are told.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use crate::repository::id::ContentId;

/// What the order depends on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node<'a> {
    pub(super) id: ContentId,
    /// The committer's time in seconds.
    pub(super) time: i64,
    /// Parents that are not among the nodes do not matter.
    pub(super) parents: &'a [ContentId],
}

/// The order of the commits as places in `nodes`: parents before children, and of those whose parents have been told
/// the one with the earliest time, then with the smallest id. It depends on nothing but the commits themselves.
///
/// Also says where a cycle had to be broken; no sound repository has one.
pub(super) fn order(nodes: &[Node<'_>]) -> (Vec<usize>, Option<usize>) {
    let places: HashMap<ContentId, usize> = nodes.iter().enumerate().map(|(at, node)| (node.id, at)).collect();
    let mut waiting_for = vec![0_usize; nodes.len()];
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    for (at, node) in nodes.iter().enumerate() {
        for parent in node.parents.iter().filter_map(|parent| places.get(parent)) {
            waiting_for[at] += 1;
            children[*parent].push(at);
        }
    }
    let key = |at: usize| Reverse((nodes[at].time, nodes[at].id, at));
    let mut ready: BinaryHeap<_> = (0..nodes.len()).filter(|at| waiting_for[*at] == 0).map(key).collect();
    let mut told = Vec::with_capacity(nodes.len());
    while let Some(Reverse((_, _, at))) = ready.pop() {
        told.push(at);
        for child in std::mem::take(&mut children[at]) {
            waiting_for[child] -= 1;
            if waiting_for[child] == 0 {
                ready.push(key(child));
            }
        }
    }
    let mut rest: Vec<usize> = (0..nodes.len()).filter(|at| waiting_for[*at] > 0).collect();
    rest.sort_by_key(|at| (nodes[*at].time, nodes[*at].id));
    let broken = rest.first().copied();
    told.append(&mut rest);
    (told, broken)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u8) -> ContentId {
        ContentId::from_slice(&[number; 20]).unwrap()
    }

    fn ordered(commits: &[(u8, i64, &[u8])]) -> (Vec<u8>, Option<u8>) {
        let parents: Vec<Vec<ContentId>> = commits.iter().map(|c| c.2.iter().map(|p| id(*p)).collect()).collect();
        let nodes: Vec<_> =
            commits.iter().zip(&parents).map(|(c, parents)| Node { id: id(c.0), time: c.1, parents }).collect();
        let (told, broken) = order(&nodes);
        (told.into_iter().map(|at| commits[at].0).collect(), broken.map(|at| commits[at].0))
    }

    #[test]
    fn parents_come_first_whatever_their_clocks_say() {
        assert_eq!(ordered(&[(1, 10, &[2]), (2, 99, &[3]), (3, 50, &[])]).0, [3, 2, 1]);
    }

    #[test]
    fn commits_side_by_side_come_by_time_then_by_id() {
        let commits: [(u8, i64, &[u8]); 6] =
            [(6, 40, &[4, 5]), (4, 30, &[2]), (5, 30, &[3]), (3, 20, &[1]), (2, 20, &[1]), (1, 10, &[])];
        assert_eq!(ordered(&commits).0, [1, 2, 3, 4, 5, 6]);
        let mut turned = commits;
        turned.reverse();
        assert_eq!(ordered(&turned).0, [1, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn missing_parents_keep_nobody_waiting_and_cycles_are_broken() {
        assert_eq!(ordered(&[(1, 1, &[9])]), (vec![1], None));
        assert_eq!(ordered(&[(1, 1, &[]), (2, 5, &[3]), (3, 4, &[2]), (4, 1, &[3])]), (vec![1, 4, 3, 2], Some(4)));
    }
}
