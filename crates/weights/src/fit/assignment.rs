//! The assignment of a checkpoint's tensors to those of a graph.

use std::collections::BTreeMap;

use net::{Graph, Op, TensorSpec};

use super::names::{Convention, Naming, same};
use super::offers::{Offer, Offers};
use super::recipe::Recipe;
use crate::mismatch::TensorMismatch;

/// The prefixes of GoogLeNet's auxiliary classifiers. Published checkpoints contain them, but a graph may leave them
/// out, because they serve training only.
const AUXILIARY_PREFIXES: [&str; 2] = ["aux1.", "aux2."];

/// The names of a graph's tensors, each with the tensors of a checkpoint that give it.
pub(crate) type TensorNames = BTreeMap<String, Recipe>;

/// The tensors of a checkpoint, assigned to those of a graph by name, whatever their shapes.
pub(super) struct Assignment<'a> {
    wanted: BTreeMap<String, TensorSpec>,
    pub(super) offers: &'a Offers,
    pub(super) naming: Naming,
    /// The index of the offer for each tensor of the graph.
    pub(super) assigned: BTreeMap<String, usize>,
    /// The names of tensors for which there are two offers.
    twice: Vec<String>,
    /// The names that the graph would have for offers of the network that it has no tensor for.
    extra: Vec<String>,
    /// The names of offers that are of something else.
    pub(super) foreign: Vec<String>,
    /// The name in the file of the last fully connected layer, if it is another than in the graph.
    pub(super) head: Option<String>,
}

impl<'a> Assignment<'a> {
    pub(super) fn of(graph: &Graph, offers: &'a Offers) -> Self {
        let tensors = graph.all_tensors();
        let first = tensors.first().map_or(String::new(), |(name, _)| name.clone());
        let mut modules: Vec<&str> = Vec::new();
        for (name, _) in &tensors {
            let module = name.split('.').next().unwrap_or_default();
            if !modules.contains(&module) {
                modules.push(module);
            }
        }
        let mut wanted: BTreeMap<String, TensorSpec> = BTreeMap::new();
        wanted.extend(tensors.iter().cloned());
        let naming = Naming::best(&wanted, &first, &modules, &offers.all);
        let mut all = Self {
            wanted,
            offers,
            naming,
            assigned: BTreeMap::new(),
            twice: Vec::new(),
            extra: Vec::new(),
            foreign: Vec::new(),
            head: None,
        };
        all.assign();
        all.find_head(graph);
        all
    }

    fn assign(&mut self) {
        let is_auxiliary = |name: &str| AUXILIARY_PREFIXES.iter().any(|prefix| name.starts_with(prefix));
        let has_auxiliary = self.wanted.keys().any(|name| is_auxiliary(name));
        // The keys are in order, so those of one module follow each other.
        let mut modules: Vec<&str> = self.wanted.keys().filter_map(|name| name.split('.').next()).collect();
        modules.dedup();
        for (index, offer) in self.offers.all.iter().enumerate() {
            let Some(name) = self.naming.name(index) else {
                self.foreign.push(offer.name.clone());
                continue;
            };
            if is_auxiliary(name) && !has_auxiliary {
                continue;
            }
            if self.wanted.contains_key(name) {
                if self.assigned.insert(name.to_owned(), index).is_some() {
                    self.twice.push(name.to_owned());
                }
                continue;
            }
            // A layer beside those of the graph is a part of another network. Values and vectors alone are not.
            let layer = offer.name.rsplit_once('.').map_or("", |(layer, _)| layer);
            let weight = self.offers.by_name.get(&format!("{layer}.weight")).map(|&weight| &self.offers.all[weight]);
            let is_layer = offer.dims.len() > 1 || weight.is_some_and(|weight| weight.dims.len() > 1);
            let is_own = name.split('.').next().is_some_and(|module| modules.contains(&module));
            if is_own || is_layer && self.naming.prefix.is_empty() {
                self.extra.push(name.to_owned());
            } else {
                self.foreign.push(offer.name.clone());
            }
        }
    }

    /// Finds the last fully connected layer under another name, if nothing else is missing.
    fn find_head(&mut self, graph: &Graph) {
        let is_linear = |op: &Op| matches!(op, Op::Linear(_));
        let Some(head) = graph.iter().filter(|(_, node)| is_linear(&node.op)).last().map(|(_, node)| &node.name) else {
            return;
        };
        let [weight, bias] = ["weight", "bias"].map(|leaf| format!("{head}.{leaf}"));
        let Some(wanted) = self.wanted.get(&weight) else { return };
        if self.assigned.contains_key(&weight) || self.assigned.contains_key(&bias) {
            return;
        }
        let mut is_free = vec![true; self.offers.all.len()];
        self.assigned.values().for_each(|&index| is_free[index] = false);
        // The number of classes may be another: the graph is fitted to it afterwards.
        let columns = |dims: &[usize]| dims.iter().skip(1).try_fold(1_usize, |all, &dim| all.checked_mul(dim));
        let fits = |index: usize, bias: usize| {
            let (weight, bias) = (&self.offers.all[index].dims, &self.offers.all[bias].dims);
            weight.len() > 1 && columns(weight) == columns(&wanted.dims) && bias.as_slice() == &weight[..1]
        };
        let heads: Vec<(&str, usize, usize)> = (0..self.offers.all.len())
            .filter_map(|index| {
                let layer = self.offers.all[index].name.strip_suffix(".weight")?;
                let bias = *self.offers.by_name.get(&format!("{layer}.bias"))?;
                (is_free[index] && is_free[bias] && fits(index, bias)).then_some((layer, index, bias))
            })
            .collect();
        let &[(layer, at, bias_at)] = heads.as_slice() else { return };
        self.head = Some(layer.to_owned());
        let own = [format!("{layer}.weight"), format!("{layer}.bias")];
        let is_own = |name: &String| own.iter().any(|own| own.ends_with(name.as_str()) && own.len() >= name.len());
        self.extra.retain(|name| !is_own(name));
        self.foreign.retain(|name| !own.contains(name));
        self.assigned.extend([(weight, at), (bias, bias_at)]);
    }

    pub(super) fn offer(&self, name: &str) -> Option<&Offer> {
        self.assigned.get(name).and_then(|&index| self.offers.all.get(index))
    }

    /// Returns the number of the graph's tensors.
    pub(super) fn count(&self) -> usize {
        self.wanted.len()
    }

    /// Returns the number of the graph's tensors that are there in their shapes.
    pub(super) fn fitting(&self) -> usize {
        let fits = |(name, spec): &(&String, &TensorSpec)| {
            self.offer(name).is_some_and(|offer| same(&offer.dims, &spec.dims, true) && offer.dtype.is_float())
        };
        self.wanted.iter().filter(fits).count()
    }

    /// Returns the names of the tensors in the checkpoint, or every mismatch: what is missing, then what is wrong, then
    /// what is extra.
    pub(super) fn names(&self) -> Result<TensorNames, Vec<TensorMismatch>> {
        let mut names = TensorNames::new();
        let (mut missing, mut wrong) = (Vec::new(), Vec::new());
        for (name, spec) in &self.wanted {
            let Some(offer) = self.offer(name) else {
                missing.push(TensorMismatch::Missing { name: name.clone() });
                continue;
            };
            let is_head = self.head.is_some() && name.ends_with(".weight") && spec.dims.len() == 2;
            let flat = is_head || self.naming.convention == Convention::TimmVgg;
            if self.twice.contains(name) {
                wrong.push(TensorMismatch::Twice { name: name.clone() });
            } else if !offer.dtype.is_float() {
                wrong.push(TensorMismatch::Type { name: name.clone(), dtype: offer.dtype.name() });
            } else if !same(&offer.dims, &spec.dims, flat) {
                wrong.push(TensorMismatch::of_shapes(name, &offer.dims, &spec.dims));
            } else {
                names.insert(name.clone(), offer.recipe.clone());
            }
        }
        // Names come from outside, so characters that do not print are escaped.
        let extra = |name: &String| TensorMismatch::Extra { name: name.escape_debug().to_string() };
        let faults: Vec<TensorMismatch> =
            missing.into_iter().chain(wrong).chain(self.extra.iter().map(extra)).collect();
        if faults.is_empty() { Ok(names) } else { Err(faults) }
    }
}
