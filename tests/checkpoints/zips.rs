//! Zip files that `torch.save` does not write.

use std::io::Write;

use weights::{CheckpointError, Weights};

use super::{SEED, bytes, load, open, path, small};

/// One entry of a zip file, with the method and size that its headers state.
pub struct Part {
    pub name: &'static str,
    pub data: Vec<u8>,
    pub method: u16,
    pub size: u64,
}

/// Returns an entry that is stored without compression.
pub fn stored(name: &'static str, data: Vec<u8>) -> Part {
    Part { name, size: data.len() as u64, data, method: 0 }
}

/// Returns a zip file of `parts`, with all sizes and positions in zip64 fields.
pub fn zip(parts: &[Part]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for Part { name, data, method, size } in parts {
        let place = file.len() as u64;
        let crc = crc32fast::hash(data).to_le_bytes();
        let name_len = (name.len() as u16).to_le_bytes();
        let method = method.to_le_bytes();
        file.extend(
            [b"PK\x03\x04\x2d\0\0\0".as_slice(), &method, &[0; 4], &crc, &[0xFF; 8], &name_len, &[0; 2]].concat(),
        );
        file.extend(name.as_bytes());
        file.extend(data);
        directory.extend([b"PK\x01\x02\x2d\0\x2d\0\0\0".as_slice(), &method, &[0; 4], &crc, &[0xFF; 8]].concat());
        directory.extend([name_len.as_slice(), &28_u16.to_le_bytes(), &[0; 10], &[0xFF; 4], name.as_bytes()].concat());
        directory.extend([b"\x01\0\x18\0".as_slice(), &size.to_le_bytes()].concat());
        directory.extend([(data.len() as u64).to_le_bytes(), place.to_le_bytes()].concat());
    }
    let place = file.len() as u64;
    file.extend(&directory);
    end(file, parts.len() as u64, directory.len() as u64, place)
}

/// Ends a zip file with both end records of its directory.
fn end(mut file: Vec<u8>, count: u64, len: u64, place: u64) -> Vec<u8> {
    let record = file.len() as u64;
    file.extend([b"PK\x06\x06".as_slice(), &44_u64.to_le_bytes(), &[0; 12], &count.to_le_bytes()].concat());
    file.extend([count.to_le_bytes(), len.to_le_bytes(), place.to_le_bytes()].concat());
    file.extend([b"PK\x06\x07\0\0\0\0".as_slice(), &record.to_le_bytes(), &1_u32.to_le_bytes()].concat());
    file.extend([b"PK\x05\x06\0\0\0\0".as_slice(), &[0xFF; 12], &[0; 2]].concat());
    file
}

pub fn refusal(file: Vec<u8>) -> String {
    open(file).map(|_| ()).expect_err("should be refused").to_string()
}

#[test]
fn other_zip_files_are_refused() {
    assert!(refusal(zip(&[])).contains("it is no checkpoint"));
    assert!(refusal(zip(&[stored("a/readme", vec![1])])).contains("it is an archive of other files"));
    assert!(refusal(zip(&[stored("conv.weight.npy", vec![1])])).contains("it holds arrays of NumPy"));
    assert!(refusal(zip(&[stored("model.weights.h5", vec![1])])).contains("it is a model of Keras"));
    assert!(refusal(zip(&[stored("m/saved_model.pb", vec![1])])).contains("it is a SavedModel of TensorFlow"));
    let two = [stored("a/data.pkl", vec![1]), stored("b/data.pkl", vec![1])];
    assert!(refusal(zip(&two)).contains("has not one data.pkl"));
    let same = [stored("a/data.pkl", vec![1]), stored("a/data.pkl", vec![1])];
    assert!(refusal(zip(&same)).contains("\"a/data.pkl\" stands in it twice"));
    let middle_endian = [stored("a/data.pkl", b"\x80\x02}.".to_vec()), stored("a/byteorder", b"pdp".to_vec())];
    assert!(refusal(zip(&middle_endian)).contains("the order of its bytes is not known"));
}

#[test]
fn a_zip_within_a_zip_is_refused() {
    let inner = bytes("small-shared.pth");
    assert!(refusal(zip(&[stored("a/small.pth", inner.clone())])).contains("it is an archive of other files"));
    assert!(refusal(zip(&[stored("a/data.pkl", inner)])).contains("its pickle asks for the operation 0x50"));
}

/// Returns an entry that is compressed, with the size that its headers state.
fn deflated(name: &'static str, bytes: &[u8], size: u64) -> Part {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).expect("should be written");
    Part { name, data: encoder.finish().expect("should be finished"), method: 8, size }
}

#[test]
fn a_zip_bomb_is_not_unpacked_beyond_what_its_pickle_says() {
    let zeros = vec![0; 64 << 20];
    for size in [64 << 20, 1 << 20, 9] {
        let text = refusal(zip(&[deflated("a/data.pkl", &zeros, size)]));
        assert!(text.contains("at most") || text.contains("cannot be unpacked"), "{text}");
    }
    let text = refusal(zip(&[stored("a/data.pkl", pair()), deflated("a/data/0", &zeros, 64 << 20)]));
    assert!(text.contains("has 67108864 bytes, and its pickle says 8"), "{text}");
    let text = refusal(zip(&[stored("a/data.pkl", pair()), deflated("a/data/0", &zeros, 8)]));
    assert!(text.contains("cannot be unpacked"), "{text}");
    let text = refusal(zip(&[stored("a/data.pkl", pair()), deflated("a/data/0", &[0; 4], 8)]));
    assert!(text.contains("unpacks to 4 bytes instead of 8"), "{text}");
}

#[test]
fn a_compressed_file_is_read() {
    let values: Vec<u8> = [1.5_f32, -2.0].iter().flat_map(|value| value.to_le_bytes()).collect();
    let pickle = pair();
    let parts = [deflated("a/data.pkl", &pickle, pickle.len() as u64), deflated("a/data/0", &values, 8)];
    // The CRC-32 of a zip file is that of the unpacked data, which these headers do not have.
    let file = open(without_sums(zip(&parts), |_| true)).expect("should open");
    assert_eq!(pollster::block_on(file.load("w")), Ok(vec![1.5, -2.0]));
    assert_eq!(pollster::block_on(file.load_rows("w", 1..2)), Ok(vec![-2.0]));
    assert!(read_whole("kept-deflated.pth").iter().eq(Weights::seeded(&small(), SEED).iter()));
}

fn read_whole(name: &str) -> Weights {
    load(&small(), &path(name))
}

#[test]
fn sizes_of_2_to_the_63_are_refused() {
    let huge = 1_u64 << 63;
    for (count, len, place) in [(huge, 1, 0), (1, huge, 0), (1, 1, huge), (1, 1, u64::MAX), (1, 46, 0), (1, 0, 0)] {
        refusal(end(b"PK\x03\x04 and more".to_vec(), count, len, place));
    }
    let lies = [Part { name: "a/data.pkl", data: vec![b'.'; 9], method: 0, size: huge }];
    assert!(refusal(zip(&lies)).contains("at most"));
    // Positions of entries and of the zip64 record that are past the end.
    let good = zip(&[stored("a/data.pkl", b"\x80\x02}.".to_vec())]);
    let places = (0..good.len() - 8).filter(|&at| {
        let number = u64::from_le_bytes(good[at..at + 8].try_into().expect("should be 8 bytes"));
        (1..good.len() as u64).contains(&number)
    });
    let mut tried = 0;
    for at in places {
        for number in [huge, u64::MAX, u64::MAX - 30, u64::MAX - 56, good.len() as u64] {
            let mut file = good.clone();
            file[at..at + 8].copy_from_slice(&number.to_le_bytes());
            refusal(file);
            tried += 1;
        }
    }
    assert!(tried >= 5 * 6, "{tried}");
}

#[test]
fn damaged_values_are_found() {
    let mut damaged = bytes("lenet5-modern.pth");
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    let source = open(damaged).expect("should open");
    let errors: Vec<_> = source.entries().filter_map(|(name, _)| pollster::block_on(source.load(name)).err()).collect();
    assert_eq!(errors, [CheckpointError::Damaged { name: "fc1.weight".to_owned() }]);
    // When read by rows, the last row reports the damage.
    let load = |rows| pollster::block_on(source.load_rows("fc1.weight", rows));
    assert!(load(0..40).is_ok() && load(40..119).is_ok());
    assert!(matches!(load(119..120), Err(CheckpointError::Damaged { .. })));
}

#[test]
fn damage_to_tensors_read_out_of_order_is_found_at_once() {
    for name in ["small-shared.pth", "small-transposed.pth"] {
        let mut damaged = bytes(name);
        // The longest storage of the file: byte 2,000 after its name belongs to a value.
        let storages = ["/data/0", "/data/2"]
            .map(|end| damaged.windows(end.len()).position(|window| window == end.as_bytes()).unwrap_or_default());
        let at = storages.into_iter().max().expect("should be there") + 2000;
        damaged[at] ^= 1;
        assert!(matches!(open(damaged), Err(CheckpointError::Damaged { .. })), "{name}");
    }
}

/// Returns the pickle of a dictionary with the F32 tensor `w`, which has two values.
fn pair() -> Vec<u8> {
    [
        b"\x80\x02}\x8c\x01wctorch._utils\n_rebuild_tensor_v2\n((\x8c\x07storagectorch\nFloatStorage\n".as_slice(),
        b"\x8c\x010\x8c\x03cpuK\x02tQK\x00K\x02\x85K\x01\x85\x89ccollections\nOrderedDict\n)RtRs.",
    ]
    .concat()
}

#[test]
fn values_of_a_big_endian_machine_are_read() {
    let values: Vec<u8> = [1.5_f32, -2.0].iter().flat_map(|value| value.to_be_bytes()).collect();
    let file = zip(&[stored("a/data.pkl", pair()), stored("a/byteorder", b"big".to_vec()), stored("a/data/0", values)]);
    assert_eq!(pollster::block_on(open(file).expect("should open").load("w")), Ok(vec![1.5, -2.0]));
}

/// Names of 21 bytes made the field of a header the same as a flag of some readers.
#[test]
fn a_name_of_21_bytes_is_read() {
    let file = zip(&[stored("resnet18-5c106/data.pkl", pair()), stored("resnet18-5c106/data/0", vec![0; 8])]);
    assert_eq!("resnet18-5c106/data/0".len(), 21);
    assert_eq!(pollster::block_on(open(file).expect("should open").load("w")), Ok(vec![0.0; 2]));
}

/// Sets the CRC-32 of entries in the directory to 0, as `torch.serialization.set_crc32_options(False)` leaves them.
fn without_sums(mut file: Vec<u8>, entries: impl Fn(usize) -> bool) -> Vec<u8> {
    let starts: Vec<usize> = (0..file.len() - 4).filter(|&at| file[at..].starts_with(b"PK\x01\x02")).collect();
    for (index, at) in starts.into_iter().enumerate() {
        if entries(index) {
            file[at + 16..at + 20].fill(0);
        }
    }
    file
}

#[test]
fn a_file_without_sums_is_read_and_one_wrong_sum_is_found() {
    let values: Vec<u8> = [1.5_f32, -2.0].iter().flat_map(|value| value.to_le_bytes()).collect();
    let file = zip(&[stored("a/data.pkl", pair()), stored("a/data/0", values)]);
    let none = open(without_sums(file.clone(), |_| true)).expect("should open");
    assert_eq!(pollster::block_on(none.load("w")), Ok(vec![1.5, -2.0]));
    let one = open(without_sums(file.clone(), |index| index == 1)).expect("should open");
    assert_eq!(pollster::block_on(one.load("w")), Err(CheckpointError::Damaged { name: "w".to_owned() }));
    assert!(refusal(without_sums(file, |index| index == 0)).contains("the CRC-32 of \"a/data.pkl\" is another"));
}
