//! The values that a pickle builds, and the names that it may use.

use super::CheckpointError;
use super::dtype::DType;

/// The most bytes of a name in an error message.
const SHOWN: usize = 80;

/// The name of a pickle in error messages.
pub(super) const PART_NAME: &str = "its pickle";

/// Returns the error of a pickle that is damaged or not of PyTorch.
pub(super) fn malformed(reason: impl Into<String>) -> CheckpointError {
    CheckpointError::malformed(PART_NAME, reason)
}

/// The index of a value in the arena.
pub(super) type ValueIndex = usize;

/// A value that a pickle builds.
#[derive(Debug, PartialEq)]
pub(super) enum Value {
    None,
    Bool,
    Float,
    Int(i128),
    Text(String),
    Tuple(Vec<ValueIndex>),
    List(Vec<ValueIndex>),
    Dict(Vec<(ValueIndex, ValueIndex)>),
    Global(Global),
    Storage(Box<Storage>),
    Tensor(Box<PickledTensor>),
}

impl Value {
    /// Returns the kind of value, as error messages call it.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::None => "None",
            Self::Bool => "a truth value",
            Self::Float | Self::Int(_) => "a number",
            Self::Text(_) => "a text",
            Self::Tuple(_) => "a tuple",
            Self::List(_) => "a list",
            Self::Dict(_) => "a dictionary",
            Self::Global(_) => "a function",
            Self::Storage(_) => "a storage",
            Self::Tensor(_) => "a tensor",
        }
    }
}

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
