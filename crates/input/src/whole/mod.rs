//! A check that an image file is whole, before it is decoded.
//!
//! Decoders show what there is of a file that was cut off, fill the rest with grey and say nothing. The marks that end
//! a picture are found without decoding it: the marker after the last scan of a JPEG (ITU-T T.81, annex B), the last
//! chunk of a PNG, the end of the first frame of a GIF, and the length that a WebP states.

mod parts;

use super::error::InputError;
use parts::{Gap, Part};

/// Follows the structure of an image file from its first byte to the end of its picture. The file is given in pieces of
/// any length.
#[derive(Debug, Clone)]
pub struct WholeCheck {
    format: &'static str,
    /// The bytes to pass over before `part`.
    gap: Gap,
    /// The part to read next, or `None` once the picture has ended.
    part: Option<Part>,
    /// The bytes of `part` that have been read.
    read: Vec<u8>,
}

impl WholeCheck {
    /// Begins a check of the file that begins with `head`. Formats that have no end to look for are always whole.
    pub fn new(head: &[u8]) -> Self {
        let (format, part) = match head {
            [0xff, 0xd8, 0xff, ..] => ("JPEG", Some(Part::JpegStart)),
            [0x89, b'P', b'N', b'G', ..] => ("PNG", Some(Part::PngStart)),
            [b'G', b'I', b'F', b'8', ..] => ("GIF", Some(Part::GifStart)),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => ("WebP", Some(Part::WebpStart)),
            _ => ("", None),
        };
        Self { format, gap: Gap::Bytes(0), part, read: Vec::new() }
    }

    /// Reads the next bytes of the file. Returns whether more bytes are needed.
    pub fn read(&mut self, mut bytes: &[u8]) -> bool {
        while let Some(part) = self.part {
            let Some(rest) = self.gap.pass(bytes) else { return true };
            let (more, rest) = rest.split_at(rest.len().min(part.length() - self.read.len()));
            self.read.extend(more);
            if self.read.len() < part.length() {
                return true;
            }
            let next = part.next(&self.read);
            self.read.clear();
            self.gap = next.map_or(Gap::Bytes(0), |(gap, _)| gap);
            self.part = next.map(|(_, part)| part);
            bytes = rest;
        }
        false
    }

    /// Ends the check after the last byte of the file called `name`.
    ///
    /// # Errors
    /// [`InputError::CutOff`] if the picture had not ended.
    pub fn finish(self, name: &str) -> Result<(), InputError> {
        match self.part {
            Some(_) => Err(InputError::CutOff { name: name.to_owned(), format: self.format }),
            None => Ok(()),
        }
    }
}

/// Checks that the image file called `name` is whole.
///
/// # Errors
/// [`InputError::CutOff`] if it ends before its picture does.
pub fn check_whole(name: &str, bytes: &[u8]) -> Result<(), InputError> {
    let mut check = WholeCheck::new(bytes);
    check.read(bytes);
    check.finish(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const JPEG: &[u8] = include_bytes!("../../../../tests/fixtures/cifar10-cat.jpg");
    const PNG: &[u8] = include_bytes!("../../../../tests/fixtures/cat.png");

    fn is_whole(bytes: &[u8]) -> bool {
        let at_once = check_whole("it", bytes);
        // The answer does not depend on the pieces.
        let mut check = WholeCheck::new(bytes);
        for piece in bytes.chunks(7) {
            check.read(piece);
        }
        assert_eq!(check.finish("it"), at_once);
        at_once.is_ok()
    }

    /// Returns a segment of a JPEG.
    fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
        [&[0xff, marker], &(content.len() as u16 + 2).to_be_bytes(), content].concat()
    }

    #[test]
    fn a_file_is_whole_only_with_its_last_bytes() {
        assert!(is_whole(JPEG) && is_whole(PNG));
        for end in (12..JPEG.len()).step_by(5).chain([JPEG.len() - 1]) {
            assert!(!is_whole(&JPEG[..end]), "{end} bytes of the JPEG");
        }
        for end in (12..PNG.len() - 12).step_by(977).chain([PNG.len() - 12, PNG.len() - 5]) {
            assert!(!is_whole(&PNG[..end]), "{end} bytes of the PNG");
        }
        let error = check_whole("cat.jpg", &JPEG[..600]).expect_err("should be cut off");
        let says = "cat.jpg is cut off: the JPEG ends before its picture does; download or copy the file again, or \
                    choose another";
        assert_eq!(error.to_string(), says);
    }

    #[test]
    fn bytes_after_a_picture_are_ignored() {
        for more in [&[0; 4096][..], b"\xff\xd8\xff\xe1\x00\x10 a second picture that is cut off", b"\xff"] {
            assert!(is_whole(&[JPEG, more].concat()));
            assert!(is_whole(&[PNG, more].concat()));
        }
    }

    #[test]
    fn the_end_of_a_thumbnail_is_not_the_end_of_a_jpeg() {
        let mut bytes = [&JPEG[..2], &segment(0xe1, JPEG), &JPEG[2..]].concat();
        assert!(is_whole(&bytes));
        bytes.truncate(JPEG.len() + 200);
        assert!(!is_whole(&bytes));
    }

    #[test]
    fn a_jpeg_may_have_many_scans_restarts_and_fill_bytes() {
        let scan = [segment(0xda, &[1, 1, 0, 0, 63, 0]), vec![1, 2, 0xff, 0, 3, 0xff, 0xd0, 4, 0xff, 0xff, 0xd1, 5]];
        let scan = scan.concat();
        let scans = [&[0xff, 0xd8][..], &scan, &segment(0xc4, &[0; 30]), &scan, &[0xff, 0xff, 0xff]].concat();
        assert!(!is_whole(&scans));
        assert!(is_whole(&[&scans[..], &[0xd9]].concat()));
        // A marker within the data of a scan is data if a zero follows, and an end of picture otherwise.
        assert!(!is_whole(&[&[0xff, 0xd8][..], &scan, &[0xff, 0x00, 0xd9]].concat()));
        // A segment with an impossible length is for the decoder to judge.
        assert!(is_whole(&[&[0xff, 0xd8][..], &[0xff, 0xe0, 0, 1]].concat()));
    }

    #[test]
    fn gifs_end_with_their_first_frame_and_webps_say_how_long_they_are() {
        let mut gif = b"GIF89a\x05\0\x03\0\x80\0\0".to_vec();
        gif.extend([0; 6]);
        gif.extend(b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0\x2c\0\0\0\0\x05\0\x03\0\x80");
        gif.extend([0; 6]);
        gif.extend(b"\x02\x03abc\x01d\0");
        for end in 14..gif.len() {
            assert!(!is_whole(&gif[..end]), "{end}");
        }
        assert!(is_whole(&gif));
        gif.extend(b"\x2c\0\0");
        assert!(is_whole(&gif));
        let webp = b"RIFF\x10\0\0\0WEBPVP8 \x04\0\0\0abcd";
        assert!(is_whole(webp) && !is_whole(&webp[..webp.len() - 1]));
        assert!(is_whole(b"BM and so on") && is_whole(b""));
    }
}
