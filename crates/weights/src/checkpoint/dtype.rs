//! The types of the values in a checkpoint, and their conversion to F32.

use half::{bf16, f16};

/// The type of a tensor's values, named as in safetensors.
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
    /// 8 bits, 4 of them exponent and 3 fraction, without infinity (OCP 8-bit Floating Point Specification, E4M3).
    F8E4M3,
    /// 8 bits, 5 of them exponent and 2 fraction: the upper byte of an F16 (OCP 8-bit Floating Point Specification, E5M2).
    F8E5M2,
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
            Self::F8E4M3 => "F8_E4M3",
            Self::F8E5M2 => "F8_E5M2",
            Self::I64 => "I64",
            Self::Other { name, .. } => name,
        }
    }

    /// Returns the bytes of one value.
    pub fn bytes(self) -> u64 {
        match self {
            Self::F8E4M3 | Self::F8E5M2 => 1,
            Self::F16 | Self::BF16 => 2,
            Self::F32 => 4,
            Self::F64 | Self::I64 => 8,
            Self::Other { bytes, .. } => bytes,
        }
    }

    /// Returns whether its values can be read as F32.
    pub fn is_float(self) -> bool {
        !matches!(self, Self::I64 | Self::Other { .. })
    }

    /// Returns the type of the storages that PyTorch calls `{kind}Storage`.
    pub(super) fn of_storage(kind: &str) -> Option<Self> {
        let other = |name, bytes| Self::Other { name, bytes };
        Some(match kind {
            "Float" => Self::F32,
            "Half" => Self::F16,
            "BFloat16" => Self::BF16,
            "Double" => Self::F64,
            "Long" => Self::I64,
            "Int" => other("I32", 4),
            "Short" => other("I16", 2),
            "Char" => other("I8", 1),
            "Byte" => other("U8", 1),
            "Bool" => other("BOOL", 1),
            "ComplexFloat" => other("C64", 8),
            "ComplexDouble" => other("C128", 16),
            "QInt8" => other("qint8", 1),
            "QUInt8" => other("quint8", 1),
            "QInt32" => other("qint32", 4),
            _ => return None,
        })
    }

    /// Returns the type that is `torch.{name}`. Only those without a storage of their own are here: files name the
    /// types of other tensors by their storages.
    pub(super) fn of_torch(name: &str) -> Option<Self> {
        let other = |name, bytes| Self::Other { name, bytes };
        Some(match name {
            "float8_e4m3fn" => Self::F8E4M3,
            "float8_e5m2" => Self::F8E5M2,
            "float8_e4m3fnuz" => other("F8_E4M3FNUZ", 1),
            "float8_e5m2fnuz" => other("F8_E5M2FNUZ", 1),
            "float8_e8m0fnu" => other("F8_E8M0", 1),
            "uint16" => other("U16", 2),
            "uint32" => other("U32", 4),
            "uint64" => other("U64", 8),
            _ => return None,
        })
    }

    /// Converts little-endian `bytes` to F32 and appends the values to `out`. Bytes after the last whole value are
    /// ignored. Nothing is appended unless [`DType::is_float`].
    pub(super) fn decode(self, bytes: &[u8], out: &mut Vec<f32>) {
        match self {
            Self::F32 => out.extend(bytes.as_chunks().0.iter().map(|&b| f32::from_le_bytes(b))),
            Self::F16 => out.extend(bytes.as_chunks().0.iter().map(|&b| f16::from_le_bytes(b).to_f32())),
            Self::BF16 => out.extend(bytes.as_chunks().0.iter().map(|&b| bf16::from_le_bytes(b).to_f32())),
            Self::F64 => out.extend(bytes.as_chunks().0.iter().map(|&b| f64::from_le_bytes(b) as f32)),
            Self::F8E4M3 => out.extend(bytes.iter().map(|&b| e4m3(b))),
            Self::F8E5M2 => out.extend(bytes.iter().map(|&b| f16::from_bits(u16::from(b) << 8).to_f32())),
            Self::I64 | Self::Other { .. } => {}
        }
    }
}

/// Returns the value of an E4M3 number: a bias of 7, subnormals at exponent 0, and NaN where all other bits are set.
fn e4m3(bits: u8) -> f32 {
    let (exponent, fraction) = (i32::from(bits >> 3 & 15), f32::from(bits & 7));
    let size = match (exponent, bits & 7) {
        (15, 7) => f32::NAN,
        (0, _) => fraction / 512.0,
        _ => (1.0 + fraction / 8.0) * 2.0_f32.powi(exponent - 7),
    };
    if bits & 0x80 == 0 { size } else { -size }
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

    /// The values are those of the tables of the OCP specification.
    #[test]
    fn both_types_of_eight_bits_are_exact() {
        let e4m3 = [(0x00, 0.0), (0x01, 2.0_f32.powi(-9)), (0x08, 2.0_f32.powi(-6)), (0x38, 1.0), (0x7E, 448.0)];
        let e5m2 = [(0x00, 0.0), (0x01, 2.0_f32.powi(-16)), (0x04, 2.0_f32.powi(-14)), (0x3C, 1.0), (0x7B, 57344.0)];
        for (dtype, known) in [(DType::F8E4M3, e4m3), (DType::F8E5M2, e5m2)] {
            for (bits, value) in known {
                assert_eq!(decoded(dtype, &[bits, bits | 0x80]), [value, -value], "{} {bits:#x}", dtype.name());
            }
            assert!(decoded(dtype, &[0x7F, 0xFF]).iter().all(|value| value.is_nan()));
        }
        assert_eq!(decoded(DType::F8E5M2, &[0x7C, 0xFC]), [f32::INFINITY, f32::NEG_INFINITY]);
    }
}
