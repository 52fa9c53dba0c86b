//! Fuzzes safetensors files.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| read::read(bytes.to_vec()));
