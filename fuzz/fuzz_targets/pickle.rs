//! The object, the keys and the storages of a legacy file, behind a head that is right: no CRC-32 keeps the fuzzer out.
#![no_main]

/// The number, the version and the machine that a legacy file begins with.
const HEAD: &[u8] = b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.\x80\x02M\xe9\x03.\x80\x02}.";

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| read::read([HEAD, bytes].concat()));
