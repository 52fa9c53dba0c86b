//! Malformed IDX files.

use std::io::Write;
use std::path::PathBuf;

use train::{Digits, IdxError, read_images, read_labels};

/// A file for one test. It is removed at the end of the test.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str, bytes: &[u8]) -> Self {
        let path = std::env::temp_dir().join(format!("layerscope-idx-{name}-{}", std::process::id()));
        std::fs::write(&path, bytes).expect("should be writable");
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn header(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_be_bytes()).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("should be written");
    encoder.finish().expect("should be finished")
}

fn reason(error: &IdxError) -> String {
    match error {
        IdxError::Malformed { reason, .. } => reason.clone(),
        other => panic!("{other} is another error"),
    }
}

#[test]
fn plain_and_gzip_files_read_the_same() {
    let mut bytes = header(&[0x803, 2, 28, 28]);
    bytes.extend((0..2 * 784).map(|i| (i % 251) as u8));
    let (plain, packed) = (Scratch::new("plain", &bytes), Scratch::new("packed", &gzip(&bytes)));
    assert_eq!(read_images(&plain.0).expect("should be read"), bytes[16..]);
    assert_eq!(read_images(&packed.0).expect("should be read"), bytes[16..]);
}

#[test]
fn hostile_pictures_are_refused() {
    let cases: [(&str, Vec<u8>, &str); 8] = [
        ("empty", vec![], "cut off"),
        ("short-header", header(&[0x803, 1])[..6].to_vec(), "cut off"),
        ("magic", header(&[0x801, 1, 28, 28]), "begins with 0x00000801"),
        ("huge", header(&[0x803, u32::MAX, 28, 28]), "holds too much"),
        ("side", header(&[0x803, 1, u32::MAX, u32::MAX]), "a side of its pictures is 4294967295"),
        ("short", header(&[0x803, 1, 28, 28]), "holds less"),
        ("long", [header(&[0x803, 0, 28, 28]), vec![1]].concat(), "holds more"),
        ("cut-gzip", gzip(&[header(&[0x803, 1, 28, 28]), vec![9; 784]].concat())[..20].to_vec(), ""),
    ];
    for (name, bytes, wanted) in cases {
        let file = Scratch::new(name, &bytes);
        let error = read_images(&file.0).expect_err("should be refused");
        assert!(reason(&error).contains(wanted), "{name}: {error}");
    }
}

#[test]
fn a_gzip_bomb_is_not_unpacked() {
    // 64 MiB of zeros after a header that declares one picture.
    let bytes = [header(&[0x803, 1, 28, 28]), vec![0; 64 << 20]].concat();
    let file = Scratch::new("bomb", &gzip(&bytes));
    assert!(reason(&read_images(&file.0).expect_err("should be refused")).contains("holds more"));
}

#[test]
fn labels_are_digits() {
    let file = Scratch::new("label", &[header(&[0x801, 2]), vec![3, 10]].concat());
    assert_eq!(reason(&read_labels(&file.0).expect_err("should be refused")), "10 is no digit");
}

#[test]
fn a_missing_directory_is_named() {
    let error = Digits::read(&std::env::temp_dir().join("layerscope-nowhere"), "t10k").expect_err("should be refused");
    assert!(matches!(error, IdxError::Unreadable { .. }) && error.to_string().contains("layerscope-nowhere"));
}
