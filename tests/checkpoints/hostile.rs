//! Truncated files, files with flipped bits, and safetensors headers with false information.

use net::Graph;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use weights::{Checkpoint, CheckpointError, TensorSource, Weights, WeightsError};

use super::{LEGACY, bytes, modern, open, small};

const SMALL: [&str; 7] = [
    "small-shared.pth",
    "small-transposed.pth",
    "small-transposed-legacy.pth",
    "small-training.pth",
    "small-training-legacy.pth",
    "small-protocol4.pth",
    "small-parameters-legacy.pth",
];

/// Number of single-bit flips per file.
const FLIPS: usize = 4000;

fn load(graph: &Graph, bytes: Vec<u8>) -> Result<Weights, WeightsError> {
    pollster::block_on(async {
        let source = TensorSource::checkpoint(graph, Checkpoint::open(Box::new(bytes)).await?)?;
        Weights::from_source(&source).await
    })
}

#[test]
fn truncated_files_are_refused() {
    for name in SMALL {
        let whole = bytes(name);
        load(&small(), whole.clone()).expect("should be whole");
        for len in 0..whole.len() {
            let error = load(&small(), whole[..len].to_vec()).expect_err("should be refused");
            assert!(matches!(error, WeightsError::Checkpoint(_)), "{name} cut at {len}: {error}");
        }
    }
    let whole = bytes("lenet5-modern.safetensors");
    for len in (0..2000).chain((2000..whole.len()).step_by(997)).chain([whole.len() - 1]) {
        let error = open(whole[..len].to_vec()).map(|_| ()).expect_err("should be refused");
        let known = matches!(error, CheckpointError::CutOff { .. } | CheckpointError::OtherFormat { .. });
        assert!(known, "cut at {len}: {error}");
    }
}

#[test]
fn nothing_may_follow_a_file() {
    for name in ["lenet5-modern.safetensors", "small-shared-legacy.pth", "small-shared.pth"] {
        let mut longer = bytes(name);
        longer.push(0);
        open(longer).map(|_| ()).expect_err("should be refused");
    }
}

#[test]
fn flipped_bits_are_refused_or_change_only_values() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    for (graph, name) in
        SMALL.map(|name| (small(), name)).into_iter().chain([(modern(), "lenet5-modern-f16.safetensors")])
    {
        let whole = bytes(name);
        let good = load(&graph, whole.clone()).expect("should be whole");
        let mut refused = 0;
        for _ in 0..FLIPS {
            let mut flipped = whole.clone();
            // Half of the flips go to the start of the file, where the headers of the small files are.
            let places = if rng.random() { whole.len() } else { whole.len().min(1500) };
            let at = rng.random_range(0..places);
            flipped[at] ^= 1 << rng.random_range(0..8);
            match load(&graph, flipped) {
                // A zip file holds a CRC-32 of every part, so a changed value must not be read.
                Ok(weights) if name.starts_with("small") && !name.contains("legacy") => {
                    assert!(weights.iter().eq(good.iter()), "{name}: bit flipped at {at} is read");
                }
                Ok(_) => {}
                Err(error) => {
                    assert!(!error.to_string().is_empty());
                    refused += 1;
                }
            }
        }
        assert!(refused > FLIPS / 10, "{name}: {refused} of {FLIPS} refused");
    }
}

/// Returns a safetensors file with this header and `values` bytes of values.
fn safetensors(header: &str, values: usize) -> Vec<u8> {
    [(header.len() as u64).to_le_bytes().as_slice(), header.as_bytes(), &vec![0; values]].concat()
}

#[test]
fn false_headers_are_refused() {
    let tensor = |dtype: &str, shape: &str, offsets: &str| {
        format!(r#"{{"w":{{"dtype":"{dtype}","shape":{shape},"data_offsets":{offsets}}}}}"#)
    };
    let good = safetensors(&tensor("F32", "[2,2]", "[0,16]"), 16);
    assert_eq!(pollster::block_on(open(good).expect("should open").load("w")), Ok(vec![0.0; 4]));
    for (header, values) in [
        (tensor("F32", "[2,2]", "[0,16]"), 15),
        (tensor("F32", "[2,2]", "[0,16]"), 17),
        (tensor("F32", "[2,2]", "[0,15]"), 15),
        (tensor("F32", "[2,2]", "[4,20]"), 20),
        (tensor("F32", "[2,2]", "[16,0]"), 16),
        (tensor("F32", "[9223372036854775808,2]", "[0,16]"), 16),
        (tensor("F32", "[4611686018427387904,4]", "[0,0]"), 0),
        (tensor("F32", "[-2,-2]", "[0,16]"), 16),
        (tensor("F32", "[2.0,2]", "[0,16]"), 16),
        (tensor("F32", "[2,2]", "[0,18446744073709551615]"), 16),
        (tensor("F32", "[2,2]", "[0,99999999999999999999]"), 16),
        (tensor("F33", "[2,2]", "[0,16]"), 16),
        (format!(r#"{{"a":{}"#, "[".repeat(100_000)), 0),
        (format!(r#"{{"{}":1}}"#, "a".repeat(5 << 20)), 0),
        ("{".to_owned(), 0),
        ("{\u{1}}".to_owned(), 0),
    ] {
        open(safetensors(&header, values)).map(|_| ()).expect_err("should be refused");
    }
    let overlapping = r#"{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]},"b":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}"#;
    open(safetensors(overlapping, 16)).map(|_| ()).expect_err("should be refused");
    let long_name = tensor("F32", "[2,2]", "[0,16]").replace('w', &"w".repeat(300));
    let error = open(safetensors(&long_name, 16)).map(|_| ()).expect_err("should be refused");
    assert!(error.to_string().contains("bytes of a tensor's name: 300, and at most 256"), "{error}");
    for length in [1 << 63, u64::MAX, u64::MAX - 7, (4 << 20) + 1] {
        let file = [length.to_le_bytes().as_slice(), b"{}"].concat();
        let error = open(file).map(|_| ()).expect_err("should be refused");
        assert!(matches!(error, CheckpointError::TooMuch { .. }), "{error}");
    }
}

#[test]
fn other_formats_are_named() {
    let mut tar = vec![0; 600];
    tar[257..262].copy_from_slice(b"ustar");
    for (file, said) in [
        (b"".as_slice(), "it is empty"),
        (b"P", "it is no checkpoint"),
        (b"\x89PNG\r\n\x1a\n and so on", "it is no checkpoint"),
        (&[0; 100], "it is no checkpoint"),
        (b"\x89HDF\r\n\x1a\n and so on", "it is an HDF5 file"),
        (b"\x1c\0\0\0TFL3 and so on", "it is a model of TensorFlow Lite"),
        (b"\x08\x01\x12\x80\x01 and so on", "it is a SavedModel of TensorFlow"),
        (b"\x08\x08\x12\x07pytorch and so on", "it is an ONNX model; in Python, write torch.save("),
        (b"GGUF\x03\0\0\0 and so on", "it is a GGUF file; in Python, write torch.save("),
        (b"\x93NUMPY\x01\0 and so on", "it holds arrays of NumPy; in Python, write torch.save("),
        // A plain pickle, as pickle.dump writes it.
        (b"\x80\x02}q\x00.", "it is a pickle that torch.save did not write"),
        (b"\x1f\x8b\x08 gzip", "it is an archive of other files; unpack it"),
        (&tar, "it is an archive of other files; unpack it"),
        (b"<!DOCTYPE html><html>Virus scan warning</html>", "it is a page of the web instead of the file"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:ab\n", "it is the pointer of Git LFS"),
        (b"{\"metadata\": {\"total_size\": 1}}", "it is a JSON file, which has no weights"),
    ] {
        let error = open(file.to_vec()).map(|_| ()).expect_err("should be refused");
        assert!(matches!(error, CheckpointError::OtherFormat { .. }), "{error}");
        assert!(error.to_string().starts_with(said), "{error}");
    }
}

/// Checks the peak memory of this test program, which includes the tests with hostile files.
#[cfg(target_os = "linux")]
#[test]
fn memory_stays_bounded() {
    // A pickle that asks for more values than memory is given to it.
    let mut pickle = b"\x80\x02](".to_vec();
    while pickle.len() < 4 << 20 {
        pickle.extend(b")".repeat(1000));
        pickle.extend(b"e(");
    }
    let error = open([LEGACY, &pickle, &vec![0; 64 << 20]].concat()).map(|_| ()).expect_err("should be refused");
    assert!(matches!(error, CheckpointError::TooMuch { .. }), "{error}");
    let status = std::fs::read_to_string("/proc/self/status").expect("should be readable");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("should be there");
    let kib: u64 = peak.trim().trim_end_matches(" kB").parse().expect("should be a number");
    assert!(kib < 400 << 10, "{kib} KiB");
}
