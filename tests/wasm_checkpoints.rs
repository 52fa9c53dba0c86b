//! Checkpoints read from the browser's blobs, one range at a time.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "a failed unwrap reports its line")]

use net::network;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use weights::{BlobBytes, ByteSource, CheckpointError, TensorSource, Weights, WeightsError};

wasm_bindgen_test_configure!(run_in_browser);

const ZIP: &[u8] = include_bytes!("checkpoints/files/lenet5-modern.pth");
const LEGACY: &[u8] = include_bytes!("checkpoints/files/lenet5-modern-legacy.pth");
const SAFETENSORS: &[u8] = include_bytes!("checkpoints/files/lenet5-modern.safetensors");

fn blob(bytes: &[u8]) -> BlobBytes {
    let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes));
    BlobBytes(web_sys::Blob::new_with_u8_array_sequence(&parts).unwrap())
}

#[wasm_bindgen_test]
async fn a_blob_returns_ranges() {
    let source = blob(&[1, 2, 3, 4]);
    assert_eq!(source.len(), 4);
    assert_eq!(source.read(1..3).await, Ok(vec![2, 3]));
    assert_eq!(source.read(4..4).await, Ok(vec![]));
}

#[wasm_bindgen_test]
async fn every_format_is_read_from_a_blob() {
    let graph = network("lenet5-modern").unwrap();
    let wanted = Weights::seeded(&graph, 1);
    for file in [ZIP, LEGACY, SAFETENSORS] {
        let source = TensorSource::open(&graph, Box::new(blob(file))).await.unwrap();
        let weights = Weights::from_source(&source).await.unwrap();
        assert!(weights.iter().eq(wanted.iter()));
        let rows = source.load_rows("fc1.weight", 7..9).await.unwrap();
        assert_eq!(rows, wanted.get("fc1.weight").unwrap().values[7 * 400..9 * 400]);
    }
}

#[wasm_bindgen_test]
async fn a_truncated_blob_is_refused() {
    let graph = network("lenet5-modern").unwrap();
    for file in [ZIP, LEGACY, SAFETENSORS] {
        let error = TensorSource::open(&graph, Box::new(blob(&file[..file.len() / 2]))).await.unwrap_err();
        assert!(matches!(error, WeightsError::Checkpoint(CheckpointError::CutOff { .. })), "{error}");
    }
}
