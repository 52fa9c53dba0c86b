//! The parts of image files that lead to the end of a picture.

/// Bytes between two parts.
#[derive(Debug, Clone, Copy)]
pub(super) enum Gap {
    /// A number of bytes.
    Bytes(u64),
    /// All bytes up to the first 0xFF, and it.
    ToMarker,
}

impl Gap {
    /// Passes over the bytes of the gap. Returns the bytes after it, or `None` if `bytes` ends first; the gap is then
    /// what remains of it.
    pub(super) fn pass<'a>(&mut self, bytes: &'a [u8]) -> Option<&'a [u8]> {
        let rest = match self {
            Self::Bytes(left) => {
                let passed = usize::try_from(*left).map_or(bytes.len(), |left| left.min(bytes.len()));
                *left -= passed as u64;
                if *left > 0 {
                    return None;
                }
                &bytes[passed..]
            }
            Self::ToMarker => &bytes[bytes.iter().position(|&byte| byte == 0xff)? + 1..],
        };
        *self = Self::Bytes(0);
        Some(rest)
    }
}

/// A part of a file that says what follows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// The first two bytes of a JPEG.
    JpegStart,
    /// The byte after 0xFF in a JPEG.
    JpegMarker,
    /// The length of a segment of a JPEG.
    JpegLength,
    /// The end of a segment of a JPEG. What follows is a marker or the data of a scan.
    JpegSegmentEnd,
    /// The first bytes of a PNG.
    PngStart,
    /// The length and the name of a chunk of a PNG.
    PngChunk,
    /// The header of a GIF.
    GifStart,
    /// The kind of a block of a GIF.
    GifBlock,
    /// The position and the size of a frame of a GIF.
    GifFrame,
    /// The length of a data block of a GIF, in a frame or in an extension.
    GifData {
        /// True if the data are those of a frame.
        of_frame: bool,
    },
    /// The header of a WebP.
    WebpStart,
    /// The end of the picture, if the gap before it is in the file.
    End,
}

impl Part {
    /// Returns the number of bytes of this part.
    pub(super) fn length(self) -> usize {
        match self {
            Self::End | Self::JpegSegmentEnd => 0,
            Self::JpegMarker | Self::GifBlock | Self::GifData { .. } => 1,
            Self::JpegStart | Self::JpegLength => 2,
            Self::PngStart | Self::PngChunk | Self::WebpStart => 8,
            Self::GifFrame => 9,
            Self::GifStart => 13,
        }
    }

    /// Returns the part after this one, whose bytes are `bytes`, and the gap before it. Returns `None` if the picture
    /// has ended, or if the structure is wrong: then the decoder says so.
    pub(super) fn next(self, bytes: &[u8]) -> Option<(Gap, Self)> {
        let byte = |at: usize| bytes.get(at).copied().unwrap_or_default();
        Some(match self {
            Self::End => return None,
            Self::JpegStart | Self::JpegSegmentEnd => (Gap::ToMarker, Self::JpegMarker),
            Self::JpegMarker => match byte(0) {
                0xd9 => return None,
                // A marker may begin with several bytes of 0xFF.
                0xff => (Gap::Bytes(0), Self::JpegMarker),
                // The byte 0xFF as data of a scan, and markers without a segment.
                0x00 | 0x01 | 0xd0..=0xd8 => (Gap::ToMarker, Self::JpegMarker),
                _ => (Gap::Bytes(0), Self::JpegLength),
            },
            Self::JpegLength => {
                // The length counts its own two bytes.
                let length = u16::from_be_bytes([byte(0), byte(1)]).checked_sub(2)?;
                (Gap::Bytes(length.into()), Self::JpegSegmentEnd)
            }
            Self::PngStart => (Gap::Bytes(0), Self::PngChunk),
            Self::PngChunk => {
                let length = u64::from(u32::from_be_bytes([byte(0), byte(1), byte(2), byte(3)]));
                // A checksum of four bytes follows the content.
                let is_last = bytes.ends_with(b"IEND");
                (Gap::Bytes(length + 4), if is_last { Self::End } else { Self::PngChunk })
            }
            Self::GifStart => (Gap::Bytes(colour_table(byte(10))), Self::GifBlock),
            Self::GifBlock => match byte(0) {
                // An extension has its kind and then data blocks.
                0x21 => (Gap::Bytes(1), Self::GifData { of_frame: false }),
                0x2c => (Gap::Bytes(0), Self::GifFrame),
                _ => return None,
            },
            // One byte of the compression comes before the data.
            Self::GifFrame => (Gap::Bytes(colour_table(byte(8)) + 1), Self::GifData { of_frame: true }),
            Self::GifData { of_frame } => match (byte(0), of_frame) {
                // A block of length zero is the last.
                (0, true) => return None,
                (0, false) => (Gap::Bytes(0), Self::GifBlock),
                (length, _) => (Gap::Bytes(length.into()), self),
            },
            Self::WebpStart => (Gap::Bytes(u32::from_le_bytes([byte(4), byte(5), byte(6), byte(7)]).into()), Self::End),
        })
    }
}

/// Returns the bytes of the colour table that flags of a GIF announce. Each colour has three bytes.
fn colour_table(flags: u8) -> u64 {
    if flags & 0x80 != 0 { 3 << ((flags & 7) + 1) } else { 0 }
}
