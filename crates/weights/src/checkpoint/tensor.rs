//! The storages and tensors that pickles of PyTorch build.

use super::CheckpointError;
use super::value::{Global, PickledTensor, Storage, Value, ValueIndex, malformed};

/// The most dimensions of a tensor.
const MAX_DIMS: usize = 8;

fn unsigned(arena: &[Value], at: ValueIndex, what: &str) -> Result<u64, CheckpointError> {
    match &arena[at] {
        Value::Int(value) => u64::try_from(*value).map_err(|_| malformed(format!("{what} is {value}"))),
        other => Err(malformed(format!("{what} is {}", other.kind()))),
    }
}

pub(super) fn text<'a>(arena: &'a [Value], at: ValueIndex, what: &str) -> Result<&'a str, CheckpointError> {
    match &arena[at] {
        Value::Text(text) => Ok(text),
        other => Err(malformed(format!("{what} is {}", other.kind()))),
    }
}

/// Reads a tuple of at most [`MAX_DIMS`] numbers.
fn numbers(arena: &[Value], at: ValueIndex, what: &str) -> Result<Vec<u64>, CheckpointError> {
    match &arena[at] {
        Value::Tuple(items) if items.len() <= MAX_DIMS => {
            items.iter().map(|&item| unsigned(arena, item, what)).collect()
        }
        Value::Tuple(items) => Err(malformed(format!("{what} has {} numbers", items.len()))),
        other => Err(malformed(format!("{what} is {}", other.kind()))),
    }
}

/// Reads the storage of a persistent id: `('storage', type, key, location, elements)`. In legacy files there is a sixth
/// part, which is `None` or `(key of the view, offset, elements)`.
pub(super) fn storage(arena: &[Value], id: ValueIndex) -> Result<Storage, CheckpointError> {
    let parts = match &arena[id] {
        Value::Tuple(parts) => parts.as_slice(),
        other => return Err(malformed(format!("a storage is {}", other.kind()))),
    };
    let (&[tag, kind, key, _location, len], view) = match parts.split_first_chunk::<5>() {
        Some((five, view @ ([] | [_]))) => (five, view.first()),
        _ => return Err(malformed(format!("a storage has {} parts", parts.len()))),
    };
    if text(arena, tag, "the tag of a storage")? != "storage" {
        return Err(malformed("a persistent id is no storage"));
    }
    let Value::Global(Global::Storage(dtype)) = arena[kind] else {
        return Err(malformed(format!("the type of a storage is {}", arena[kind].kind())));
    };
    let base = match view.map(|&view| &arena[view]) {
        None | Some(Value::None) => 0,
        Some(Value::Tuple(view)) if view.len() == 3 => unsigned(arena, view[1], "the offset of a view")?,
        Some(other) => return Err(malformed(format!("a view of a storage is {}", other.kind()))),
    };
    text(arena, key, "the key of a storage")?;
    Ok(Storage { dtype, key, len: unsigned(arena, len, "the size of a storage")?, base })
}

/// Builds the tensor of `(storage, offset, dimensions, strides, ...)`. The further arguments, for gradients and hooks,
/// are ignored.
pub(super) fn rebuild(arena: &[Value], arguments: &[ValueIndex]) -> Result<PickledTensor, CheckpointError> {
    let &[storage, offset, dims, strides, ..] = arguments else {
        return Err(malformed(format!("a tensor is made of {} parts", arguments.len())));
    };
    let Value::Storage(over) = &arena[storage] else {
        return Err(malformed(format!("the storage of a tensor is {}", arena[storage].kind())));
    };
    let offset = unsigned(arena, offset, "the offset of a tensor")?;
    let offset = offset.checked_add(over.base).ok_or_else(|| malformed("the offset of a tensor passes 2^64"))?;
    let dims = numbers(arena, dims, "the size of a tensor")?;
    let dims = dims.into_iter().map(|dim| usize::try_from(dim).map_err(|_| malformed(format!("a dimension is {dim}"))));
    Ok(PickledTensor {
        storage,
        offset,
        dims: dims.collect::<Result<_, _>>()?,
        strides: numbers(arena, strides, "the strides of a tensor")?,
    })
}
