//! The tensors that a file offers: without what wrappers add to names, and with pairs of tensors put together.

use std::collections::BTreeMap;

use super::recipe::Recipe;
use crate::checkpoint::{Checkpoint, DType};

/// The suffix of batch normalization's counter of training batches, which nothing reads.
const COUNTER: &str = ".num_batches_tracked";

/// Parts that wrappers put into names, in front or in between: `DataParallel` and `DistributedDataParallel`,
/// `torch.compile`, fully sharded data parallelism, and checkpoints of activations.
const WRAPPERS: [&str; 5] =
    ["module", "_orig_mod", "_fsdp_wrapped_module", "_fpw_module", "_checkpoint_wrapped_module"];

/// The endings of two tensors that give one: of the values, of the other tensor, and of the result.
const PAIRS: [(&str, &str, &str); 3] = [
    ("_orig", "_mask", ""),
    ("_v", "_g", ""),
    ("parametrizations.weight.original1", "parametrizations.weight.original0", "weight"),
];

/// A tensor that a file offers.
#[derive(Debug, Clone)]
pub(super) struct Offer {
    /// Its name, without the parts of wrappers.
    pub(super) name: String,
    pub(super) recipe: Recipe,
    pub(super) dims: Vec<usize>,
    pub(super) dtype: DType,
}

/// All tensors that a file offers, except for counters.
#[derive(Debug, Default)]
pub(super) struct Offers {
    pub(super) all: Vec<Offer>,
    /// The parts of wrappers that were taken out of names, in alphabetical order.
    pub(super) wrappers: Vec<&'static str>,
    /// The index of each offer by its name. Maps of one type only: each type adds some 5 KB to the WebAssembly.
    pub(super) by_name: BTreeMap<String, usize>,
}

impl Offers {
    pub(super) fn of(checkpoint: &Checkpoint) -> Self {
        let mut offers = Self::default();
        let mut used: Vec<String> = Vec::new();
        for (values, entry) in checkpoint.entries() {
            for (of_values, of_other, of_result) in PAIRS {
                let Some(stem) = values.strip_suffix(of_values) else { continue };
                let other = format!("{stem}{of_other}");
                let Ok(with) = checkpoint.entry(&other) else { continue };
                let masked = of_values == "_orig";
                // A mask has the shape of the values; lengths have one value a row.
                let fits = if masked { with.dims() == entry.dims() } else { is_column(with.dims(), entry.dims()) };
                if !fits || !with.dtype().is_float() {
                    continue;
                }
                let recipe = if masked {
                    Recipe::Masked { values: values.to_owned(), mask: other.clone() }
                } else {
                    Recipe::Normed { length: other.clone(), direction: values.to_owned() }
                };
                used.extend([values.to_owned(), other]);
                offers.add(&format!("{stem}{of_result}"), recipe, entry.dims(), entry.dtype());
            }
        }
        for (name, entry) in checkpoint.entries() {
            if !name.ends_with(COUNTER) && !used.iter().any(|used| used == name) {
                offers.add(name, Recipe::Plain(name.to_owned()), entry.dims(), entry.dtype());
            }
        }
        net::order::sort_by(&mut offers.wrappers, Ord::cmp);
        offers
    }

    fn add(&mut self, name: &str, recipe: Recipe, dims: &[usize], dtype: DType) {
        let mut parts = Vec::new();
        for part in name.split('.') {
            match WRAPPERS.iter().find(|wrapper| **wrapper == part) {
                Some(wrapper) if self.wrappers.contains(wrapper) => {}
                Some(wrapper) => self.wrappers.push(wrapper),
                None => parts.push(part),
            }
        }
        let name = parts.join(".");
        self.by_name.insert(name.clone(), self.all.len());
        self.all.push(Offer { name, recipe, dims: dims.to_vec(), dtype });
    }
}

/// Returns whether `dims` are one value for each row of a tensor of `of`.
fn is_column(dims: &[usize], of: &[usize]) -> bool {
    of.len() > 1 && dims.first() == of.first() && dims.iter().skip(1).all(|&dim| dim == 1)
}
