//! The archives in which CIFAR-10 is distributed (Krizhevsky 2009): binary records, and pickled dictionaries.

use super::error::InputError;
use super::image_pack::{BYTES, ImagePack, PIXELS};
use super::pickle::{self, Value};

/// Bytes of a record: the class and the three planes.
const RECORD: usize = 1 + BYTES;

impl ImagePack {
    /// Reads a file of pictures of CIFAR-10 in any of its formats: a pack, the binary records of `test_batch.bin` or
    /// the pickled dictionary of `test_batch`. `name` is the name of the file. It decides between a pack and records
    /// where the bytes may be either.
    ///
    /// # Errors
    /// [`InputError::Pictures`] if the file is none of them.
    pub fn read_any(name: &str, bytes: &[u8]) -> Result<Self, InputError> {
        if bytes.first() == Some(&pickle::PROTOCOL) {
            return from_pickle(bytes).map_err(|reason| InputError::Pictures { reason });
        }
        // Both formats have the same length for the same number of pictures.
        let is_records = name.ends_with(".bin") && name.contains("_batch");
        let (records, pack) = (|| from_records(bytes), || Self::read(bytes));
        if is_records { records().or_else(|_| pack()) } else { pack().or_else(|error| records().map_err(|_| error)) }
    }
}

/// Reads records: the class, then 32x32 values of red, of green and of blue.
fn from_records(bytes: &[u8]) -> Result<ImagePack, InputError> {
    let (records, rest) = bytes.as_chunks::<RECORD>();
    if !rest.is_empty() {
        return Err(InputError::Pictures { reason: "its length is wrong" });
    }
    let labels: Vec<u8> = records.iter().map(|record| record[0]).collect();
    let planes = records.iter().map(|record| &record[1..]);
    pack(&labels, planes)
}

/// Reads a dictionary with `data`, an array of bytes of shape `[pictures, 3072]`, and `labels`.
fn from_pickle(bytes: &[u8]) -> Result<ImagePack, &'static str> {
    let Value::Dict(entries) = pickle::read(bytes)? else { return Err("it holds no dictionary") };
    let find = |name: &str| entries.iter().find(|(key, _)| key.is_text(name)).map(|(_, value)| value);
    if find("fine_labels").is_some() {
        return Err("it holds pictures of CIFAR-100");
    }
    let (Some(Value::List(labels)), Some(data)) = (find("labels"), find("data")) else {
        return Err("it has no labels or no data");
    };
    let label = |value: &Value| match value {
        Value::Int(label) => u8::try_from(*label).ok(),
        _ => None,
    };
    let labels: Vec<u8> = labels.iter().map(label).collect::<Option<_>>().ok_or("a class is none of the ten")?;
    let pixels = data.bytes_within().ok_or("its data are no array of bytes")?;
    if pixels.len() != labels.len() * BYTES {
        return Err("it has not as many pictures as labels");
    }
    pack(&labels, pixels.chunks_exact(BYTES)).map_err(|_| "a class is none of the ten")
}

/// Makes a pack of classes and planes.
fn pack<'a>(labels: &[u8], planes: impl Iterator<Item = &'a [u8]>) -> Result<ImagePack, InputError> {
    let mut bytes = labels.to_vec();
    for planes in planes {
        bytes.extend((0..PIXELS).flat_map(|at| [planes[at], planes[PIXELS + at], planes[2 * PIXELS + at]]));
    }
    ImagePack::read(&bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Written by Python's pickle in its protocol 4: `{b'data': array, b'labels': [3, 8]}`.
    const BATCH: &[u8] = include_bytes!("../../../tests/fixtures/pictures/cifar10-batch.pickle");

    /// Returns the planes of two pictures.
    fn planes() -> Vec<u8> {
        (0..2 * BYTES).map(|at| (10 + at % 241) as u8).collect()
    }

    fn records(labels: [u8; 2]) -> Vec<u8> {
        planes().chunks(BYTES).zip(labels).flat_map(|(planes, label)| [&[label], planes].concat()).collect()
    }

    /// Returns what Python 2 wrote for `data` and `labels`, as the published archive has it.
    fn pickled(labels: &[u8], data: &[u8]) -> Vec<u8> {
        let labels: Vec<u8> = labels.iter().flat_map(|label| [b'K', *label]).collect();
        let rows = [b'K', 2];
        let length = (data.len() as u32).to_le_bytes();
        [
            b"\x80\x02}q\x01(U\x0bbatch_labelq\x02U\x0ctesting 1 ofq\x03U\x06labelsq\x04]q\x05(",
            labels.as_slice(),
            b"eU\x04dataq\x06cnumpy.core.multiarray\n_reconstruct\nq\x07cnumpy\nndarray\nq\x08K\0\x85U\x01b\x87R",
            b"q\x09(K\x01",
            &rows,
            b"M\0\x0c\x86cnumpy\ndtype\nq\x0aU\x02u1K\0K\x01\x87Rq\x0b",
            b"(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb\x89T",
            &length,
            data,
            b"tbu.",
        ]
        .concat()
    }

    #[test]
    fn records_and_pickles_are_the_same_pictures() {
        let records = ImagePack::read_any("test_batch.bin", &records([3, 8])).expect("should be records");
        assert_eq!((records.len(), records.label(0), records.label(1)), (2, Some(3), Some(8)));
        let planes = planes();
        let pixel = records.photo(1).expect("should be there").pixel(0, 5);
        assert_eq!(pixel, [0, 1, 2].map(|plane| planes[BYTES + plane * PIXELS + 5]));
        assert_eq!(ImagePack::read_any("test_batch", &pickled(&[3, 8], &planes)), Ok(records));
        let python = ImagePack::read_any("test_batch", BATCH).expect("should be a pickle");
        assert_eq!((python.len(), python.label(0), python.label(1)), (2, Some(3), Some(8)));
        // The second picture is the first one mirrored.
        let pixel = |at, x| python.photo(at).expect("should be there").pixel(4, x);
        assert_eq!((pixel(0, 4), pixel(1, 27)), ([220, 30, 40], [220, 30, 40]));
    }

    #[test]
    fn packs_and_records_are_told_apart() {
        let records = records([3, 8]);
        // The second byte is a value of a pixel, and no class.
        let read = |name: &str, bytes: &[u8]| ImagePack::read_any(name, bytes).map(|pack| pack.label(1));
        assert_eq!(read("renamed.bin", &records), Ok(Some(8)));
        let pack = [&[3, 8][..], &[200; 2 * BYTES]].concat();
        assert_eq!((read("test.bin", &pack), read("test_batch.bin", &pack)), (Ok(Some(8)), Ok(Some(8))));
        assert!(read("test.bin", &pack[1..]).is_err() && read("test_batch.bin", &records[1..]).is_err());
    }

    #[test]
    fn wrong_pickles_are_refused() {
        let planes = planes();
        for (labels, data, says) in [
            (&[3, 8][..], &planes[1..], "it has not as many pictures as labels"),
            (&[3], &planes, "it has not as many pictures as labels"),
            (&[3, 10], &planes, "a class is none of the ten"),
        ] {
            let refused = ImagePack::read_any("test_batch", &pickled(labels, data)).expect_err("should be refused");
            assert_eq!(refused, InputError::Pictures { reason: says });
        }
        for end in [0, 1, 40, 200, BATCH.len() - 1] {
            assert!(ImagePack::read_any("test_batch", &BATCH[..end]).is_err(), "{end}");
        }
    }
}
