//! `docs/files.md`: the table of the files that open and of those that do not, written from what the reader does.
//!
//! `LAYERSCOPE_WRITE_DOCS=1 cargo test --test checkpoints table` writes it again.

use std::fmt::Write as _;
use std::path::Path;

use weights::TensorSource;

use super::kept::sentences;
use super::{bytes, open, small};

/// Files of `files/` that hold the tensors of one network in the ways that people keep them, by what they are.
const OPEN: [(&str, &str); 32] = [
    ("a state_dict, `torch.save` since PyTorch 1.6", "small-shared.pth"),
    ("a state_dict, `torch.save` before, or `_use_new_zipfile_serialization=False`", "small-shared-legacy.pth"),
    ("pickle protocol 4", "small-protocol4.pth"),
    ("`nn.Parameter` instead of tensors", "small-parameters.pth"),
    ("transposed and channels-last tensors", "small-transposed.pth"),
    ("float64", "small-f64.pth"),
    ("a compressed zip file", "kept-deflated.pth"),
    ("a big-endian machine", "kept-big-endian.pth"),
    ("no CRC-32 sums", "kept-without-sums.pth"),
    ("a checkpoint of a training: `state_dict` beside an optimizer", "small-training.pth"),
    ("values of NumPy, argparse, pathlib, datetime and others beside the tensors", "kept-beside-2.pth"),
    ("tensors several dictionaries deep", "kept-deep.pth"),
    ("plain and averaged weights (EMA)", "kept-two.pth"),
    ("averaged weights alone", "kept-ema-alone.pth"),
    ("a whole module, `torch.save(model)`", "kept-module.pth"),
    ("a whole module in a dictionary", "kept-module-in-dictionary.pth"),
    ("TorchScript", "kept-script.pt"),
    ("`DataParallel`", "kept-module-parallel.pth"),
    ("`AveragedModel`", "kept-module-averaged.pth"),
    ("`torch.compile`", "kept-prefix-_orig_mod-.pth"),
    ("both of them", "kept-prefix-module-_orig_mod-.pth"),
    ("fully sharded data parallelism", "kept-prefix-_fsdp_wrapped_module-.pth"),
    ("checkpoints of activations", "kept-prefix-inner.pth"),
    ("any other prefix", "kept-prefix-a-b-c-.pth"),
    ("two encoders", "kept-two-encoders.pth"),
    ("a loss with weights", "kept-with-loss.pth"),
    ("another name of the last layer", "kept-head.pth"),
    ("a `Sequential` of the outermost modules", "kept-numbered.pth"),
    ("pruned weights and their mask", "kept-pruned.pth"),
    ("another architecture by name", "kept-other-architecture.pth"),
    ("protocol 5 with values of other libraries", "kept-beside-5.pth"),
    ("a legacy file of a whole module", "kept-module-legacy.pth"),
];

/// Files that do not open, by what they are.
fn refused() -> Vec<(&'static str, Vec<u8>)> {
    let mut tar = vec![0; 600];
    tar[257..262].copy_from_slice(b"ustar");
    let cut = |name: &str| bytes(name)[..700].to_vec();
    vec![
        ("int8 weights", bytes("kept-int8.pth")),
        ("quantized weights", bytes("kept-quantized.pth")),
        ("complex weights", bytes("kept-complex.pth")),
        ("a file that was cut off", cut("small-shared.pth")),
        ("an empty file", Vec::new()),
        ("HDF5, Keras' `.h5`", b"\x89HDF\r\n\x1a\n".to_vec()),
        ("TensorFlow Lite", b"\x1c\0\0\0TFL3".to_vec()),
        ("a SavedModel of TensorFlow", b"\x08\x01\x12\x80\x01".to_vec()),
        ("ONNX", b"\x08\x08\x12\x07pytorch".to_vec()),
        ("GGUF", b"GGUF\x03\0\0\0".to_vec()),
        ("NumPy's `.npy`", b"\x93NUMPY\x01\0".to_vec()),
        ("a pickle by `pickle.dump`", b"\x80\x04}\x94.".to_vec()),
        ("a tar archive", tar),
        ("a page of the web", b"<!DOCTYPE html><html></html>".to_vec()),
        ("the pointer of Git LFS", b"version https://git-lfs.github.com/spec/v1\n".to_vec()),
        ("the index of a checkpoint in parts", b"{\"weight_map\": {}}".to_vec()),
    ]
}

fn refusal(bytes: Vec<u8>) -> String {
    match open(bytes) {
        Err(error) => error.to_string(),
        Ok(file) => TensorSource::checkpoint(&small(), file).map(|_| ()).expect_err("should be refused").to_string(),
    }
}

#[test]
fn the_table_of_files_is_true() {
    let mut text = String::from(
        "# Files of weights\n\n\
         Every row is a test: `tests/checkpoints/table.rs` opens these files and writes this page. \
         [checkpoints.md](checkpoints.md) says how\nfiles are read, and \
         [command-line.md](command-line.md#pictures) has the table of pictures and digits.\n\n\
         ## What opens\n\n\
         The values are those of the network that was saved. The right column is what the page and the command line \
         say.\n\n| file | said |\n| --- | --- |\n",
    );
    for (what, file) in OPEN {
        writeln!(text, "| {what} | {} |", sentences(file)).expect("should be written");
    }
    text.push_str("\n## What does not\n\n| file | said |\n| --- | --- |\n");
    for (what, bytes) in refused() {
        writeln!(text, "| {what} | {} |", refusal(bytes).replace('|', "\\|")).expect("should be written");
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/files.md");
    if std::env::var_os("LAYERSCOPE_WRITE_DOCS").is_some() {
        std::fs::write(&path, &text).expect("should be writable");
    }
    let written = std::fs::read_to_string(&path).expect("should be readable");
    assert_eq!(written, text, "docs/files.md is not what the reader does");
}
