//! Tests of the parts of a download that need no host.

use crate::download::{Digest, FileVersion, ResponseHead, StoreError, file_name};

#[test]
fn versions_are_told_apart_by_etag_then_by_date() {
    let version = |etag: Option<&str>, modified: Option<&str>| FileVersion {
        etag: etag.map(str::to_owned),
        modified: modified.map(str::to_owned),
    };
    assert!(version(Some("a"), Some("Mon")).is_same(&version(Some("a"), Some("Tue"))));
    assert!(!version(Some("a"), Some("Mon")).is_same(&version(Some("b"), Some("Mon"))));
    assert!(version(Some("a"), Some("Mon")).is_same(&version(None, Some("Mon"))));
    assert!(!version(Some("a"), None).is_same(&version(None, Some("Mon"))));
    assert!(!version(None, None).is_known());
}

#[test]
fn headers_of_compressed_bodies_and_weak_etags_are_ignored() {
    let header = |name: &str| match name {
        "content-encoding" => Some("br".to_owned()),
        "content-length" => Some("5".to_owned()),
        "etag" => Some("W/\"1\"".to_owned()),
        _ => None,
    };
    let head = ResponseHead::new(200, header);
    assert_eq!((head.length, head.range, head.version), (None, None, FileVersion::default()));
}

#[test]
fn digests_are_8_to_64_hexadecimal_digits() {
    assert!(Digest::parse(" F37072FD ").expect("should be a digest").matches("f37072fd00"));
    for text in ["f37072f", "g37072fd", "", &"0".repeat(65)] {
        assert_eq!(Digest::parse(text), Err(StoreError::NoDigest { text: text.to_owned() }));
    }
}

#[test]
fn files_are_named_by_the_last_segment_of_their_path() {
    for (url, name) in [
        ("https://host/a/b.pth?c=d#e", "b.pth"),
        ("https://host/a/b%20c%C3%A9.pth", "b cé.pth"),
        ("https://host/a/b%2", "b%2"),
        ("https://host/a/b%+1", "b%+1"),
        ("https://host/a/%ff", "%ff"),
        ("https://host/a/", "a"),
    ] {
        assert_eq!(file_name(url), name);
    }
}
