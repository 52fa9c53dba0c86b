//! The values that a pickle builds, and the names that the reader knows.

use super::CheckpointError;
use super::dtype::DType;

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
    Bytes,
    Tuple(Vec<ValueIndex>),
    /// A list or a set.
    List(Vec<ValueIndex>),
    Dict(Vec<(ValueIndex, ValueIndex)>),
    Global(Global),
    /// A class or a function that the reader does not know, as `module.name`. Nothing of that name is looked up.
    Class(String),
    Object(Box<Object>),
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
            Self::Bytes => "bytes",
            Self::Tuple(_) => "a tuple",
            Self::List(_) => "a list",
            Self::Dict(_) => "a dictionary",
            Self::Global(_) | Self::Class(_) => "a function",
            Self::Object(_) => "an object",
            Self::Storage(_) => "a storage",
            Self::Tensor(_) => "a tensor",
        }
    }
}

/// An object of a class that the reader does not know. It is inert: it only holds what the file gives it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Object {
    /// The index of its class, or of the value that was called to make it.
    pub(super) class: ValueIndex,
    /// The values that it was made of.
    pub(super) arguments: Vec<ValueIndex>,
    /// The items that were appended to it, as to a list.
    pub(super) items: Vec<ValueIndex>,
    /// The items that were set, as those of a dictionary.
    pub(super) pairs: Vec<(ValueIndex, ValueIndex)>,
    /// Its state, usually a dictionary of its attributes.
    pub(super) state: Option<ValueIndex>,
}

/// The names that the reader knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Global {
    /// `collections.OrderedDict`, which is the type of a state_dict.
    OrderedDict,
    /// `torch._utils._rebuild_tensor_v2`, or `_rebuild_tensor` in old files.
    RebuildTensor,
    /// `torch._utils._rebuild_tensor_v3`, whose type is not that of its storage.
    RebuildTypedTensor,
    /// `torch._utils._rebuild_parameter` and `_rebuild_parameter_with_state`: the first argument is the tensor.
    RebuildParameter,
    /// `torch._utils._rebuild_qtensor`, a quantized tensor.
    RebuildQuantized,
    /// `torch._tensor._rebuild_from_type_v2`, which calls another of these functions.
    RebuildFromType,
    /// `torch.FloatStorage` and the storages of other types.
    Storage(DType),
    /// `torch.storage.UntypedStorage`, which has bytes only.
    UntypedStorage,
    /// `torch.float8_e4m3fn` and other types.
    Type(DType),
}

impl Global {
    /// Returns the entry for `module.name`, or `None` if the reader does not know it.
    pub(super) fn named(module: &str, name: &str) -> Option<Self> {
        Some(match (module, name) {
            ("collections", "OrderedDict") => Self::OrderedDict,
            ("torch._utils", "_rebuild_tensor_v2" | "_rebuild_tensor") => Self::RebuildTensor,
            ("torch._utils", "_rebuild_tensor_v3") => Self::RebuildTypedTensor,
            ("torch._utils", "_rebuild_parameter" | "_rebuild_parameter_with_state") => Self::RebuildParameter,
            ("torch._utils", "_rebuild_qtensor") => Self::RebuildQuantized,
            ("torch._tensor", "_rebuild_from_type_v2") => Self::RebuildFromType,
            ("torch" | "torch.storage", "UntypedStorage") => Self::UntypedStorage,
            ("torch" | "torch.cuda" | "torch.storage", _) => {
                return match name.strip_suffix("Storage") {
                    Some(kind) => DType::of_storage(kind).map(Self::Storage),
                    None => DType::of_torch(name).map(Self::Type),
                };
            }
            _ => return None,
        })
    }
}

/// A storage: consecutive values in the file that a key identifies.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Storage {
    /// The type of its values. `None` if it has bytes only.
    pub(super) dtype: Option<DType>,
    /// Its key, which is a text.
    pub(super) key: ValueIndex,
    /// The number of its values, or of its bytes if it has no type.
    pub(super) len: u64,
    /// The index at which a view of it begins (in files older than PyTorch 0.4).
    pub(super) base: u64,
}

impl Storage {
    /// Returns its length in bytes.
    ///
    /// # Errors
    /// [`CheckpointError::Malformed`] if that passes 2^64.
    pub(super) fn bytes(&self) -> Result<u64, CheckpointError> {
        let bytes = self.len.checked_mul(self.dtype.map_or(1, DType::bytes));
        bytes.ok_or_else(|| malformed(format!("a storage of {} values passes 2^64 bytes", self.len)))
    }
}

/// A tensor over a storage, as the file describes it. Its position has not been checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PickledTensor {
    pub(super) storage: ValueIndex,
    /// The type of its values.
    pub(super) dtype: DType,
    /// The index of its first value in the storage.
    pub(super) offset: u64,
    pub(super) dims: Vec<usize>,
    pub(super) strides: Vec<u64>,
}
