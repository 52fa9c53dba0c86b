//! Export of the results of a pass: feature maps and activations in formats that other programs read.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use net::Graph;
use weights::{Array, WeightsError, to_safetensors};

/// Writes values as a NumPy file: float32, little-endian, in C order (NEP 1, format version 1.0). The length of
/// `values` is the product of `shape`.
pub fn write_npy(values: &[f32], shape: &[usize]) -> Vec<u8> {
    let sides: Vec<String> = shape.iter().map(|side| format!("{side},")).collect();
    let mut header = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({}), }}", sides.join(" "));
    // The magic string, the version and the length of the header take ten bytes. The values begin at a multiple of 64.
    let padding = (64 - (10 + header.len() + 1) % 64) % 64;
    header.extend(std::iter::repeat_n(' ', padding));
    header.push('\n');
    let mut out = b"\x93NUMPY\x01\x00".to_vec();
    out.extend((header.len() as u16).to_le_bytes());
    out.extend(header.into_bytes());
    out.extend(values.iter().flat_map(|value| value.to_le_bytes()));
    out
}

/// Writes values as CSV with `columns` numbers per line. Each number has the fewest digits that read back exactly.
pub fn write_csv(values: &[f32], columns: usize) -> String {
    let mut out = String::new();
    for row in values.chunks(columns.max(1)) {
        for (column, value) in row.iter().enumerate() {
            // Writing to a string cannot fail.
            let _ = write!(out, "{}{value}", if column > 0 { "," } else { "" });
        }
        out.push('\n');
    }
    out
}

/// Writes every output of a pass as a `.safetensors` file in F32. Each tensor has the name of its node, and again each
/// of its aliases, with a batch dimension of one. `outputs` are indexed by node, each in CHW order.
///
/// # Errors
/// [`WeightsError::Unwritable`] if an output does not have the shape of its node.
pub fn activations(
    graph: &Graph,
    outputs: &[Vec<f32>],
    metadata: &BTreeMap<String, String>,
) -> Result<Vec<u8>, WeightsError> {
    let names = graph.iter().map(|(id, node)| (node.name.as_str(), id)).chain(graph.aliases());
    let mut arrays = BTreeMap::new();
    for (name, id) in names {
        let values = outputs.get(id.0).cloned().unwrap_or_default();
        arrays.insert(name, Array { dims: graph.node(id).shape.dims(), values });
    }
    to_safetensors(arrays.iter().map(|(name, array)| (*name, array)), metadata)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_numpy_file_follows_its_format() {
        let bytes = write_npy(&[1.0, -2.5, 0.0, 3.0, 4.0, 5.0], &[2, 3]);
        assert_eq!(&bytes[..8], b"\x93NUMPY\x01\x00");
        let length = usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
        assert_eq!((10 + length) % 64, 0);
        let header = std::str::from_utf8(&bytes[10..10 + length]).expect("should be text");
        assert!(header.starts_with("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3,), }"), "{header}");
        assert!(header.ends_with('\n'));
        assert_eq!(bytes.len(), 10 + length + 24);
        assert_eq!(bytes[10 + length + 4..][..4], (-2.5_f32).to_le_bytes());
    }

    #[test]
    fn csv_numbers_read_back_exactly() {
        let values = [0.1_f32, -1.0 / 3.0, 1e-30, 16_777_217.0, 0.0, f32::MIN_POSITIVE];
        let text = write_csv(&values, 3);
        assert_eq!(text.lines().count(), 2);
        let read: Vec<f32> =
            text.lines().flat_map(|line| line.split(',')).map(|n| n.parse().expect("should be a number")).collect();
        assert_eq!(read, values);
    }
}
