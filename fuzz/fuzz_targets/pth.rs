//! Fuzzes files of `torch.save`: a zip file or the legacy format.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| read::read(bytes.to_vec()));
