//! The bytes of a pickle, read from its start.

use crate::checkpoint::CheckpointError;
use crate::checkpoint::error::at_most;
use crate::checkpoint::value::{PART_NAME, malformed};

/// The most bytes of one pickle. That of ResNet-152 has 110 KB; those of files that keep the history of a training have
/// megabytes.
pub(in crate::checkpoint) const MAX_BYTES: u64 = 32 << 20;

/// The most bytes of a name that a pickle refers to.
const MAX_NAME_BYTES: usize = 256;

/// A position in the bytes of a pickle.
pub(super) struct Scanner<'a> {
    bytes: &'a [u8],
    /// The number of bytes that have been read.
    pub(super) at: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    fn slice(&mut self, len: usize) -> Result<&'a [u8], CheckpointError> {
        let end = self.at.checked_add(len).filter(|&end| end <= self.bytes.len());
        let end = end.ok_or(CheckpointError::CutOff { what: PART_NAME })?;
        let slice = &self.bytes[self.at..end];
        self.at = end;
        Ok(slice)
    }

    /// Reads `N` bytes.
    pub(super) fn take<const N: usize>(&mut self) -> Result<[u8; N], CheckpointError> {
        self.slice(N)?.try_into().map_err(|_| CheckpointError::CutOff { what: PART_NAME })
    }

    /// Reads an unsigned number of `len` bytes, at most 8.
    pub(super) fn unsigned(&mut self, len: usize) -> Result<u64, CheckpointError> {
        let mut wide = [0; 8];
        wide[..len].copy_from_slice(self.slice(len)?);
        Ok(u64::from_le_bytes(wide))
    }

    /// Reads bytes that begin with their length in `len` bytes. `what` names them for error messages.
    pub(super) fn counted(&mut self, len: usize, what: &'static str, most: u64) -> Result<&'a [u8], CheckpointError> {
        let len = self.unsigned(len)?;
        at_most(what, len, most)?;
        self.slice(len as usize)
    }

    /// Reads the rest of a line.
    pub(super) fn line(&mut self) -> Result<&'a str, CheckpointError> {
        let rest = &self.bytes[self.at..];
        let Some(len) = rest.iter().take(MAX_NAME_BYTES + 1).position(|&byte| byte == b'\n') else {
            let cut = rest.len() <= MAX_NAME_BYTES;
            let long = malformed(format!("a name has more than {MAX_NAME_BYTES} bytes"));
            return Err(if cut { CheckpointError::CutOff { what: PART_NAME } } else { long });
        };
        let line = str::from_utf8(&rest[..len]).map_err(|_| malformed("a name is no UTF-8"))?;
        self.at += len + 1;
        Ok(line)
    }
}
