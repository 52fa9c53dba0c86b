//! The names that pickles of PyTorch may use, and the tensors that they build.

use super::CheckpointError;
use super::dtype::DType;
use super::pickle::{Value, ValueIndex, malformed};

/// The most dimensions of a tensor.
const MAX_DIMS: usize = 8;

/// The most bytes of a name in an error message.
const SHOWN: usize = 80;

/// The closed list of names that a pickle may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Global {
    /// `collections.OrderedDict`, which is the type of a state_dict.
    OrderedDict,
    /// `torch._utils._rebuild_tensor_v2`, or `_rebuild_tensor` in old files.
    RebuildTensor,
    /// `torch._utils._rebuild_parameter`.
    RebuildParameter,
    /// `torch.FloatStorage` and the storages of other types.
    Storage(DType),
}

impl Global {
    /// Returns the entry of the list for `module.name`.
    ///
    /// # Errors
    /// [`CheckpointError::Refused`] if it is not in the list.
    pub(super) fn named(module: &str, name: &str) -> Result<Self, CheckpointError> {
        let other = |name, bytes| Self::Storage(DType::Other { name, bytes });
        Ok(match (module, name) {
            ("collections", "OrderedDict") => Self::OrderedDict,
            ("torch._utils", "_rebuild_tensor_v2" | "_rebuild_tensor") => Self::RebuildTensor,
            ("torch._utils", "_rebuild_parameter") => Self::RebuildParameter,
            ("torch", "FloatStorage") => Self::Storage(DType::F32),
            ("torch", "HalfStorage") => Self::Storage(DType::F16),
            ("torch", "BFloat16Storage") => Self::Storage(DType::BF16),
            ("torch", "DoubleStorage") => Self::Storage(DType::F64),
            ("torch", "LongStorage") => Self::Storage(DType::I64),
            ("torch", "IntStorage") => other("I32", 4),
            ("torch", "ShortStorage") => other("I16", 2),
            ("torch", "CharStorage") => other("I8", 1),
            ("torch", "ByteStorage") => other("U8", 1),
            ("torch", "BoolStorage") => other("BOOL", 1),
            _ => {
                let asked: String = format!("{module}.{name}").escape_debug().take(SHOWN).collect();
                return Err(CheckpointError::Refused { what: asked });
            }
        })
    }
}

/// A storage: consecutive values in the file that a key identifies.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Storage {
    /// The type of its values.
    pub(super) dtype: DType,
    /// Its key, which is a text.
    pub(super) key: ValueIndex,
    /// The number of its values.
    pub(super) len: u64,
    /// The index at which a view of it begins (in files older than PyTorch 0.4).
    pub(super) base: u64,
}

/// A tensor over a storage, as the file describes it. Its position has not been checked.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct PickledTensor {
    pub(super) storage: ValueIndex,
    /// The index of its first value in the storage.
    pub(super) offset: u64,
    pub(super) dims: Vec<usize>,
    pub(super) strides: Vec<u64>,
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
