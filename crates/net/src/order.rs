//! Orders of short lists.
//!
//! The standard library compiles its sort once for every type and every comparison, some 5 KB of WebAssembly each time.
//! These functions compile it once for all.

use std::cmp::Ordering;

/// Returns the indices below `count` in the order of `compare`. Equal indices stay in their order.
pub fn order(count: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|&a, &b| compare(a, b));
    order
}

/// Returns the indices of `values`, that of the greatest value first. Equal values stay in their order.
pub fn greatest_first(count: usize, value: impl Fn(usize) -> f32) -> Vec<usize> {
    order(count, &mut |a, b| value(b).total_cmp(&value(a)))
}

/// Sorts `items` by `compare`. Equal items stay in their order.
pub fn sort_by<T>(items: &mut Vec<T>, mut compare: impl FnMut(&T, &T) -> Ordering) {
    let order = order(items.len(), &mut |a, b| compare(&items[a], &items[b]));
    let mut taken: Vec<Option<T>> = items.drain(..).map(Some).collect();
    items.extend(order.into_iter().filter_map(|index| taken[index].take()));
}

/// Sorts `items` by a key. Items with equal keys stay in their order.
pub fn sort_by_key<T, K: Ord>(items: &mut Vec<T>, key: impl Fn(&T) -> K) {
    sort_by(items, |a, b| key(a).cmp(&key(b)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_that_of_a_stable_sort() {
        let keys: Vec<usize> = (0..100).map(|i| i * 37 % 11).collect();
        let mut expected: Vec<(usize, usize)> = keys.iter().copied().enumerate().collect();
        let mut sorted = expected.clone();
        expected.sort_by_key(|&(_, key)| key);
        sort_by_key(&mut sorted, |&(_, key)| key);
        assert_eq!(sorted, expected);
        assert_eq!(greatest_first(4, |i| [0.5, 2.0, 0.5, -1.0][i]), [1, 0, 2, 3]);
        assert!(order(0, &mut |_, _| Ordering::Equal).is_empty());
    }
}
