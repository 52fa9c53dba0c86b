//! Values that belong to one opened network.

use std::sync::{Arc, Weak};

use net::Graph;

/// A value that was computed with one opened network, and that is nothing without it.
///
/// Every time a network is opened, its graph is allocated anew. The allocation is the identity: a value that was
/// computed before the network changed can never be read under the next one, even if both have the same name.
#[derive(Debug, Clone)]
pub struct Bound<T> {
    graph: Weak<Graph>,
    value: T,
}

impl<T> Bound<T> {
    /// Binds `value` to the network of `graph`.
    pub fn new(graph: &Arc<Graph>, value: T) -> Self {
        Self { graph: Arc::downgrade(graph), value }
    }

    /// Returns whether the value belongs to the network of `graph`.
    pub fn is_of(&self, graph: &Arc<Graph>) -> bool {
        // The weak reference keeps the allocation, so no later graph can have the same address.
        std::ptr::eq(self.graph.as_ptr(), Arc::as_ptr(graph))
    }

    /// Returns the value if it belongs to the network of `graph`.
    pub fn get(&self, graph: &Arc<Graph>) -> Option<&T> {
        self.is_of(graph).then_some(&self.value)
    }

    /// Returns the value for changes if it belongs to the network of `graph`.
    pub fn get_mut(&mut self, graph: &Arc<Graph>) -> Option<&mut T> {
        self.is_of(graph).then_some(&mut self.value)
    }
}

impl<T: PartialEq> PartialEq for Bound<T> {
    fn eq(&self, other: &Self) -> bool {
        Weak::ptr_eq(&self.graph, &other.graph) && self.value == other.value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lenet() -> Arc<Graph> {
        Arc::new(net::network("lenet5").expect("should be declared"))
    }

    #[test]
    fn a_value_is_read_with_its_own_network_only() {
        let (first, second) = (lenet(), lenet());
        let bound = Bound::new(&first, 7);
        assert_eq!(bound.get(&first), Some(&7));
        assert_eq!(bound.get(&second), None, "the same network, opened again, is another one");
    }

    #[test]
    fn a_network_that_is_gone_is_never_mistaken_for_a_new_one() {
        let graph = lenet();
        let bound = Bound::new(&graph, ());
        drop(graph);
        for _ in 0..64 {
            assert!(!bound.is_of(&lenet()));
        }
    }

    #[test]
    fn values_of_different_networks_are_not_equal() {
        let (first, second) = (lenet(), lenet());
        assert_eq!(Bound::new(&first, 1), Bound::new(&first, 1));
        assert_ne!(Bound::new(&first, 1), Bound::new(&second, 1));
        assert_ne!(Bound::new(&first, 1), Bound::new(&first, 2));
    }
}
