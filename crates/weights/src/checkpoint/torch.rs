//! The two formats of `torch.save`. One is a zip file of a pickle and its storages (PyTorch 1.6 and later). The legacy
//! format is a row of pickles followed by the storages (earlier, or with `_use_new_zipfile_serialization=False`).
//!
//! torchvision publishes files of both. Opening a file reads its pickles and finds the position of each storage, but
//! reads no values.

use std::collections::{BTreeMap, HashMap};

use super::dtype::DType;
use super::error::at_most;
use super::index::{ByteRun, Index, MAX_NAME_BYTES, MAX_TENSORS, TensorEntry};
use super::layout::StorageLayout;
use super::pickle::{self, Pickle};
use super::tensor::text;
use super::value::{PickledTensor, Storage, Value, ValueIndex, malformed};
use super::{ByteSource, CheckpointError, zip};
use crate::bytes::read;

/// The number that a legacy file begins with, as its first pickle.
const LEGACY_MAGIC: i128 = 0x1950_A86A_20F9_469C_FC6C;

/// The version of the legacy format, which is the second pickle.
const LEGACY_VERSION: i128 = 1001;

/// The bytes of a legacy file that are read first. The pickles of most files are shorter.
const HEAD: u64 = 64 << 10;

/// The keys under which training programs keep the state_dict: PyTorch's examples and timm use the first, torchvision's
/// references the last.
const WRAPPERS: [&str; 3] = ["state_dict", "model_state_dict", "model"];

/// Reads the contents of a zip file.
pub(super) async fn open_zip(source: &dyn ByteSource) -> Result<Index, CheckpointError> {
    let files = zip::directory(source).await?;
    let mut pickles = files.iter().filter_map(|(name, file)| Some((name.strip_suffix("/data.pkl")?, name, file)));
    let no_pickle = || CheckpointError::malformed("the zip file", "it has not one data.pkl, as torch.save writes it");
    let (folder, name, file) = pickles.next().ok_or_else(no_pickle)?;
    if pickles.next().is_some() {
        return Err(no_pickle());
    }
    let bytes = stored(source, name, file, pickle::MAX_BYTES).await?;
    if let Some((name, file)) = files.get_key_value(&format!("{folder}/byteorder"))
        && stored(source, name, file, 16).await? != b"little"
    {
        return Err(CheckpointError::malformed("the zip file", "its numbers are not little-endian"));
    }
    let pickle = Pickle::read(&bytes)?;
    let mut storages = Storages::default();
    for (_, tensor) in tensors(&pickle)? {
        let (key, storage) = storage(&pickle, tensor)?;
        if !storages.add(key, storage)? {
            continue;
        }
        let name = format!("{folder}/data/{key}");
        let file = files.get(&name).ok_or_else(|| malformed(format!("the zip file has no {name:?}")))?;
        if file.bytes != storages.bytes(storage)? {
            let wanted = storages.bytes(storage)?;
            return Err(malformed(format!("{name:?} has {} bytes, and its pickle says {wanted}", file.bytes)));
        }
        let start = zip::data_start(source, &name, file).await?;
        storages.runs.push(ByteRun { start, bytes: file.bytes, crc: Some(file.crc) });
    }
    storages.index(&pickle)
}

/// Reads one file of a zip file.
async fn stored(
    source: &dyn ByteSource,
    name: &str,
    file: &zip::ZipEntry,
    most: u64,
) -> Result<Vec<u8>, CheckpointError> {
    at_most("bytes of the pickle", file.bytes, most)?;
    let start = zip::data_start(source, name, file).await?;
    let bytes = read(source, start..start + file.bytes, "the pickle").await?;
    if crc32fast::hash(&bytes) != file.crc {
        return Err(CheckpointError::malformed("the zip file", format!("the CRC-32 of {name:?} is another")));
    }
    Ok(bytes)
}

/// Reads the contents of a legacy file. It has five pickles: a number, a version, a description of the machine, the
/// object, and the keys of the storages. Then each storage has its number of values in 8 bytes, and the values.
pub(super) async fn open_legacy(source: &dyn ByteSource) -> Result<Index, CheckpointError> {
    let mut head = LegacyReader { source, bytes: Vec::new(), at: 0 };
    let magic = head.pickle().await?;
    if *magic.value(magic.root) != Value::Int(LEGACY_MAGIC) {
        return Err(CheckpointError::Unknown);
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
        let bytes = storage.len.checked_mul(storage.dtype.bytes());
        let end = bytes.and_then(|bytes| bytes.checked_add(at + 8)).filter(|&end| end <= source.len());
        let end = end.ok_or(CheckpointError::CutOff { what: "the values" })?;
        places.insert(key, ByteRun { start: at + 8, bytes: end - at - 8, crc: None });
        at = end;
    }
    if at != source.len() {
        return Err(malformed(format!("{} bytes follow its last storage", source.len() - at)));
    }
    let mut storages = Storages::default();
    for (_, tensor) in tensors(&object)? {
        let (key, storage) = storage(&object, tensor)?;
        if storages.add(key, storage)? {
            let run = places.get(key).ok_or_else(|| malformed(format!("it has no storage {key:?}")))?;
            storages.runs.push(run.clone());
        }
    }
    storages.index(&object)
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

/// Returns the tensors of the state_dict by name.
fn tensors(pickle: &Pickle) -> Result<Vec<(&str, &PickledTensor)>, CheckpointError> {
    let Value::Dict(root) = pickle.value(pickle.root) else {
        return Err(malformed(format!("it holds {}, and no state_dict", pickle.value(pickle.root).kind())));
    };
    let keyed = |wanted: &str| {
        root.iter().find_map(|&(key, value)| match (pickle.value(key), pickle.value(value)) {
            (Value::Text(key), Value::Dict(dict)) if key == wanted => Some(dict),
            _ => None,
        })
    };
    let dict = WRAPPERS.iter().find_map(|key| keyed(key)).unwrap_or(root);
    let tensor = |&(key, value): &(ValueIndex, ValueIndex)| match (pickle.value(key), pickle.value(value)) {
        (Value::Text(key), Value::Tensor(tensor)) => Some((key.as_str(), &**tensor)),
        _ => None,
    };
    let tensors: Vec<_> = dict.iter().filter_map(tensor).collect();
    at_most("tensors", tensors.len() as u64, MAX_TENSORS)?;
    if tensors.is_empty() {
        return Err(malformed("it holds no tensors by name; save the state_dict"));
    }
    Ok(tensors)
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
    /// The index in `runs` of each key, with the type and the size of the storage.
    keys: BTreeMap<String, (usize, DType, u64)>,
}

impl Storages {
    /// Adds a storage. Returns true if it is new, so that the caller must push its run.
    fn add(&mut self, key: &str, storage: &Storage) -> Result<bool, CheckpointError> {
        match self.keys.get(key) {
            Some(&(_, dtype, len)) if (dtype, len) == (storage.dtype, storage.len) => Ok(false),
            Some(_) => Err(two_sizes(key)),
            None => {
                self.keys.insert(key.to_owned(), (self.runs.len(), storage.dtype, storage.len));
                Ok(true)
            }
        }
    }

    fn bytes(&self, storage: &Storage) -> Result<u64, CheckpointError> {
        let bytes = storage.len.checked_mul(storage.dtype.bytes());
        bytes.ok_or_else(|| malformed(format!("a storage of {} values passes 2^64 bytes", storage.len)))
    }

    /// Returns the contents of the file, with the position of each tensor checked.
    fn index(self, pickle: &Pickle) -> Result<Index, CheckpointError> {
        let mut entries = BTreeMap::new();
        for (name, tensor) in tensors(pickle)? {
            at_most("bytes of a tensor's name", name.len() as u64, MAX_NAME_BYTES)?;
            let (key, storage) = storage(pickle, tensor)?;
            let run = self.keys.get(key).map(|&(run, ..)| run);
            let run = run.ok_or_else(|| malformed(format!("it has no storage {key:?}")))?;
            let layout = StorageLayout::new(tensor.dims.clone(), tensor.offset, tensor.strides.clone(), storage.len)
                .map_err(|reason| CheckpointError::Layout { name: name.to_owned(), reason })?;
            entries.insert(name.to_owned(), TensorEntry { dtype: storage.dtype, layout, run });
        }
        Ok(Index { entries, runs: self.runs, metadata: BTreeMap::new() })
    }
}
