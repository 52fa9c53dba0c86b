//! File formats that are not read, by the bytes that they begin with, so that a message can name them.

/// Returns the name of the format of a file that begins with `head`, if it is one that people take for an image that
/// can be read.
pub(super) fn foreign_format(head: &[u8]) -> Option<&'static str> {
    const STARTS: [(&[u8], &str); 14] = [
        (b"II*\0", "TIFF"),
        (b"MM\0*", "TIFF"),
        (b"\xff\x0a", "JPEG XL"),
        (b"\0\0\0\x0cJXL ", "JPEG XL"),
        (b"\xff\x4f\xff\x51", "JPEG 2000"),
        (b"\0\0\0\x0cjP  ", "JPEG 2000"),
        (b"8BPS", "Photoshop"),
        (b"%PDF", "PDF"),
        (b"PK\x03\x04", "ZIP"),
        (b"\x1f\x8b", "gzip"),
        (b"\x93NUMPY", "NumPy (.npy)"),
        (b"P5", "PGM"),
        (b"P6", "PPM"),
        (b"qoif", "QOI"),
    ];
    let known = STARTS.iter().find(|(start, _)| head.starts_with(start)).map(|(_, name)| *name);
    known.or_else(|| is_svg(head).then_some("SVG"))
}

/// Returns whether a file begins as an SVG does, with or without the declarations of XML.
fn is_svg(head: &[u8]) -> bool {
    let start = &head[..head.len().min(1024)];
    start.trim_ascii_start().starts_with(b"<") && start.windows(4).any(|four| four == b"<svg")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_named_by_their_first_bytes() {
        assert_eq!(foreign_format(b"II*\0\x08\0\0\0"), Some("TIFF"));
        assert_eq!(foreign_format(b"\0\0\0\x0cJXL \r\n\x87\n"), Some("JPEG XL"));
        assert_eq!(foreign_format(b"<?xml version='1.0'?>\n<!-- a --><svg width='1'>"), Some("SVG"));
        assert_eq!(foreign_format(b"  <svg/>"), Some("SVG"));
        for other in [b"".as_slice(), b"no picture", b"the <svg tag", b"<html>"] {
            assert_eq!(foreign_format(other), None, "{other:?}");
        }
    }
}
