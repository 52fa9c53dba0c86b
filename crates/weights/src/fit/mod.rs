//! Matching of the tensors of a checkpoint with those of a graph.
//!
//! Three rules do it, one after the other. [`offers`] takes what wrappers add out of names, and puts pairs of tensors
//! together. [`names`] finds the convention and the prefix under which most tensors of the graph are there. The last
//! fully connected layer may have any name, if only one layer of the file has its shape.

mod names;
mod offers;
mod reading;
mod recipe;

use std::collections::{BTreeMap, BTreeSet};

use net::{Graph, Op, TensorSpec, network};

use super::checkpoint::Checkpoint;
use super::error::{Nearest, WeightsError};
use super::mismatch::TensorMismatch;
use names::{Naming, same};
use offers::{Offer, Offers};

pub use names::Convention;
pub use reading::Reading;
pub(super) use recipe::Recipe;

/// The prefixes of GoogLeNet's auxiliary classifiers. Published checkpoints contain them, but a graph may leave them
/// out, because they serve training only.
const AUXILIARY_PREFIXES: [&str; 2] = ["aux1.", "aux2."];

/// The names of a graph's tensors, each with the tensors of a checkpoint that give it.
pub(super) type TensorNames = BTreeMap<String, Recipe>;

/// The tensors of a checkpoint, assigned to those of a graph by name, whatever their shapes.
struct Assignment {
    wanted: BTreeMap<String, TensorSpec>,
    offers: Offers,
    naming: Naming,
    /// The index of the offer for each tensor of the graph.
    assigned: BTreeMap<String, usize>,
    /// The names of tensors for which there are two offers.
    twice: Vec<String>,
    /// The names that the graph would have for offers of the network that it has no tensor for.
    extra: Vec<String>,
    /// The names of offers that are of something else.
    foreign: Vec<String>,
    /// The name in the file of the last fully connected layer, if it is another than in the graph.
    head: Option<String>,
}

impl Assignment {
    fn of(graph: &Graph, checkpoint: &Checkpoint) -> Self {
        let tensors = graph.all_tensors();
        let first = tensors.first().map_or(String::new(), |(name, _)| name.clone());
        let mut modules: Vec<&str> = Vec::new();
        for (name, _) in &tensors {
            let module = name.split('.').next().unwrap_or_default();
            if !modules.contains(&module) {
                modules.push(module);
            }
        }
        let wanted: BTreeMap<String, TensorSpec> = tensors.iter().cloned().collect();
        let offers = Offers::of(checkpoint);
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
        let modules: BTreeSet<&str> = self.wanted.keys().filter_map(|name| name.split('.').next()).collect();
        let layers: BTreeSet<&str> = self
            .offers
            .all
            .iter()
            .filter(|offer| offer.dims.len() > 1)
            .filter_map(|offer| offer.name.rsplit_once('.').map(|(layer, _)| layer))
            .collect();
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
            let is_layer = offer.dims.len() > 1 || layers.contains(layer);
            let is_own = name.split('.').next().is_some_and(|module| modules.contains(module));
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
        let free: BTreeMap<&str, usize> = (0..self.offers.all.len())
            .filter(|index| !self.assigned.values().any(|assigned| assigned == index))
            .map(|index| (self.offers.all[index].name.as_str(), index))
            .collect();
        // The number of classes may be another: the graph is fitted to it afterwards.
        let columns = |dims: &[usize]| dims.iter().skip(1).try_fold(1_usize, |all, &dim| all.checked_mul(dim));
        let fits = |index: usize, bias: usize| {
            let (weight, bias) = (&self.offers.all[index].dims, &self.offers.all[bias].dims);
            weight.len() > 1 && columns(weight) == columns(&wanted.dims) && bias.as_slice() == &weight[..1]
        };
        let heads: Vec<(&str, usize, usize)> = free
            .iter()
            .filter_map(|(name, &index)| {
                let layer = name.strip_suffix(".weight")?;
                let bias = *free.get(format!("{layer}.bias").as_str())?;
                fits(index, bias).then_some((layer, index, bias))
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

    fn offer(&self, name: &str) -> Option<&Offer> {
        self.assigned.get(name).and_then(|&index| self.offers.all.get(index))
    }

    /// Returns the number of the graph's tensors that are there in their shapes.
    fn fitting(&self) -> usize {
        let fits = |(name, spec): &(&String, &TensorSpec)| {
            self.offer(name).is_some_and(|offer| same(&offer.dims, &spec.dims, true) && offer.dtype.is_float())
        };
        self.wanted.iter().filter(fits).count()
    }

    /// Returns the names of the tensors in the checkpoint, or every mismatch: what is missing, then what is wrong, then
    /// what is extra.
    fn names(&self) -> Result<TensorNames, Vec<TensorMismatch>> {
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

/// Returns `graph` with the number of classes and the auxiliary classifiers that a checkpoint has. A file that does not
/// have the last layer of this network changes nothing.
pub fn fitted_graph(graph: &Graph, checkpoint: &Checkpoint) -> Graph {
    // What another file asked for before does not count.
    let declared = graph.with_options(graph.options.chosen()).unwrap_or_else(|_| graph.clone());
    let assignment = Assignment::of(&declared, checkpoint);
    let options = declared.options_for(|name| assignment.offer(name).map(|offer| offer.dims.clone()));
    declared.with_options(options).unwrap_or(declared)
}

/// Finds every tensor of `graph` in `checkpoint`, and says how it was read.
///
/// # Errors
/// [`WeightsError::Unfit`] with every tensor that is missing or extra, or that has the wrong shape or type.
pub(super) fn match_checkpoint(graph: &Graph, checkpoint: &Checkpoint) -> Result<(TensorNames, Reading), WeightsError> {
    let assignment = Assignment::of(graph, checkpoint);
    match assignment.names() {
        Ok(names) => Ok((names, Reading::of(graph, checkpoint, &assignment))),
        Err(faults) => {
            let survey = Survey::of(checkpoint);
            let nearest = match (survey.fits.first(), survey.nearest) {
                (Some(other), _) => Some(Nearest { network: other.name.to_owned(), differences: 0 }),
                (None, Some((_, other, theirs))) => {
                    Some(Nearest { network: other.to_owned(), differences: theirs.len() })
                }
                (None, None) => None,
            };
            let nearest = nearest.filter(|nearest| nearest.network != graph.name);
            Err(WeightsError::Unfit { network: graph.name.to_owned(), faults: faults.into(), nearest })
        }
    }
}

/// The networks of the declarations, held against one checkpoint.
#[derive(Default)]
struct Survey {
    /// The networks whose tensors are those of the checkpoint.
    fits: Vec<Graph>,
    /// The other network of which most tensors fit: their number, its name and its mismatches. `None` if there is no
    /// network of which a third does.
    nearest: Option<(usize, &'static str, Vec<TensorMismatch>)>,
}

impl Survey {
    fn of(checkpoint: &Checkpoint) -> Self {
        let mut survey = Self::default();
        // Every name of the table builds a network, so nothing is skipped.
        for graph in net::names().filter_map(|name| network(name).ok()).map(|graph| fitted_graph(&graph, checkpoint)) {
            let assignment = Assignment::of(&graph, checkpoint);
            match assignment.names() {
                Ok(_) => survey.fits.push(graph),
                Err(faults) => {
                    let fit = assignment.fitting();
                    if fit * 3 < assignment.wanted.len() {
                        continue;
                    }
                    let (most, least) =
                        survey.nearest.as_ref().map_or((0, usize::MAX), |(most, _, least)| (*most, least.len()));
                    if fit > most || fit == most && faults.len() < least {
                        survey.nearest = Some((fit, graph.name, faults));
                    }
                }
            }
        }
        survey
    }
}

/// Returns the first network of the declarations whose tensors are those of a checkpoint, and the names of the other
/// networks with the same tensors.
///
/// # Errors
/// [`WeightsError::NoNetworkFits`] if there is none, with the mismatches of the network of which most tensors fit, and
/// [`WeightsError::NothingInCommon`] if less than a third of the tensors of every network is there.
pub fn network_of(checkpoint: &Checkpoint) -> Result<(Graph, Vec<&'static str>), WeightsError> {
    let Survey { fits, nearest } = Survey::of(checkpoint);
    let mut fits = fits.into_iter();
    if let Some(graph) = fits.next() {
        return Ok((graph, fits.map(|other| other.name).collect()));
    }
    Err(match nearest {
        Some((_, nearest, faults)) => {
            WeightsError::NoNetworkFits { nearest: nearest.to_owned(), faults: faults.into() }
        }
        None => {
            let names = checkpoint.entries().map(|(name, _)| name.escape_debug().to_string()).collect();
            WeightsError::NothingInCommon { names }
        }
    })
}
