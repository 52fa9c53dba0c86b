//! The contents of a checkpoint, as its headers list them.

use std::collections::BTreeMap;

use super::dtype::DType;
use super::layout::StorageLayout;

/// The most tensors of a file. ResNet-152 has 932.
pub(super) const MAX_TENSORS: u64 = 1 << 14;

/// The most bytes of a tensor's name.
pub(super) const MAX_NAME_BYTES: u64 = 256;

/// Consecutive bytes of the file that contain tensors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ByteRun {
    /// Their first position in the file.
    pub(super) start: u64,
    /// Their number.
    pub(super) bytes: u64,
    /// The CRC-32 of the bytes, if the file has one.
    pub(super) crc: Option<u32>,
}

/// The description of one tensor of a file, without its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TensorEntry {
    pub(super) dtype: DType,
    pub(super) layout: StorageLayout,
    /// The index of the run of bytes that contains it.
    pub(super) run: usize,
}

impl TensorEntry {
    /// Returns its dimensions, in PyTorch's order.
    pub fn dims(&self) -> &[usize] {
        &self.layout.dims
    }

    /// Returns the type of its values.
    pub fn dtype(&self) -> DType {
        self.dtype
    }

    /// Returns its leading dimension. A scalar has one row.
    pub fn rows(&self) -> usize {
        self.layout.rows()
    }
}

/// The place of the tensors in a file that holds more than tensors.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The keys that lead to them, with dots between them. Empty if they are not in anything else.
    pub path: String,
    /// The places of other tensors of the same names, for example of averaged weights.
    pub others: Vec<String>,
    /// The class of the module that holds them, with characters that do not print escaped. `None` if they are in a
    /// state_dict.
    pub class: Option<String>,
    /// The name that the file gives its architecture, with characters that do not print escaped.
    pub architecture: Option<String>,
}

/// The order of the bytes of a value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum ByteOrder {
    #[default]
    Little,
    Big,
}

/// The contents of a file, from its headers.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// The name of the format.
    pub(super) format: &'static str,
    /// The tensors by name.
    pub(super) entries: BTreeMap<String, TensorEntry>,
    /// The bytes that contain them.
    pub(super) runs: Vec<ByteRun>,
    /// The bytes of compressed runs. Their positions begin at the length of the file.
    pub(super) unpacked: Vec<u8>,
    /// The order of the bytes of all values.
    pub(super) order: ByteOrder,
    /// The metadata, which only safetensors files have.
    pub(super) metadata: BTreeMap<String, String>,
    /// The place of the tensors.
    pub(super) place: Place,
}
