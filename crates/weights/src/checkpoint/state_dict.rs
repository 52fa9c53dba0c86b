//! The search for the tensors of a network in what a pickle holds.
//!
//! Training programs keep the state_dict beside much else, under keys of their own: the state of an optimizer, a second
//! state_dict of averaged weights, options. One rule finds it: it is the dictionary, or the module, that holds the most
//! tensors by name.

use super::CheckpointError;
use super::error::at_most;
use super::index::{MAX_TENSORS, Place};
use super::module::{NamedTensors, is_module, module_tensors};
use super::pickle::Pickle;
use super::tensor::shown;
use super::value::{Value, ValueIndex, malformed};

/// The most bytes of the keys that lead to a dictionary.
const MAX_PATH_BYTES: usize = 256;

/// The number of names that are compared to tell a copy.
const COMPARED: usize = 64;

/// Parts of the keys under which programs keep averaged weights beside the trained ones.
const AVERAGED: [&str; 5] = ["ema", "avg", "average", "swa", "teacher"];

/// Keys under which programs keep the name of the architecture.
const ARCHITECTURE: [&str; 4] = ["arch", "architecture", "model_name", "model"];

/// Keys under which programs keep the options of a training.
const OPTIONS: [&str; 6] = ["args", "hyper_parameters", "config", "cfg", "opt", "hparams"];

/// A dictionary or a module with tensors.
struct Candidate {
    path: String,
    at: ValueIndex,
    tensors: usize,
}

/// What was found in a pickle.
pub(super) struct Found<'a> {
    /// The tensors to read.
    pub(super) tensors: NamedTensors<'a>,
    /// Their place in the file.
    pub(super) place: Place,
}

/// Finds the tensors at `wanted`, or those of the largest dictionary. Of two with as many tensors, that of averaged
/// weights comes last.
///
/// # Errors
/// [`CheckpointError::Malformed`] if there are none, [`CheckpointError::NoPlace`] if there are none at `wanted`.
pub(super) fn find<'a>(pickle: &'a Pickle, wanted: Option<&str>) -> Result<Found<'a>, CheckpointError> {
    let candidates = candidates(pickle)?;
    let most = candidates.iter().map(|candidate| candidate.tensors).max().unwrap_or(0);
    // Beside the weights of a network, no dictionary has half as many names in common with them but a copy of them.
    let mut networks: Vec<&Candidate> = candidates.iter().filter(|candidate| candidate.tensors * 2 > most).collect();
    net::order::sort_by_key(&mut networks, |candidate: &&Candidate| {
        (is_averaged(&candidate.path), usize::MAX - candidate.tensors)
    });
    let Some(&first) = networks.first() else {
        return Err(malformed(match pickle.value(pickle.root) {
            Value::Dict(_) | Value::Object(_) => "it holds no tensors by name; save the state_dict".to_owned(),
            other => format!("it holds {}, and no state_dict", other.kind()),
        }));
    };
    let chosen = match wanted {
        None => first,
        Some(path) => {
            let all = || networks.iter().map(|candidate| candidate.path.clone()).collect::<Vec<_>>().join(", ");
            let named = candidates.iter().find(|candidate| candidate.path == path);
            named.ok_or_else(|| CheckpointError::NoPlace { path: shown(path), has: all() })?
        }
    };
    let tensors = tensors_at(pickle, chosen.at)?;
    let names = last_names(tensors.iter().map(|(name, _)| name.as_str()));
    let mut others = Vec::new();
    for other in networks.iter().filter(|other| other.at != chosen.at) {
        let theirs = tensors_at(pickle, other.at)?;
        let theirs = last_names(theirs.iter().map(|(name, _)| name.as_str()));
        // As many names of as many tensors: the first few tell whether it is a copy.
        let some = theirs.len().min(COMPARED);
        let shared = theirs.iter().take(some).filter(|name| names.contains(name)).count();
        if shared * 2 > some {
            others.push(other.path.clone());
        }
    }
    let class = match pickle.value(chosen.at) {
        Value::Object(object) => match pickle.value(object.class) {
            Value::Class(name) => Some(shown(name)),
            _ => None,
        },
        _ => None,
    };
    let place = Place { path: chosen.path.clone(), others, class, architecture: architecture(pickle) };
    Ok(Found { tensors, place })
}

fn is_averaged(path: &str) -> bool {
    path.to_ascii_lowercase().split(['.', '_']).any(|part| AVERAGED.contains(&part))
}

/// Returns the last two parts of each name, which prefixes leave as they are.
fn last_names<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let tail = |name: &'a str| name.rmatch_indices('.').nth(1).map_or(name, |(at, _)| &name[at + 1..]);
    names.map(tail).collect()
}

/// Returns all dictionaries and modules with tensors, those of the fewest keys first.
fn candidates(pickle: &Pickle) -> Result<Vec<Candidate>, CheckpointError> {
    let mut found = Vec::new();
    let mut seen = vec![false; pickle.arena.len()];
    seen[pickle.root] = true;
    let mut queue = vec![(pickle.root, String::new())];
    let mut next = 0;
    while let Some((at, path)) = queue.get_mut(next).map(std::mem::take) {
        next += 1;
        if is_module(pickle, at) {
            let tensors = module_tensors(pickle, at)?.len();
            if tensors > 0 {
                found.push(Candidate { path, at, tensors });
            }
            continue;
        }
        let mut tensors = 0;
        for &(key, value) in pickle.items(at) {
            let key = match pickle.value(key) {
                Value::Text(key) => key.clone(),
                Value::Int(key) => key.to_string(),
                _ => continue,
            };
            match pickle.value(value) {
                Value::Tensor(_) => tensors += 1,
                Value::Dict(_) | Value::Object(_) if path.len() + key.len() < MAX_PATH_BYTES && !seen[value] => {
                    seen[value] = true;
                    queue.push((value, if path.is_empty() { key } else { format!("{path}.{key}") }));
                }
                _ => {}
            }
        }
        at_most("tensors", tensors as u64, MAX_TENSORS)?;
        if tensors > 0 {
            found.push(Candidate { path, at, tensors });
        }
    }
    Ok(found)
}

/// Returns the tensors of the dictionary or module at `at`.
fn tensors_at(pickle: &Pickle, at: ValueIndex) -> Result<NamedTensors<'_>, CheckpointError> {
    if is_module(pickle, at) {
        return module_tensors(pickle, at);
    }
    let tensor = |&(key, value): &(ValueIndex, ValueIndex)| match (pickle.text(key), pickle.value(value)) {
        (Some(key), Value::Tensor(tensor)) => Some((key.to_owned(), &**tensor)),
        _ => None,
    };
    Ok(pickle.items(at).iter().filter_map(tensor).collect())
}

/// Returns the name of the architecture that the file gives, beside the tensors or among its options.
fn architecture(pickle: &Pickle) -> Option<String> {
    let named = |at: ValueIndex, wanted: &str| {
        pickle.items(at).iter().find(|&&(key, _)| pickle.text(key) == Some(wanted)).map(|&(_, value)| value)
    };
    let options = OPTIONS.iter().filter_map(|key| named(pickle.root, key));
    let mut places = std::iter::once(pickle.root).chain(options);
    places
        .find_map(|at| ARCHITECTURE.iter().find_map(|key| named(at, key).and_then(|value| pickle.text(value))))
        .map(shown)
}
