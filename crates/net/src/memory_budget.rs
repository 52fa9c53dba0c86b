//! The networks that fit in the memory of a device.
//!
//! A page may take a quarter of the memory of the device. The rest is for the system, the browser and other pages. A
//! network needs its weights, all its outputs and its input, each once: engines load weights in pieces, so that they
//! are never in memory twice.

use super::graph::{Family, Graph};
use super::memory_needs::MemoryNeeds;
use super::{names, network};

const GIB: f64 = (1_u64 << 30) as f64;
/// The part of the device's memory that a page may take.
const SHARE: f64 = 0.25;
/// The assumed memory of a device whose browser does not report it, in GiB.
const DEFAULT_GIB: f64 = 4.0;
/// The assumed memory of a phone or tablet whose browser does not report it, in GiB. Its browser closes a page much
/// sooner.
const DEFAULT_HANDHELD_GIB: f64 = 2.0;
/// The most memory that WebAssembly can address, in GiB. The CPU engine cannot use more.
const MAX_GIB: f64 = 4.0;

/// Returns the bytes that a page may take on a device.
///
/// `reported_gib` is the memory of the device in GiB as its browser reports it (`navigator.deviceMemory`: 0.25 to 32,
/// rounded). If it is missing or not a positive number, the device is assumed to have 4 GiB, or 2 GiB if it is
/// `handheld`.
pub fn budget_bytes(reported_gib: Option<f64>, handheld: bool) -> u64 {
    let untold = if handheld { DEFAULT_HANDHELD_GIB } else { DEFAULT_GIB };
    let has = reported_gib.filter(|gib| gib.is_finite() && *gib > 0.0).unwrap_or(untold);
    ((has * SHARE).min(MAX_GIB) * GIB) as u64
}

/// A network is too large for the device.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct MemoryBudgetError {
    /// The name of the network that people read.
    pub title: &'static str,
    /// The memory that the network needs.
    pub needs: MemoryNeeds,
    /// The memory that a page may take, in bytes.
    pub budget: u64,
    /// The largest network of each family that fits, by name, in the order of the families.
    pub largest_that_fit: Vec<&'static str>,
}

/// Checks that `graph` fits in `budget` bytes if every output is kept.
///
/// # Errors
/// [`MemoryBudgetError`] with networks that fit.
pub fn check_fits(graph: &Graph, budget: u64) -> Result<(), MemoryBudgetError> {
    let needs = MemoryNeeds::of(graph);
    if needs.total_bytes() <= budget {
        return Ok(());
    }
    Err(MemoryBudgetError { title: graph.title, needs, budget, largest_that_fit: largest_that_fit(budget) })
}

/// Returns the largest network of each family that fits in `budget` bytes, by name, in the order of the families. A
/// family without a network that fits is left out.
pub fn largest_that_fit(budget: u64) -> Vec<&'static str> {
    let mut best: Vec<(Family, u64, &'static str)> = Vec::new();
    for graph in names().filter_map(|name| network(name).ok()) {
        let needs = MemoryNeeds::of(&graph).total_bytes();
        if needs > budget {
            continue;
        }
        match best.iter_mut().find(|(family, ..)| *family == graph.family) {
            Some((_, most, _)) if *most >= needs => {}
            Some(row) => *row = (graph.family, needs, graph.name),
            None => best.push((graph.family, needs, graph.name)),
        }
    }
    best.into_iter().map(|(.., name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_device(gib: f64) -> u64 {
        budget_bytes(Some(gib), false)
    }

    fn fit(budget: u64) -> Vec<&'static str> {
        let fits = |name: &&str| check_fits(&network(name).expect("should be declared"), budget).is_ok();
        names().filter(fits).collect()
    }

    #[test]
    fn the_budget_is_a_quarter_of_the_reported_memory() {
        assert_eq!(of_device(8.0), 2 << 30);
        assert_eq!(of_device(0.25), 64 << 20);
        assert_eq!(of_device(64.0), 4 << 30);
        assert_eq!(budget_bytes(Some(8.0), true), 2 << 30);
    }

    #[test]
    fn invalid_memory_sizes_are_ignored() {
        for memory in [None, Some(f64::NAN), Some(f64::INFINITY), Some(-1.0), Some(0.0)] {
            assert_eq!(budget_bytes(memory, false), 1 << 30, "{memory:?}");
            assert_eq!(budget_bytes(memory, true), 512 << 20, "{memory:?}");
        }
    }

    #[test]
    fn every_network_fits_on_a_device_of_four_gibibytes() {
        assert_eq!(fit(of_device(4.0)), names().collect::<Vec<_>>());
        assert_eq!(
            largest_that_fit(of_device(4.0)),
            ["lenet5-modern", "alexnet", "vgg19", "googlenet-naive", "resnet152"]
        );
    }

    #[test]
    fn a_small_device_is_refused_vgg_and_offered_others() {
        let budget = of_device(2.0);
        let vgg = network("vgg16").expect("should be declared");
        let refused = check_fits(&vgg, budget).expect_err("should not fit");
        assert_eq!(refused.largest_that_fit, largest_that_fit(budget));
        assert_eq!(
            refused.largest_that_fit,
            ["lenet5-modern", "alexnet", "vgg16-cifar10", "googlenet-naive", "resnet101"]
        );
        let said = refused.to_string();
        for part in ["VGG-16", "554 MB of weights", "536 MB on this device", "resnet101"] {
            assert!(said.contains(part), "{part} in: {said}");
        }
        assert!(fit(of_device(0.25)).contains(&"lenet5"));
    }

    #[test]
    fn nothing_is_offered_if_nothing_fits() {
        let lenet = network("lenet5").expect("should be declared");
        let refused = check_fits(&lenet, 1000).expect_err("should not fit");
        assert!(refused.largest_that_fit.is_empty());
        assert!(refused.to_string().ends_with("open this page on a device with more memory"), "{refused}");
    }
}
