//! Which networks a device has room for.
//!
//! One rule: a page may take a quarter of the device's memory. The rest is the system's, the browser's and other
//! pages'. Held against that are a network's weights, all its outputs and its picture, each once: engines take weights
//! in pieces, so that these do not stand in memory twice while a network is loaded.

use super::graph::{Family, Graph};
use super::needs::Needs;
use super::{names, network};

const GIB: f64 = (1_u64 << 30) as f64;
/// Which part of the device's memory a page may take: a quarter.
const SHARE: f64 = 0.25;
/// The memory that a device is taken to have where its browser does not say, in GiB.
const UNTOLD_GIB: f64 = 4.0;
/// The same for a phone or a tablet, whose browser ends a page much sooner.
const UNTOLD_HANDHELD_GIB: f64 = 2.0;
/// The most memory that WebAssembly can address, in GiB: more is of no use to the CPU engine.
const MOST_GIB: f64 = 4.0;

/// Bytes that a page may take of a device.
///
/// `told_gib` is the device's memory in GiB as its browser tells it (`navigator.deviceMemory`: 0.25 to 32, rounded);
/// without it, or where it is no such number, a device is taken to have 4 GiB, and one that is `handheld` 2 GiB.
pub fn budget_bytes(told_gib: Option<f64>, handheld: bool) -> u64 {
    let untold = if handheld { UNTOLD_HANDHELD_GIB } else { UNTOLD_GIB };
    let has = told_gib.filter(|gib| gib.is_finite() && *gib > 0.0).unwrap_or(untold);
    ((has * SHARE).min(MOST_GIB) * GIB) as u64
}

/// A network is too large for the device.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{title} needs {} MB ({} MB of weights, {} MB of what its layers give), and a page should take no more than {} MB of this device; {}",
    mb(needs.total_bytes()), mb(needs.weight_bytes), mb(needs.activation_bytes + needs.input_bytes), budget / 1_000_000,
    advice(offers)
)]
pub struct NoRoom {
    /// The name that people read.
    pub title: &'static str,
    /// What it needs.
    pub needs: Needs,
    /// Bytes that there are.
    pub budget: u64,
    /// The largest network of each family that there is room for, by name, in the order of the families.
    pub offers: Vec<&'static str>,
}

fn mb(bytes: u64) -> u64 {
    bytes.div_ceil(1_000_000)
}

fn advice(offers: &[&str]) -> String {
    match offers {
        [] => "no network fits; open this page on a device with more memory".to_owned(),
        some => format!("choose a smaller network, for instance {}", some.join(", ")),
    }
}

/// Whether there is room for `graph` in `budget` bytes, every output being kept.
///
/// # Errors
/// [`NoRoom`], with the networks that fit.
pub fn fits(graph: &Graph, budget: u64) -> Result<(), NoRoom> {
    let needs = Needs::of(graph);
    if needs.total_bytes() <= budget {
        return Ok(());
    }
    Err(NoRoom { title: graph.title, needs, budget, offers: offers(budget) })
}

/// The largest network of each family that `budget` bytes have room for, by name, in the order of the families; none of
/// a family of which not even the smallest fits.
pub fn offers(budget: u64) -> Vec<&'static str> {
    let mut best: Vec<(Family, u64, &'static str)> = Vec::new();
    for graph in names().filter_map(|name| network(name).ok()) {
        let needs = Needs::of(&graph).total_bytes();
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
        let fits = |name: &&str| fits(&network(name).expect("should be declared"), budget).is_ok();
        names().filter(fits).collect()
    }

    #[test]
    fn a_quarter_of_what_the_browser_tells() {
        assert_eq!(of_device(8.0), 2 << 30);
        assert_eq!(of_device(0.25), 64 << 20);
        assert_eq!(of_device(64.0), 4 << 30);
        assert_eq!(budget_bytes(Some(8.0), true), 2 << 30);
    }

    #[test]
    fn what_is_no_memory_is_not_taken_for_one() {
        for told in [None, Some(f64::NAN), Some(f64::INFINITY), Some(-1.0), Some(0.0)] {
            assert_eq!(budget_bytes(told, false), 1 << 30, "{told:?}");
            assert_eq!(budget_bytes(told, true), 512 << 20, "{told:?}");
        }
    }

    #[test]
    fn four_gigabytes_have_room_for_all() {
        assert_eq!(fit(of_device(4.0)), names().collect::<Vec<_>>());
        assert_eq!(offers(of_device(4.0)), ["lenet5-modern", "alexnet", "vgg19", "googlenet-naive", "resnet152"]);
    }

    #[test]
    fn a_small_device_is_refused_vgg_and_told_what_fits() {
        let budget = of_device(2.0);
        let vgg = network("vgg16").expect("should be declared");
        let refused = fits(&vgg, budget).expect_err("should not fit");
        assert_eq!(refused.offers, offers(budget));
        assert_eq!(refused.offers, ["lenet5-modern", "alexnet", "vgg16-cifar10", "googlenet-naive", "resnet101"]);
        let said = refused.to_string();
        for part in ["VGG-16", "554 MB of weights", "536 MB of this device", "resnet101"] {
            assert!(said.contains(part), "{part} in: {said}");
        }
        assert!(fit(of_device(0.25)).contains(&"lenet5"));
    }

    #[test]
    fn where_nothing_fits_nothing_is_offered() {
        let lenet = network("lenet5").expect("should be declared");
        let refused = fits(&lenet, 1000).expect_err("should not fit");
        assert!(refused.offers.is_empty());
        assert!(refused.to_string().ends_with("open this page on a device with more memory"), "{refused}");
    }
}
