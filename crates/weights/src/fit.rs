//! Matching of the tensors of a checkpoint with those of a graph.

use std::collections::{BTreeMap, BTreeSet};

use super::checkpoint::{Checkpoint, TensorEntry};
use super::error::WeightsError;
use super::mismatch::{TensorMismatch, TensorMismatches};
use net::{Graph, TensorSpec, names, network};

/// The prefix that `torch.nn.DataParallel` puts before every name.
const DATA_PARALLEL_PREFIX: &str = "module.";

/// The suffix of batch normalization's counter of training batches, which nothing reads.
const COUNTER: &str = ".num_batches_tracked";

/// The prefixes of GoogLeNet's auxiliary classifiers. Published checkpoints contain them, but a graph may leave them
/// out, because they serve training only.
const AUXILIARY_PREFIXES: [&str; 2] = ["aux1.", "aux2."];

/// Prefixes of VGG's classifier in timm and in torchvision. In timm its layers are convolutions of 7x7 and 1x1. Their
/// weights are those of torchvision's fully connected layers, in the same order.
const TIMM_VGG: [(&str, &str); 3] =
    [("pre_logits.fc1.", "classifier.0."), ("pre_logits.fc2.", "classifier.3."), ("head.fc.", "classifier.6.")];

/// The number of mismatches that are listed if a checkpoint fits no network.
const FIRST_FAULTS: usize = 3;

/// The names of a graph's tensors, each with the name of the same tensor in a checkpoint.
pub(super) type TensorNames = BTreeMap<String, String>;

/// A tensor of a checkpoint, listed under the name that the graph has for it.
struct Candidate<'a> {
    file_name: &'a str,
    entry: &'a TensorEntry,
    /// True if its dimensions after the first may be flattened into one.
    flat: bool,
}

/// Returns the tensors of `checkpoint` under the names that the graph has for them. Tensors that nothing reads are left
/// out.
fn candidates<'a>(wanted: &BTreeMap<String, TensorSpec>, checkpoint: &'a Checkpoint) -> Vec<(String, Candidate<'a>)> {
    let wrapped = checkpoint.entries().all(|(name, _)| name.starts_with(DATA_PARALLEL_PREFIX));
    let has_auxiliary = |prefix: &str| wanted.keys().any(|name| name.starts_with(prefix));
    let mut found = Vec::new();
    for (file_name, entry) in checkpoint.entries() {
        let name = if wrapped { &file_name[DATA_PARALLEL_PREFIX.len()..] } else { file_name };
        if name.ends_with(COUNTER)
            || AUXILIARY_PREFIXES.iter().any(|prefix| name.starts_with(prefix) && !has_auxiliary(prefix))
        {
            continue;
        }
        let timm = TIMM_VGG.iter().find_map(|(theirs, ours)| Some(format!("{ours}{}", name.strip_prefix(theirs)?)));
        // A graph with a tensor of this very name takes precedence over timm's names.
        let renamed = timm.filter(|ours| !wanted.contains_key(name) && wanted.contains_key(ours));
        let flat = renamed.is_some();
        found.push((renamed.unwrap_or_else(|| name.to_owned()), Candidate { file_name, entry, flat }));
    }
    found
}

/// Returns `graph` with the number of classes and the auxiliary classifiers that a checkpoint has. A file that does not
/// have the last layer of this network changes nothing.
pub fn fitted_graph(graph: &Graph, checkpoint: &Checkpoint) -> Graph {
    // What another file asked for before does not count.
    let declared = graph.with_options(graph.options.chosen()).unwrap_or_else(|_| graph.clone());
    let mut wanted = BTreeMap::new();
    wanted.extend(declared.all_tensors());
    let mut found = BTreeMap::new();
    found.extend(candidates(&wanted, checkpoint));
    let options = declared.options_for(|name| found.get(name).map(|found| found.entry.dims().to_vec()));
    declared.with_options(options).unwrap_or(declared)
}

/// Returns whether `dims` are those of `spec`. If `flat`, the dimensions after the first may be flattened into one.
fn same(dims: &[usize], spec: &TensorSpec, flat: bool) -> bool {
    let product = |dims: &[usize]| dims.iter().try_fold(1_usize, |all, &dim| all.checked_mul(dim));
    dims == spec.dims || flat && dims.first() == spec.dims.first() && product(dims) == product(&spec.dims)
}

/// Finds every tensor of `graph` in `checkpoint`.
///
/// # Errors
/// [`WeightsError::Unfit`] with every tensor that is missing or extra, or that has the wrong shape or type.
pub(super) fn match_checkpoint(graph: &Graph, checkpoint: &Checkpoint) -> Result<TensorNames, WeightsError> {
    match_tensors(graph, checkpoint)
        .map_err(|faults| WeightsError::Unfit { network: graph.name.to_owned(), faults: faults.into() })
}

/// Returns the name of each tensor of `graph` in the checkpoint, or every mismatch.
fn match_tensors(graph: &Graph, checkpoint: &Checkpoint) -> Result<TensorNames, Vec<TensorMismatch>> {
    let mut wanted: BTreeMap<String, TensorSpec> = BTreeMap::new();
    wanted.extend(graph.all_tensors());
    let mut names = TensorNames::new();
    let mut seen = BTreeSet::new();
    let mut faults = Vec::new();
    let mut extra = Vec::new();
    for (name, Candidate { file_name, entry, flat }) in candidates(&wanted, checkpoint) {
        // Names come from outside, so characters that do not print are escaped.
        let shown = name.escape_debug().to_string();
        let Some(spec) = wanted.get(&name) else {
            extra.push(TensorMismatch::Extra { name: shown });
            continue;
        };
        if !seen.insert(name.clone()) {
            faults.push(TensorMismatch::Twice { name: shown });
        } else if !entry.dtype().is_float() {
            faults.push(TensorMismatch::Type { name: shown, dtype: entry.dtype().name() });
        } else if !same(entry.dims(), spec, flat) {
            faults.push(TensorMismatch::of_shapes(&name, entry.dims(), &spec.dims));
        } else {
            names.insert(name, file_name.to_owned());
        }
    }
    let missing =
        wanted.keys().filter(|name| !seen.contains(*name)).map(|name| TensorMismatch::Missing { name: name.clone() });
    let faults: Vec<TensorMismatch> = missing.chain(faults).chain(extra).collect();
    if faults.is_empty() { Ok(names) } else { Err(faults) }
}

/// Returns the first network of the declarations whose tensors are those of a checkpoint, and the names of the other
/// networks with the same tensors.
///
/// # Errors
/// [`WeightsError::NoNetworkFits`] if there is none, with the mismatches of the network that has the fewest.
pub fn network_of(checkpoint: &Checkpoint) -> Result<(Graph, Vec<&'static str>), WeightsError> {
    let mut found: Option<Graph> = None;
    let mut also = Vec::new();
    let mut nearest: Option<(&str, Vec<TensorMismatch>)> = None;
    // Every name of the table builds a network, so nothing is skipped.
    for graph in names().filter_map(|name| network(name).ok()).map(|graph| fitted_graph(&graph, checkpoint)) {
        match match_tensors(&graph, checkpoint) {
            Ok(_) if found.is_some() => also.push(graph.name),
            Ok(_) => found = Some(graph),
            Err(faults) if nearest.as_ref().is_none_or(|(_, least)| faults.len() < least.len()) => {
                nearest = Some((graph.name, faults));
            }
            Err(_) => {}
        }
    }
    if let Some(graph) = found {
        return Ok((graph, also));
    }
    let (nearest, mut listed) = nearest.unwrap_or_default();
    let more = listed.len().saturating_sub(FIRST_FAULTS);
    listed.truncate(FIRST_FAULTS);
    Err(WeightsError::NoNetworkFits { nearest: nearest.to_owned(), faults: TensorMismatches { listed, more } })
}
