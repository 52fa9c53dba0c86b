//! The two formats of `torch.save`. One is a zip file of a pickle and its storages (PyTorch 1.6 and later). The legacy
//! format is a row of pickles followed by the storages (earlier, or with `_use_new_zipfile_serialization=False`).
//!
//! torchvision publishes files of both. Opening a file reads its pickles and finds the position of each storage, but
//! reads no values.

use std::collections::{BTreeMap, HashMap};

use super::error::at_most;
use super::index::{ByteOrder, ByteRun, Index, MAX_NAME_BYTES, MAX_TENSORS, TensorEntry};
use super::layout::StorageLayout;
use super::other_format::OtherFormat;
use super::pickle::{self, Pickle};
use super::state_dict::{Found, find};
use super::tensor::text;
use super::value::{PickledTensor, Storage, Value, malformed};
use super::{ByteSource, CheckpointError, zip};
use crate::bytes::read;

/// The number that a legacy file begins with, as its first pickle.
const LEGACY_MAGIC: i128 = 0x1950_A86A_20F9_469C_FC6C;

/// The version of the legacy format, which is the second pickle.
const LEGACY_VERSION: i128 = 1001;

/// The bytes of a legacy file that are read first. The pickles of most files are shorter.
const HEAD: u64 = 64 << 10;

/// Reads the contents of a zip file. The tensors are those at `place`, if it names one.
pub(super) async fn open_zip(source: &dyn ByteSource, place: Option<&str>) -> Result<Index, CheckpointError> {
    let files = zip::directory(source).await?;
    let mut pickles = files.iter().filter_map(|(name, file)| Some((name.strip_suffix("/data.pkl")?, name, file)));
    let Some((folder, name, file)) = pickles.next() else {
        let names: Vec<&str> = files.keys().map(String::as_str).collect();
        return Err(CheckpointError::OtherFormat { format: OtherFormat::of_zip(&names) });
    };
    if pickles.next().is_some() {
        return Err(CheckpointError::malformed("the zip file", "it has not one data.pkl, as torch.save writes it"));
    }
    // `torch.serialization.set_crc32_options(False)` leaves all sums out.
    let summed = files.values().any(|file| file.crc != 0);
    let bytes = stored(source, name, file, pickle::MAX_BYTES, summed).await?;
    let order = match files.get_key_value(&format!("{folder}/byteorder")) {
        Some((name, file)) => match stored(source, name, file, 16, summed).await?.as_slice() {
            b"little" => ByteOrder::Little,
            b"big" => ByteOrder::Big,
            _ => return Err(CheckpointError::malformed("the zip file", "the order of its bytes is not known")),
        },
        None => ByteOrder::Little,
    };
    let pickle = Pickle::read(&bytes)?;
    let found = find(&pickle, place)?;
    let mut storages = Storages::default();
    let mut unpacked = Vec::new();
    for (_, tensor) in &found.tensors {
        let (key, storage) = storage(&pickle, tensor)?;
        if !storages.add(key, storage)? {
            continue;
        }
        let name = format!("{folder}/data/{key}");
        let file = files.get(&name).ok_or_else(|| malformed(format!("the zip file has no {name:?}")))?;
        if file.bytes != storage.bytes()? {
            let wanted = storage.bytes()?;
            return Err(malformed(format!("{name:?} has {} bytes, and its pickle says {wanted}", file.bytes)));
        }
        let start = if file.is_packed() {
            at_most("bytes of the compressed values", unpacked.len() as u64 + file.bytes, zip::MAX_UNPACKED)?;
            let start = source.len() + unpacked.len() as u64;
            unpacked.extend(zip::data(source, &name, file).await?);
            start
        } else {
            zip::data_start(source, &name, file).await?
        };
        storages.runs.push(ByteRun { start, bytes: file.bytes, crc: summed.then_some(file.crc) });
    }
    Ok(Index { format: "torch.save", order, unpacked, ..storages.index(&pickle, found)? })
}

/// Reads one file of a zip file.
async fn stored(
    source: &dyn ByteSource,
    name: &str,
    file: &zip::ZipEntry,
    most: u64,
    summed: bool,
) -> Result<Vec<u8>, CheckpointError> {
    at_most("bytes of the pickle", file.bytes, most)?;
    let bytes = zip::data(source, name, file).await?;
    if summed && crc32fast::hash(&bytes) != file.crc {
        return Err(CheckpointError::malformed("the zip file", format!("the CRC-32 of {name:?} is another")));
    }
    Ok(bytes)
}

/// Reads the contents of a legacy file. It has five pickles: a number, a version, a description of the machine, the
/// object, and the keys of the storages. Then each storage has its number of values in 8 bytes, and the values. The
/// tensors are those at `place`, if it names one.
pub(super) async fn open_legacy(source: &dyn ByteSource, place: Option<&str>) -> Result<Index, CheckpointError> {
    let mut head = LegacyReader { source, bytes: Vec::new(), at: 0 };
    let magic = head.pickle().await?;
    if *magic.value(magic.root) != Value::Int(LEGACY_MAGIC) {
        return Err(CheckpointError::OtherFormat { format: OtherFormat::Pickle });
    }
    let version = head.pickle().await?;
    if *version.value(version.root) != Value::Int(LEGACY_VERSION) {
        return Err(malformed(format!("its version is not {LEGACY_VERSION}")));
    }
    let machine = head.pickle().await?;
    if !matches!(machine.value(machine.root), Value::Dict(_)) {
        return Err(malformed("it does not say which machine wrote it"));
    }
    let object = head.pickle().await?;
    let keys = head.pickle().await?;
    let Value::List(keys_in_order) = keys.value(keys.root) else {
        return Err(malformed("it does not list its storages"));
    };
    at_most("storages of the pickle", keys_in_order.len() as u64, MAX_TENSORS)?;
    // The sizes of all storages determine the positions of those after them, including storages that no tensor uses. A
    // key with two sizes is refused: a tensor of it could reach into the next storage.
    let mut sizes = HashMap::new();
    for value in &object.arena {
        if let Value::Storage(storage) = value {
            let key = text(&object.arena, storage.key, "the key of a storage")?;
            let known: &Storage = sizes.entry(key).or_insert(storage);
            if (known.dtype, known.len) != (storage.dtype, storage.len) {
                return Err(two_sizes(key));
            }
        }
    }
    let mut places = HashMap::new();
    let mut at = head.at as u64;
    for &key in keys_in_order {
        let key = text(&keys.arena, key, "the key of a storage")?;
        let storage = sizes.get(key).ok_or_else(|| malformed(format!("no tensor has the storage {key:?}")))?;
        let count = read(source, at..at.saturating_add(8), "the values").await?;
        if count != storage.len.to_le_bytes() {
            return Err(malformed(format!("the storage {key:?} has not the {} values it should", storage.len)));
        }
        let end = storage.bytes()?.checked_add(at + 8).filter(|&end| end <= source.len());
        let end = end.ok_or(CheckpointError::CutOff { what: "the values" })?;
        places.insert(key, ByteRun { start: at + 8, bytes: end - at - 8, crc: None });
        at = end;
    }
    if at != source.len() {
        return Err(malformed(format!("{} bytes follow its last storage", source.len() - at)));
    }
    let found = find(&object, place)?;
    let mut storages = Storages::default();
    for (_, tensor) in &found.tensors {
        let (key, storage) = storage(&object, tensor)?;
        if storages.add(key, storage)? {
            let run = places.get(key).ok_or_else(|| malformed(format!("it has no storage {key:?}")))?;
            storages.runs.push(run.clone());
        }
    }
    Ok(Index { format: "torch.save, legacy", ..storages.index(&object, found)? })
}

/// The start of a legacy file, extended whenever a pickle needs more bytes.
struct LegacyReader<'a> {
    source: &'a dyn ByteSource,
    bytes: Vec<u8>,
    at: usize,
}

impl LegacyReader<'_> {
    /// Reads the next pickle.
    async fn pickle(&mut self) -> Result<Pickle, CheckpointError> {
        loop {
            let result = Pickle::read(&self.bytes[self.at..]);
            let have = self.bytes.len() as u64;
            match result {
                Err(CheckpointError::CutOff { .. }) if have < self.source.len() => {
                    // The bytes double each time, so that a pickle is run only a few times.
                    at_most("bytes of the pickles", have, pickle::MAX_BYTES)?;
                    let end = (have * 2).clamp(HEAD, pickle::MAX_BYTES + 1).min(self.source.len());
                    self.bytes.extend(read(self.source, have..end, "the pickles").await?);
                }
                result => {
                    let pickle = result?;
                    self.at += pickle.len;
                    return Ok(pickle);
                }
            }
        }
    }
}

fn two_sizes(key: &str) -> CheckpointError {
    malformed(format!("the storage {key:?} is of two sizes or types"))
}

/// Returns the storage of a tensor and its key.
fn storage<'a>(pickle: &'a Pickle, tensor: &PickledTensor) -> Result<(&'a str, &'a Storage), CheckpointError> {
    match pickle.value(tensor.storage) {
        Value::Storage(storage) => Ok((text(&pickle.arena, storage.key, "the key of a storage")?, storage)),
        other => Err(malformed(format!("the storage of a tensor is {}", other.kind()))),
    }
}

/// The storages of all tensors, each once.
#[derive(Default)]
struct Storages {
    runs: Vec<ByteRun>,
    /// The index in `runs` of each key, with the bytes of the storage.
    keys: BTreeMap<String, (usize, u64)>,
}

impl Storages {
    /// Adds a storage. Returns true if it is new, so that the caller must push its run.
    fn add(&mut self, key: &str, storage: &Storage) -> Result<bool, CheckpointError> {
        let bytes = storage.bytes()?;
        match self.keys.get(key) {
            Some(&(_, known)) if known == bytes => Ok(false),
            Some(_) => Err(two_sizes(key)),
            None => {
                self.keys.insert(key.to_owned(), (self.runs.len(), bytes));
                Ok(true)
            }
        }
    }

    /// Returns the contents of the file, with the position of each tensor checked.
    fn index(self, pickle: &Pickle, found: Found<'_>) -> Result<Index, CheckpointError> {
        let mut entries = BTreeMap::new();
        for (name, tensor) in found.tensors {
            at_most("bytes of a tensor's name", name.len() as u64, MAX_NAME_BYTES)?;
            let (key, _) = storage(pickle, tensor)?;
            let run = self.keys.get(key).copied();
            let (run, bytes) = run.ok_or_else(|| malformed(format!("it has no storage {key:?}")))?;
            let len = bytes.checked_div(tensor.dtype.bytes()).unwrap_or(0);
            let layout = StorageLayout::new(tensor.dims.clone(), tensor.offset, tensor.strides.clone(), len)
                .map_err(|reason| CheckpointError::Layout { name: name.clone(), reason })?;
            entries.insert(name, TensorEntry { dtype: tensor.dtype, layout, run });
        }
        Ok(Index { entries, runs: self.runs, place: found.place, ..Index::default() })
    }
}
