//! The check that every fuzz target runs on its bytes.

use weights::{Checkpoint, CheckpointError};

/// Opens `bytes` as a checkpoint and loads every tensor, as a whole and row by row.
///
/// Both ways must return the same values, and as many as the dimensions say. Malformed bytes must cause an error, never
/// a panic.
pub fn read(bytes: Vec<u8>) {
    let len = bytes.len();
    let Ok(file) = pollster::block_on(Checkpoint::open(Box::new(bytes))) else { return };
    for (name, entry) in file.entries() {
        let load = |rows| pollster::block_on(file.load_rows(name, rows));
        let rows = entry.rows();
        match load(0..rows) {
            Ok(whole) => {
                let count: usize = if entry.dims().contains(&0) { 0 } else { entry.dims().iter().product() };
                assert_eq!(whole.len(), count, "{name}");
                // An expanded tensor repeats its values, up to a limit.
                assert!(count <= len.max(1 << 24), "{name} has more values than the file has bytes");
                if (1..=64).contains(&rows) {
                    let parts: Vec<f32> = (0..rows).flat_map(|row| load(row..row + 1).expect("should load a row of a tensor")).collect();
                    assert!(parts.iter().map(|x| x.to_bits()).eq(whole.iter().map(|x| x.to_bits())), "{name}");
                }
            }
            Err(CheckpointError::NoFloats { .. } | CheckpointError::Damaged { .. }) => {}
            Err(error) => panic!("{name} was listed and cannot be read: {error}"),
        }
    }
}
