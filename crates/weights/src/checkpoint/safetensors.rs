//! The header of a safetensors file: its length in 8 bytes, and then JSON.

use std::collections::BTreeMap;

use safetensors::tensor::{Dtype, Metadata};

use super::dtype::DType;
use super::error::at_most;
use super::index::{ByteRun, Index, MAX_NAME_BYTES, MAX_TENSORS, Place, TensorEntry};
use super::layout::StorageLayout;
use super::tensor::shown;
use super::{ByteSource, CheckpointError};
use crate::bytes::read;

/// The most bytes of a header. That of ResNet-152 has 100 KB.
const MAX_HEADER_BYTES: u64 = 4 << 20;

/// The number of bytes that hold the length of the header.
const LENGTH_BYTES: u64 = 8;

const PART_NAME: &str = "the header of the safetensors file";

fn dtype(dtype: Dtype) -> DType {
    let other = |name, bytes| DType::Other { name, bytes };
    match dtype {
        Dtype::F32 => DType::F32,
        Dtype::F16 => DType::F16,
        Dtype::BF16 => DType::BF16,
        Dtype::F64 => DType::F64,
        Dtype::I64 => DType::I64,
        Dtype::U64 => other("U64", 8),
        Dtype::I32 => other("I32", 4),
        Dtype::U32 => other("U32", 4),
        Dtype::I16 => other("I16", 2),
        Dtype::U16 => other("U16", 2),
        Dtype::I8 => other("I8", 1),
        Dtype::U8 => other("U8", 1),
        Dtype::BOOL => other("BOOL", 1),
        Dtype::F8_E4M3 => DType::F8E4M3,
        Dtype::F8_E5M2 => DType::F8E5M2,
        Dtype::F8_E8M0 => other("F8_E8M0", 1),
        Dtype::C64 => other("C64", 8),
        _ => other("a type of fewer than 8 bits", 0),
    }
}

/// Reads the contents of a safetensors file from its header.
pub(super) async fn open(source: &dyn ByteSource) -> Result<Index, CheckpointError> {
    let length = read(source, 0..LENGTH_BYTES, PART_NAME).await?;
    let length = u64::from_le_bytes(length.try_into().map_err(|_| CheckpointError::CutOff { what: PART_NAME })?);
    at_most("bytes of the header", length, MAX_HEADER_BYTES)?;
    let start = LENGTH_BYTES + length;
    let header = read(source, LENGTH_BYTES..start, PART_NAME).await?;
    // Parsing also checks that the tensors follow each other without a gap, and that each has the length of its shape.
    let header: Metadata =
        serde_json::from_slice(&header).map_err(|error| CheckpointError::malformed(PART_NAME, error.to_string()))?;
    let tensors = header.tensors();
    at_most("tensors", tensors.len() as u64, MAX_TENSORS)?;
    let bytes = header.data_len() as u64;
    match (start + bytes).cmp(&source.len()) {
        std::cmp::Ordering::Greater => return Err(CheckpointError::CutOff { what: "the values" }),
        std::cmp::Ordering::Less => {
            return Err(CheckpointError::malformed(PART_NAME, "the file is longer than it says"));
        }
        std::cmp::Ordering::Equal => {}
    }
    let mut entries = BTreeMap::new();
    let mut runs = Vec::new();
    for (name, info) in tensors {
        at_most("bytes of a tensor's name", name.len() as u64, MAX_NAME_BYTES)?;
        let (from, to) = info.data_offsets;
        let layout = StorageLayout::contiguous(info.shape.clone(), 0);
        entries.insert(name, TensorEntry { dtype: dtype(info.dtype), layout, run: runs.len() });
        runs.push(ByteRun { start: start + from as u64, bytes: (to - from) as u64, crc: None });
    }
    let mut metadata = BTreeMap::new();
    metadata.extend(header.metadata().clone().unwrap_or_default());
    let place = Place { architecture: metadata.get("architecture").map(|name| shown(name)), ..Place::default() };
    Ok(Index { format: "safetensors", entries, runs, metadata, place, ..Index::default() })
}
