//! The tensors of whole modules, as `torch.save(model)` and `torch.jit.save` write them.
//!
//! The state of a module is a dictionary of its attributes. `torch.nn.Module` keeps its tensors in `_parameters` and
//! `_buffers` and the modules within it in `_modules` (`torch/nn/modules/module.py`). A module of TorchScript has all of
//! them as plain attributes, and a class in `__torch__`.

use super::CheckpointError;
use super::error::at_most;
use super::index::MAX_TENSORS;
use super::pickle::Pickle;
use super::value::{Object, PickledTensor, Value, ValueIndex, malformed};

/// The tensors of one dictionary or module, by name, in the order of the file.
pub(super) type NamedTensors<'a> = Vec<(String, &'a PickledTensor)>;

/// The most modules within each other.
const MAX_DEPTH: usize = 32;

fn attribute(pickle: &Pickle, at: ValueIndex, wanted: &str) -> Option<ValueIndex> {
    pickle.items(at).iter().find(|&&(key, _)| pickle.text(key) == Some(wanted)).map(|&(_, value)| value)
}

fn is_script(pickle: &Pickle, object: &Object) -> bool {
    matches!(pickle.value(object.class), Value::Class(name) if name.starts_with("__torch__."))
}

/// Returns whether the value at `at` is a module.
pub(super) fn is_module(pickle: &Pickle, at: ValueIndex) -> bool {
    match pickle.value(at) {
        Value::Object(object) => is_script(pickle, object) || attribute(pickle, at, "_modules").is_some(),
        _ => false,
    }
}

/// Returns the tensors of a module and of all modules within it, under the names that its state_dict has for them.
///
/// # Errors
/// [`CheckpointError::TooMuch`] if there are too many, [`CheckpointError::Malformed`] if modules hold each other.
pub(super) fn module_tensors(pickle: &Pickle, module: ValueIndex) -> Result<NamedTensors<'_>, CheckpointError> {
    let mut found = Vec::new();
    let mut visited = 0;
    let mut open = vec![(module, String::new(), 0)];
    while let Some((at, prefix, depth)) = open.pop() {
        visited += 1;
        at_most("modules", visited, MAX_TENSORS)?;
        if depth > MAX_DEPTH {
            return Err(malformed(format!("more than {MAX_DEPTH} modules are within each other")));
        }
        let Value::Object(object) = pickle.value(at) else { continue };
        let (tensors, modules) = if is_script(pickle, object) {
            (vec![at], vec![at])
        } else {
            let tensors = ["_parameters", "_buffers"].iter().filter_map(|name| attribute(pickle, at, name)).collect();
            (tensors, attribute(pickle, at, "_modules").into_iter().collect())
        };
        for &(key, value) in tensors.iter().flat_map(|&at| pickle.items(at)) {
            if let (Some(key), Value::Tensor(tensor)) = (pickle.text(key), pickle.value(value)) {
                found.push((format!("{prefix}{key}"), &**tensor));
            }
        }
        at_most("tensors", found.len() as u64, MAX_TENSORS)?;
        // The last one that is added is visited next, so they are added from the last to the first.
        for &(key, value) in modules.iter().flat_map(|&at| pickle.items(at)).rev() {
            if let (Some(key), true) = (pickle.text(key), is_module(pickle, value)) {
                open.push((value, format!("{prefix}{key}."), depth + 1));
            }
        }
    }
    Ok(found)
}
