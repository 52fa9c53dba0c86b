//! A tensor source returns the same values from seeds, files and memory, and reads no byte twice.

use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use net::network;
use weights::{ByteSource, CHUNK_BYTES, CheckpointError, LocalFuture, TensorSource, Weights, WeightsError};

use super::{SEED, bytes, modern, open, small};

/// Bytes that record every read.
struct Counted {
    bytes: Vec<u8>,
    reads: Rc<RefCell<Vec<Range<u64>>>>,
}

impl ByteSource for Counted {
    fn len(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn read(&self, range: Range<u64>) -> LocalFuture<'_, Result<Vec<u8>, CheckpointError>> {
        self.reads.borrow_mut().push(range.clone());
        ByteSource::read(&self.bytes, range)
    }
}

#[test]
fn headers_are_read_first_and_no_value_twice() {
    for (file, most) in [
        ("lenet5-modern.safetensors", 4 << 10),
        ("lenet5-modern.pth", 96 << 10),
        ("lenet5-modern-legacy.pth", 72 << 10),
    ] {
        let reads = Rc::new(RefCell::new(Vec::new()));
        let counted = Counted { bytes: bytes(file), reads: reads.clone() };
        let total = |reads: &[Range<u64>]| reads.iter().map(|range| range.end - range.start).sum::<u64>();
        let source = pollster::block_on(TensorSource::open(&modern(), Box::new(counted))).expect("should fit");
        assert!(total(&reads.borrow()) < most, "{file}: {} bytes of headers", total(&reads.borrow()));
        reads.borrow_mut().clear();
        let weights = pollster::block_on(Weights::from_source(&source)).expect("should load");
        let mut wanted = Weights::seeded(&modern(), SEED);
        wanted.metadata.clone_from(&weights.metadata);
        assert_eq!(weights, wanted);
        assert_eq!(total(&reads.borrow()), 4 * 61_706, "{file}");
        assert!(reads.borrow().iter().all(|range| range.end - range.start <= CHUNK_BYTES));
    }
}

/// Bytes that fail after `left` reads.
struct Failing {
    bytes: Vec<u8>,
    left: Cell<usize>,
}

impl ByteSource for Failing {
    fn len(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn read(&self, range: Range<u64>) -> LocalFuture<'_, Result<Vec<u8>, CheckpointError>> {
        let Some(left) = self.left.get().checked_sub(1) else {
            let reason = "the disk is gone".to_owned();
            let error = CheckpointError::Read { start: range.start, end: range.end, reason };
            return Box::pin(std::future::ready(Err(error)));
        };
        self.left.set(left);
        ByteSource::read(&self.bytes, range)
    }
}

#[test]
fn any_failing_read_ends_the_load() {
    for file in ["small-shared.pth", "small-f64-legacy.pth"] {
        let attempt = |reads: usize| {
            let failing = Failing { bytes: bytes(file), left: Cell::new(reads) };
            let source = pollster::block_on(TensorSource::open(&small(), Box::new(failing)))?;
            pollster::block_on(Weights::from_source(&source))
        };
        let needed = (0..100).find(|&reads| attempt(reads).is_ok()).expect("should need fewer than 100 reads");
        assert!(needed > 4);
        for reads in 0..needed {
            let error = attempt(reads).expect_err("should fail");
            assert!(matches!(&error, WeightsError::Checkpoint(CheckpointError::Read { .. })), "{error}");
            assert!(error.to_string().contains("the disk is gone"));
        }
    }
}

#[test]
fn seeds_files_and_memory_return_the_same_rows() {
    let graph = small();
    let weights = Arc::new(Weights::seeded(&graph, SEED));
    let file = open(bytes("small-transposed.pth")).expect("should open");
    let sources = [
        TensorSource::seeded(&graph, SEED),
        TensorSource::checkpoint(&graph, file).expect("should fit"),
        TensorSource::weights(&graph, weights.clone()).expect("should fit"),
    ];
    for source in &sources {
        for (name, dims) in source.tensors() {
            let whole = &weights.get(name).expect("should be there").values;
            let row = whole.len() / dims[0];
            for rows in [0..dims[0], 1..2, 2..3, 0..0] {
                let got = pollster::block_on(source.load_rows(name, rows.clone())).expect("should load");
                assert_eq!(got, whole[rows.start * row..rows.end * row], "{name} {rows:?}");
            }
            let error = pollster::block_on(source.load_rows(name, 1..dims[0] + 1)).expect_err("should be refused");
            assert!(matches!(error, WeightsError::Checkpoint(CheckpointError::NoRows { .. })), "{error}");
        }
        let error = pollster::block_on(source.load("fc.scale")).expect_err("should be refused");
        assert!(matches!(error, WeightsError::Checkpoint(CheckpointError::NoTensor { .. })), "{error}");
    }
}

#[test]
fn missing_connections_are_zero_in_every_row() {
    let graph = network("lenet5").expect("should be declared");
    let source = TensorSource::seeded(&graph, SEED);
    let (seeded, loaded) =
        (Weights::seeded(&graph, SEED), pollster::block_on(Weights::from_source(&source)).expect("should load"));
    assert_eq!(loaded, seeded);
    let row = pollster::block_on(source.load_rows("C3.weight", 3..4)).expect("should load");
    // Map 3 of C3 reads maps 3, 4 and 5 of S2.
    assert!(row[..75].iter().all(|&value| value == 0.0) && row[75..].iter().all(|&value| value != 0.0));
}

#[test]
fn weights_of_another_network_are_refused() {
    let other = Arc::new(Weights::seeded(&modern(), SEED));
    let error = TensorSource::weights(&small(), other).expect_err("should be refused");
    assert!(matches!(error, WeightsError::Unfit { .. }), "{error}");
}
