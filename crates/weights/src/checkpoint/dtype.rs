//! The types of the values in a checkpoint, and their conversion to F32.

use half::{bf16, f16};

/// The type of a tensor's values, named as in safetensors. Bytes are little-endian.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DType {
    /// IEEE 754 with 32 bits.
    F32,
    /// IEEE 754 with 16 bits.
    F16,
    /// The upper 16 bits of an F32.
    BF16,
    /// IEEE 754 with 64 bits. Values are rounded to the nearest F32.
    F64,
    /// Integers, as in batch normalization's counter of training batches.
    I64,
    /// Any other type. Such a tensor is listed, but its values cannot be read.
    Other {
        /// Its name.
        name: &'static str,
        /// Bytes of one value, or 0 if a value has less than one byte.
        bytes: u64,
    },
}

impl DType {
    /// Returns its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::F32 => "F32",
            Self::F16 => "F16",
            Self::BF16 => "BF16",
            Self::F64 => "F64",
            Self::I64 => "I64",
            Self::Other { name, .. } => name,
        }
    }

    /// Returns the bytes of one value.
    pub fn bytes(self) -> u64 {
        match self {
            Self::F16 | Self::BF16 => 2,
            Self::F32 => 4,
            Self::F64 | Self::I64 => 8,
            Self::Other { bytes, .. } => bytes,
        }
    }

    /// Returns whether its values can be read as F32.
    pub fn is_float(self) -> bool {
        matches!(self, Self::F32 | Self::F16 | Self::BF16 | Self::F64)
    }

    /// Converts `bytes` to F32 and appends the values to `out`. Bytes after the last whole value are ignored. Nothing
    /// is appended unless [`DType::is_float`].
    pub(super) fn decode(self, bytes: &[u8], out: &mut Vec<f32>) {
        match self {
            Self::F32 => out.extend(bytes.as_chunks().0.iter().map(|&b| f32::from_le_bytes(b))),
            Self::F16 => out.extend(bytes.as_chunks().0.iter().map(|&b| f16::from_le_bytes(b).to_f32())),
            Self::BF16 => out.extend(bytes.as_chunks().0.iter().map(|&b| bf16::from_le_bytes(b).to_f32())),
            Self::F64 => out.extend(bytes.as_chunks().0.iter().map(|&b| f64::from_le_bytes(b) as f32)),
            Self::I64 | Self::Other { .. } => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(dtype: DType, bytes: &[u8]) -> Vec<f32> {
        let mut out = Vec::new();
        dtype.decode(bytes, &mut out);
        out
    }

    #[test]
    fn every_float_type_is_decoded() {
        assert_eq!(decoded(DType::F32, &[0, 0, 0xC0, 0x3F, 0, 0, 0, 0x80]), [1.5, -0.0]);
        assert_eq!(decoded(DType::F16, &[0x00, 0x3E, 0x01, 0x00, 0x00, 0x7C]), [1.5, 2.0_f32.powi(-24), f32::INFINITY]);
        assert_eq!(decoded(DType::BF16, &[0xC0, 0x3F, 0x80, 0xFF]), [1.5, f32::NEG_INFINITY]);
        assert_eq!(decoded(DType::F64, &1.1_f64.to_le_bytes()), [1.1_f32]);
        assert!(decoded(DType::F16, &[0x01, 0x7E])[0].is_nan());
        assert!(decoded(DType::I64, &[0; 8]).is_empty());
        assert_eq!(decoded(DType::F32, &[0, 0, 0xC0, 0x3F, 9]), [1.5]);
    }
}
