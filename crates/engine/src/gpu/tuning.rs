//! The fastest kernels, by adapter and shape.
//!
//! For each adapter, by its name, the table has the kernel of each shape (`conv2d 64x56x56 k3 s1 p1 g1 64x56x56`).
//! Scripts keep it in the browser's local storage. The command line's `bench` measures anew every time. The network on
//! the stage and the other commands use the default kernels.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::conv::ConvShape;
use super::device::Gpu;
use super::kernel::Kernel;

/// The fastest kernels measured. It is serialised, so that they are known at the next start.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tuning {
    /// For each adapter, by name, the kernel of each shape.
    adapters: BTreeMap<String, BTreeMap<String, String>>,
}

impl Tuning {
    /// Returns the kernel for a convolution on an adapter, if one was measured and can serve it.
    pub fn kernel(&self, adapter: &str, shape: &ConvShape) -> Option<Kernel> {
        let name = self.adapters.get(adapter)?.get(&key(shape))?;
        Kernel::named(name).filter(|kernel| shape.candidates().contains(kernel))
    }

    /// Stores the kernel for a convolution on an adapter.
    pub fn set(&mut self, adapter: &str, shape: &ConvShape, kernel: Kernel) {
        let shapes = self.adapters.entry(adapter.to_owned()).or_default();
        shapes.insert(key(shape), kernel.name().to_owned());
    }

    /// Returns a function that chooses the kernel of a convolution on `gpu`: the fastest one measured, or else the
    /// default.
    pub(super) fn kernel_chooser<'a>(&'a self, gpu: &'a Gpu) -> impl Fn(&ConvShape) -> Kernel + 'a {
        let software = gpu.is_software();
        move |shape| self.kernel(gpu.name(), shape).unwrap_or_else(|| shape.default_kernel(software))
    }

    /// Returns the number of shapes known on an adapter.
    pub fn len(&self, adapter: &str) -> usize {
        self.adapters.get(adapter).map_or(0, BTreeMap::len)
    }
}

/// Returns the key of a shape: the family of kernels and the sizes.
fn key(shape: &ConvShape) -> String {
    format!("conv2d {shape}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use net::Window;

    #[test]
    fn kernels_that_cannot_serve_are_ignored() {
        let shape = ConvShape {
            input: (64, 7, 7),
            output: (64, 7, 7),
            window: Window { kernel: 3, stride: 1, padding: 1 },
            groups: 1,
        };
        let mut tuning = Tuning::default();
        assert_eq!(tuning.kernel("one", &shape), None);
        tuning.set("one", &shape, Kernel::Conv2dRows);
        let text = serde_json::to_string(&tuning).expect("should be JSON");
        let again: Tuning = serde_json::from_str(&text).expect("should be a table");
        assert_eq!(again.kernel("one", &shape), Some(Kernel::Conv2dRows));
        assert_eq!((again.kernel("other", &shape), again.len("one")), (None, 1));
        // A file may contain anything.
        tuning.set("one", &shape, Kernel::Conv2dPointwise);
        assert_eq!(tuning.kernel("one", &shape), None);
        tuning.set("one", &shape, Kernel::Softmax);
        assert_eq!(tuning.kernel("one", &shape), None);
    }
}
