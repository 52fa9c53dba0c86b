//! The directory of a zip file (APPNOTE.TXT 6.3.10, with zip64), and its entries.
//!
//! The bytes come from a [`ByteSource`], so that a file of the browser is never in memory as a whole; crates for zip
//! files read from `std::io`. `torch.save` never compresses, but other programs that pack its files do, and PyTorch reads
//! them. Compressed entries are unpacked into memory, up to [`MAX_UNPACKED`] bytes in all.

use std::collections::BTreeMap;

use super::error::at_most;
use super::{ByteSource, CheckpointError};
use crate::bytes::read;

/// The part of the file that error messages name.
const PART_NAME: &str = "the directory of the zip file";

/// The most bytes of a directory. That of ResNet-152 has 80 KB.
const MAX_BYTES: u64 = 8 << 20;

/// The most bytes that all compressed entries unpack to. VGG-19 has 575 MB.
pub(super) const MAX_UNPACKED: u64 = 1 << 30;

/// The most entries of a directory.
const MAX_ENTRIES: u64 = 1 << 16;

/// The bytes of the end record, without its comment of at most 65,535 bytes.
const END_BYTES: usize = 22;

/// The bytes of the record that locates the zip64 record.
const LOCATOR_BYTES: usize = 20;

/// The bytes of the zip64 record that are read.
const END64_BYTES: u64 = 56;

/// The bytes of an entry in the directory, without its name, extra field and comment.
const ENTRY_BYTES: usize = 46;

/// The bytes of the header before an entry's data, without its name and extra field.
const LOCAL_BYTES: u64 = 30;

/// One file in the zip file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ZipEntry {
    /// The position of its local header.
    header: u64,
    /// Bytes of its data.
    pub(super) bytes: u64,
    /// CRC-32 of its data.
    pub(super) crc: u32,
    /// Bytes of its data as they are in the file.
    packed: u64,
    method: Method,
}

/// The way in which an entry is in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Method {
    Stored,
    Deflated,
    /// Encrypted, or compressed in another way.
    Other,
}

impl ZipEntry {
    /// Returns whether its data must be unpacked.
    pub(super) fn is_packed(&self) -> bool {
        self.method == Method::Deflated
    }
}

fn malformed(reason: impl Into<String>) -> CheckpointError {
    CheckpointError::malformed(PART_NAME, reason)
}

/// Returns `N` bytes at `at`.
fn array<const N: usize>(bytes: &[u8], at: usize) -> Result<[u8; N], CheckpointError> {
    let cut = CheckpointError::CutOff { what: PART_NAME };
    at.checked_add(N).and_then(|end| bytes.get(at..end)).and_then(|b| b.try_into().ok()).ok_or(cut)
}

fn u16_at(bytes: &[u8], at: usize) -> Result<u16, CheckpointError> {
    array(bytes, at).map(u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Result<u32, CheckpointError> {
    array(bytes, at).map(u32::from_le_bytes)
}

fn u64_at(bytes: &[u8], at: usize) -> Result<u64, CheckpointError> {
    array(bytes, at).map(u64::from_le_bytes)
}

/// Finds the directory. Returns its position, its length in bytes and its number of entries.
async fn locate_directory(source: &dyn ByteSource) -> Result<(u64, u64, u64), CheckpointError> {
    let tail_start = source.len().saturating_sub((END_BYTES + LOCATOR_BYTES) as u64 + u64::from(u16::MAX));
    let tail = read(source, tail_start..source.len(), PART_NAME).await?;
    // The end record is the last one whose comment reaches the end of the file.
    let end = (0..(tail.len() + 1).saturating_sub(END_BYTES))
        .rev()
        .find(|&at| {
            tail[at..].starts_with(b"PK\x05\x06")
                && u16_at(&tail, at + 20).is_ok_and(|comment| at + END_BYTES + usize::from(comment) == tail.len())
        })
        .ok_or(CheckpointError::CutOff { what: PART_NAME })?;
    let locator = end.checked_sub(LOCATOR_BYTES).filter(|&at| tail[at..].starts_with(b"PK\x06\x07"));
    let Some(locator) = locator else {
        let entries = u16_at(&tail, end + 10)?;
        return Ok((u32_at(&tail, end + 16)?.into(), u32_at(&tail, end + 12)?.into(), entries.into()));
    };
    let start = u64_at(&tail, locator + 8)?;
    let stop = start.checked_add(END64_BYTES).ok_or_else(|| malformed("its zip64 record is past 2^64"))?;
    let record = read(source, start..stop, PART_NAME).await?;
    if !record.starts_with(b"PK\x06\x06") {
        return Err(malformed("its zip64 record is not where it should be"));
    }
    Ok((u64_at(&record, 48)?, u64_at(&record, 40)?, u64_at(&record, 32)?))
}

/// Reads all entries by name.
pub(super) async fn directory(source: &dyn ByteSource) -> Result<BTreeMap<String, ZipEntry>, CheckpointError> {
    let (start, len, count) = locate_directory(source).await?;
    at_most("bytes of the zip file's directory", len, MAX_BYTES)?;
    at_most("entries of the zip file", count, MAX_ENTRIES)?;
    let stop = start.checked_add(len).ok_or_else(|| malformed("it is past 2^64"))?;
    let bytes = read(source, start..stop, PART_NAME).await?;
    let mut entries = BTreeMap::new();
    let mut at = 0;
    for _ in 0..count {
        let (name, entry, next) = entry(&bytes, at)?;
        if entries.contains_key(&name) {
            return Err(malformed(format!("{name:?} stands in it twice")));
        }
        entries.insert(name, entry);
        at = next;
    }
    Ok(entries)
}

/// Reads the entry at `at` of a directory. Returns its name, the entry and the position of the next one.
fn entry(bytes: &[u8], at: usize) -> Result<(String, ZipEntry, usize), CheckpointError> {
    if array(bytes, at)? != *b"PK\x01\x02" {
        return Err(malformed("an entry does not begin where the one before it ends"));
    }
    let (flags, method) = (u16_at(bytes, at + 8)?, u16_at(bytes, at + 10)?);
    let crc = u32_at(bytes, at + 16)?;
    let [name_len, extra_len, comment_len] = [28, 30, 32].map(|field| u16_at(bytes, at + field).map(usize::from));
    let name_at = at + ENTRY_BYTES;
    let extra_at = name_at + name_len?;
    let comment_at = extra_at + extra_len?;
    let next = comment_at + comment_len?;
    let part = |from: usize, to: usize| bytes.get(from..to).ok_or(CheckpointError::CutOff { what: PART_NAME });
    let name = str::from_utf8(part(name_at, extra_at)?).map_err(|_| malformed("a name is no UTF-8"))?;
    let extra = part(extra_at, comment_at)?;
    // Fields are the uncompressed size, the compressed size and the position. Those that do not fit in 32 bits are in
    // the extra field, in this order.
    let mut fields = [0; 3];
    let mut wide = zip64(extra)?.chunks_exact(8);
    for (field, offset) in fields.iter_mut().zip([24, 20, 42]) {
        *field = match u32_at(bytes, at + offset)? {
            u32::MAX => u64_at(wide.next().ok_or_else(|| malformed(format!("{name:?} has no zip64 field")))?, 0)?,
            short => short.into(),
        };
    }
    let [size, packed, header] = fields;
    // Bit 0 of the flags is set if the data are encrypted.
    let method = match (method, flags & 1) {
        (0, 0) if size == packed => Method::Stored,
        (8, 0) => Method::Deflated,
        _ => Method::Other,
    };
    Ok((name.to_owned(), ZipEntry { header, bytes: size, crc, packed, method }, next))
}

/// Returns the zip64 part of an extra field, or an empty slice if there is none.
fn zip64(extra: &[u8]) -> Result<&[u8], CheckpointError> {
    let mut at = 0;
    while at + 4 <= extra.len() {
        let (id, len) = (u16_at(extra, at)?, usize::from(u16_at(extra, at + 2)?));
        let data = extra.get(at + 4..at + 4 + len).ok_or_else(|| malformed("an extra field passes its end"))?;
        if id == 1 {
            return Ok(data);
        }
        at += 4 + len;
    }
    Ok(&[])
}

/// Returns the position of the data of `entry`, and checks that they end within the file.
pub(super) async fn data_start(source: &dyn ByteSource, name: &str, entry: &ZipEntry) -> Result<u64, CheckpointError> {
    if entry.method == Method::Other {
        return Err(malformed(format!("{name:?} is encrypted, or compressed otherwise than by deflate")));
    }
    let past = || malformed(format!("{name:?} is past 2^64"));
    let what = "the local headers of the zip file";
    let names = entry.header.checked_add(LOCAL_BYTES).ok_or_else(past)?;
    let header = read(source, entry.header..names, what).await?;
    if !header.starts_with(b"PK\x03\x04") {
        return Err(malformed(format!("{name:?} is not where it should be")));
    }
    let skip = u64::from(u16_at(&header, 26)?) + u64::from(u16_at(&header, 28)?);
    let start = names.checked_add(skip).ok_or_else(past)?;
    let end = start.checked_add(entry.packed).ok_or_else(past)?;
    if end > source.len() { Err(CheckpointError::CutOff { what: "the values" }) } else { Ok(start) }
}

/// Reads the data of `entry`, unpacked.
pub(super) async fn data(source: &dyn ByteSource, name: &str, entry: &ZipEntry) -> Result<Vec<u8>, CheckpointError> {
    let start = data_start(source, name, entry).await?;
    let bytes = read(source, start..start + entry.packed, "the values").await?;
    if !entry.is_packed() {
        return Ok(bytes);
    }
    at_most("bytes of a compressed entry of the zip file", entry.bytes, MAX_UNPACKED)?;
    let limit = usize::try_from(entry.bytes).unwrap_or(usize::MAX);
    let unpacked = miniz_oxide::inflate::decompress_to_vec_with_limit(&bytes, limit)
        .map_err(|error| malformed(format!("{name:?} cannot be unpacked ({:?})", error.status)))?;
    if unpacked.len() == limit {
        Ok(unpacked)
    } else {
        Err(malformed(format!("{name:?} unpacks to {} bytes instead of {limit}", unpacked.len())))
    }
}
