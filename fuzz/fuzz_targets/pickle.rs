//! Fuzzes the object, the keys and the storages of a legacy PyTorch file. The header before them is valid, and no
//! CRC-32 rejects mutated bytes.
#![no_main]

/// The magic number, the protocol version and the system information at the start of a legacy file.
const HEAD: &[u8] = b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.\x80\x02M\xe9\x03.\x80\x02}.";

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| read::read([HEAD, bytes].concat()));
