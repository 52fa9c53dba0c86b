//! The storages and tensors that pickles of PyTorch build.

use super::CheckpointError;
use super::value::{Global, PickledTensor, Storage, Value, ValueIndex, malformed};

/// The most dimensions of a tensor.
const MAX_DIMS: usize = 8;

/// The most bytes of a name in an error message.
const SHOWN: usize = 80;

/// Returns a name of the file as messages show it: without characters that do not print, and not too long.
pub(super) fn shown(name: &str) -> String {
    name.escape_debug().take(SHOWN).collect()
}

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

/// Returns the class of a persistent id `('module', class, file, source)`, with which legacy files keep the source of a
/// module's class. `None` if `id` is another one.
pub(super) fn source_of(arena: &[Value], id: ValueIndex) -> Option<ValueIndex> {
    match &arena[id] {
        Value::Tuple(parts) => match parts.as_slice() {
            &[tag, class, _, _] if matches!(&arena[tag], Value::Text(tag) if tag == "module") => Some(class),
            _ => None,
        },
        _ => None,
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
    let dtype = match &arena[kind] {
        Value::Global(Global::Storage(dtype)) => Some(*dtype),
        Value::Global(Global::UntypedStorage) => None,
        Value::Class(name) => return Err(malformed(format!("the type of a storage is {}", shown(name)))),
        other => return Err(malformed(format!("the type of a storage is {}", other.kind()))),
    };
    let base = match view.map(|&view| &arena[view]) {
        None | Some(Value::None) => 0,
        Some(Value::Tuple(view)) if view.len() == 3 => unsigned(arena, view[1], "the offset of a view")?,
        Some(other) => return Err(malformed(format!("a view of a storage is {}", other.kind()))),
    };
    text(arena, key, "the key of a storage")?;
    Ok(Storage { dtype, key, len: unsigned(arena, len, "the size of a storage")?, base })
}

/// Builds the tensor of `(storage, offset, dimensions, strides, ...)`. Of the further arguments, for gradients and
/// hooks, the seventh is the type of the values if `typed`.
pub(super) fn rebuild(
    arena: &[Value],
    arguments: &[ValueIndex],
    typed: bool,
) -> Result<PickledTensor, CheckpointError> {
    let &[storage, offset, dims, strides, ..] = arguments else {
        return Err(malformed(format!("a tensor is made of {} parts", arguments.len())));
    };
    let Value::Storage(over) = &arena[storage] else {
        return Err(malformed(format!("the storage of a tensor is {}", arena[storage].kind())));
    };
    let dtype = match arguments.get(6).filter(|_| typed).map(|&dtype| &arena[dtype]) {
        Some(Value::Global(Global::Type(dtype))) => *dtype,
        Some(Value::Class(name)) => return Err(malformed(format!("the type of a tensor is {}", shown(name)))),
        _ => over.dtype.ok_or_else(|| malformed("a tensor has no type"))?,
    };
    let offset = unsigned(arena, offset, "the offset of a tensor")?;
    let offset = offset.checked_add(over.base).ok_or_else(|| malformed("the offset of a tensor passes 2^64"))?;
    let dims = numbers(arena, dims, "the size of a tensor")?;
    let dims = dims.into_iter().map(|dim| usize::try_from(dim).map_err(|_| malformed(format!("a dimension is {dim}"))));
    Ok(PickledTensor {
        storage,
        dtype,
        offset,
        dims: dims.collect::<Result<_, _>>()?,
        strides: numbers(arena, strides, "the strides of a tensor")?,
    })
}
