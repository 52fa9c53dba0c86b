//! Pickles that request more than tensors, or more than the file holds.

use super::zips::{refusal, stored, zip};
use super::{LEGACY, open};

/// Returns a file of `torch.save` with this pickle and one storage of 16 bytes, `0`.
fn file(pickle: &[u8]) -> Vec<u8> {
    zip(&[stored("a/data.pkl", pickle.to_vec()), stored("a/data/0", vec![0; 16])])
}

fn refused(pickle: &[u8]) -> String {
    refusal(file(pickle))
}

fn int(value: i64) -> Vec<u8> {
    [b"\x8a\x08".as_slice(), &value.to_le_bytes()].concat()
}

/// Returns the pickle of storage `0` with `len` values.
fn storage(kind: &[u8], len: i64) -> Vec<u8> {
    [b"(\x8c\x07storagectorch\n".as_slice(), kind, b"\n\x8c\x010\x8c\x03cpu", &int(len), b"tQ"].concat()
}

/// The end of a tensor's pickle, after the strides: the flag for gradients and the hooks.
const REST: &[u8] = b"\x89ccollections\nOrderedDict\n)RtRs.";

/// Returns the pickle of a dictionary with one F32 tensor of these sizes.
fn tensor(storage_len: i64, offset: i64, dims: &[i64], strides: &[i64]) -> Vec<u8> {
    let tuple = |numbers: &[i64]| {
        let items: Vec<u8> = numbers.iter().flat_map(|&number| int(number)).collect();
        [b"(".as_slice(), &items, b"t"].concat()
    };
    [
        b"\x80\x02}\x8c\x01wctorch._utils\n_rebuild_tensor_v2\n(".as_slice(),
        &storage(b"FloatStorage", storage_len),
        &int(offset),
        &tuple(dims),
        &tuple(strides),
        REST,
    ]
    .concat()
}

#[test]
fn the_well_formed_tensor_is_read() {
    let file = open(file(&tensor(4, 0, &[2, 2], &[2, 1]))).expect("should open");
    assert_eq!(file.entry("w").expect("should be there").dims(), [2, 2]);
    assert_eq!(pollster::block_on(file.load("w")), Ok(vec![0.0; 4]));
}

/// Returns the pickle of a dictionary with the F32 tensor `w` of four zeros, and with `beside` under the key `x`.
fn with(beside: &[u8]) -> Vec<u8> {
    let mut pickle = tensor(4, 0, &[2, 2], &[2, 1]);
    pickle.pop();
    [pickle.as_slice(), b"\x8c\x01x", beside, b"s."].concat()
}

#[test]
fn nothing_is_imported_or_called() {
    for beside in [
        b"cos\nsystem\n\x8c\x04true\x85R".as_slice(),
        b"\x8c\x08builtins\x8c\x04eval\x93\x8c\x011\x85R",
        b"c__builtin__\nexec\n",
        b"ctorch\nload\n\x8c\x01f\x85R",
        b"ctorch\nFloatStorage\nK\x04\x85R",
        // A Namespace with attributes, a defaultdict with items, a set, a number with a type of NumPy.
        b"cargparse\nNamespace\n)\x81}\x8c\x02lrK\x01sb",
        b"ccollections\ndefaultdict\nc__builtin__\nlist\n\x85R\x8c\x01aK\x01s",
        b"c__builtin__\nset\n](K\x01K\x02e\x85R",
        b"\x8f(K\x01K\x02\x90",
        b"(K\x01K\x02\x91",
        b"cnumpy.core.multiarray\nscalar\ncnumpy\ndtype\nU\x02f8K\x00K\x01\x87RC\x08\0\0\0\0\0\0\0\0\x86R",
        // INST, OBJ, NEWOBJ_EX, DUP and POP.
        b"(icollections\nOrderedDict\n",
        b"(ccollections\nOrderedDict\no",
        b"cpathlib\nPurePosixPath\n)}\x92",
        b"K\x01K\x020",
        b"K\x0120",
        // A number of 26 bytes, and a text that is no UTF-8.
        b"\x8a\x1a\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01",
        b"U\x02\xff\xfe",
    ] {
        let file = open(file(&with(beside))).unwrap_or_else(|error| panic!("{beside:?}: {error}"));
        assert_eq!(file.entries().count(), 1, "{beside:?}");
        assert_eq!(pollster::block_on(file.load("w")), Ok(vec![0.0; 4]), "{beside:?}");
    }
}

#[test]
fn operations_that_name_other_files_are_refused() {
    for (beside, code) in [(b"P0\n".as_slice(), "0x50"), (b"\x82\x01", "0x82"), (b"\x97", "0x97")] {
        let text = refused(&with(beside));
        assert!(text.contains(&format!("its pickle asks for the operation {code}")), "{text}");
    }
}

#[test]
fn malformed_pickles_are_refused() {
    for (pickle, reason) in [
        (b"".as_slice(), "cut off in its pickle"),
        (b"\x80\x02", "cut off in its pickle"),
        (b"\x80\x02.", "empty stack"),
        (b"\x80\x06}.", "protocol 6"),
        (b"\x80\x02K\x01.", "it holds a number, and no state_dict"),
        (b"\x80\x02}.", "no tensors by name"),
        (b"\x80\x02}K\x01K\x02s.", "no tensors by name"),
        (b"\x80\x02t.", "no beginning"),
        (b"\x80\x02}(K\x01u.", "sets 1 items"),
        (b"\x80\x02K\x01K\x02K\x03s.", "of a number"),
        (b"\x80\x02K\x01K\x02a.", "appends to a number"),
        (b"\x80\x02}(K\x01s.", "empty stack"),
        (b"\x80\x02h\x05.", "its memo has no 5"),
        (b"\x80\x02K\x01K\x02R.", "it calls with a number"),
        (b"\x80\x02K\x01Q.", "a storage is a number"),
        (b"\x80\x02(Q.", "empty stack"),
        (b"\x80\x02K\x01}b.", "it holds a number, and no state_dict"),
        (b"\x80\x02ccollections\nOrderedDict\n]]K\x01aa\x85R.", "something else than pairs"),
        (b"\x80\x02\x8c\x02\xff\xfe.", "it holds bytes, and no state_dict"),
        (b"\x80\x02cos\nsystem\n.", "it holds a function, and no state_dict"),
        (b"\x80\x02(o.", "an object has no class"),
        (b"\x80\x02ctorch._utils\n_rebuild_parameter\n)R.", "a parameter holds no tensor"),
        (b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\n)R.", "made of 0 parts"),
    ] {
        let text = refused(pickle);
        assert!(text.contains(reason), "{text} instead of {reason}");
    }
}

#[test]
fn lengths_are_checked_against_limits_before_use() {
    let over = |head: &[u8], len: &[u8]| refused(&[b"\x80\x02".as_slice(), head, len].concat());
    for text in [
        over(b"X", &u32::MAX.to_le_bytes()),
        over(b"T", &u32::MAX.to_le_bytes()),
        over(b"\x8d", &(1_u64 << 63).to_le_bytes()),
        over(b"\x8d", &u64::MAX.to_le_bytes()),
        over(b"\x8b", &u32::MAX.to_le_bytes()),
        over(b"B", &u32::MAX.to_le_bytes()),
        over(b"", &vec![b'('; 13 << 20]),
        over(b"", &vec![b'N'; 13 << 20]),
        over(b"", &[b")".as_slice(), &vec![0x85; 3 << 20]].concat()),
        over(
            b"",
            &[
                b"N".as_slice(),
                &(0..4_000_000_u32).flat_map(|i| [b"r", i.to_le_bytes().as_slice()].concat()).collect::<Vec<u8>>(),
            ]
            .concat(),
        ),
        over(b"", &vec![b'.'; 33 << 20]),
    ] {
        assert!(text.contains("at most"), "{text}");
    }
    assert!(over(b"c", &[b'a'; 300]).contains("more than 256 bytes"));
    assert!(over(b"X", &60_000_u32.to_le_bytes()).contains("cut off"));
}

/// Returns a legacy file whose tensor names its storage twice: first with four F32 values, then, before its hooks, with
/// `len` values of `kind`.
fn twice(kind: &[u8], len: i64) -> Vec<u8> {
    let mut pickle = tensor(4, 0, &[2, 2], &[2, 1]);
    pickle.truncate(pickle.len() - REST.len());
    // The last statement about the size decides how many bytes a complete file has.
    let bytes = if kind == b"HalfStorage" { 2 } else { 4 } * usize::try_from(len).expect("should be small");
    let values = [&len.to_le_bytes(), vec![0; bytes].as_slice()].concat();
    let keys = b"\x80\x02]\x8c\x010a.".as_slice();
    [LEGACY, &pickle, &storage(kind, len), REST, keys, &values].concat()
}

#[test]
fn a_storage_of_two_sizes_is_refused() {
    let file = open(twice(b"FloatStorage", 4)).expect("should open");
    assert_eq!(pollster::block_on(file.load("w")), Ok(vec![0.0; 4]));
    // The tensor would be read past the end of its storage: from the values of another, or from nothing.
    for (kind, len) in [(b"FloatStorage".as_slice(), 2), (b"FloatStorage", 8), (b"HalfStorage", 4)] {
        let text = refusal(twice(kind, len));
        assert!(text.contains("is of two sizes or types"), "{text}");
    }
}

#[test]
fn shared_objects_are_not_copied() {
    // A list of 60,000 pairs, from which an OrderedDict is built again and again.
    let pairs: Vec<u8> = [b"]q\x00K\x01K\x02\x86q\x01".as_slice(), b"0"].concat();
    assert!(refused(&[b"\x80\x02".as_slice(), &pairs, b"."].concat()).contains("it holds a list"));
    let list = [b"\x80\x02K\x01K\x02\x86q\x01]q\x00(".as_slice(), &b"h\x01".repeat(60_000), b"e"].concat();
    let copies = b"ccollections\nOrderedDict\nh\x00\x85R".repeat(1000);
    assert!(refused(&[list, copies, b".".to_vec()].concat()).contains("at most"));
    // Each list holds the one before it a hundred times. Copies would mean 100^50 values.
    let mut nested = b"\x80\x02]q\x00".to_vec();
    for _ in 0..50 {
        nested.extend([b"](".as_slice(), &b"h\x00".repeat(100), b"eq\x00"].concat());
    }
    assert!(refused(&[nested, b".".to_vec()].concat()).contains("it holds a list"));
    // A dictionary that holds itself, under a plain name and under the names that the reader looks into.
    assert!(refused(b"\x80\x02}q\x00\x8c\x0astate_dicth\x00s\x8c\x05modelh\x00s.").contains("no tensors by name"));
    // A list that holds itself.
    assert!(refused(b"\x80\x02]q\x00h\x00a.").contains("it holds a list"));
}

#[test]
fn tensors_outside_their_storage_are_refused() {
    let huge = 1_i64 << 62;
    for (len, offset, dims, strides, reason) in [
        (4, 0, vec![5], vec![1], "passes its 4 values"),
        (4, 1, vec![2, 2], vec![2, 1], "passes its 4 values"),
        (4, huge, vec![1], vec![1], "passes its 4 values"),
        (4, 0, vec![huge, huge], vec![0, 0], "repeats the values"),
        (4, 0, vec![huge, huge], vec![huge, 1], "2^64"),
        (4, 0, vec![1 << 25], vec![0], "repeats the values"),
        (4, 0, vec![3, 2], vec![1, 1], "overlap"),
        (4, 0, vec![2], vec![huge], "passes its 4 values"),
        (4, 0, vec![2, 2], vec![1], "2 dimensions and 1 strides"),
        (4, -1, vec![2, 2], vec![2, 1], "offset of a tensor is -1"),
        (4, 0, vec![-2, 2], vec![2, 1], "size of a tensor is -2"),
        (4, 0, vec![2, 2], vec![-2, 1], "strides of a tensor is -2"),
        (4, 0, vec![1; 9], vec![1; 9], "9 numbers"),
        (5, 0, vec![2, 2], vec![2, 1], "has 16 bytes, and its pickle says 20"),
        (-4, 0, vec![2, 2], vec![2, 1], "size of a storage is -4"),
        (huge, 0, vec![2, 2], vec![2, 1], "passes 2^64 bytes"),
        (i64::MAX, 0, vec![i64::MAX], vec![1], "passes 2^64 bytes"),
    ] {
        let text = refused(&tensor(len, offset, &dims, &strides));
        assert!(text.contains(reason), "{text} instead of {reason}");
    }
    // A tensor with a dimension of 0 has no values, however large the other dimensions are.
    let none = open(file(&tensor(4, 0, &[0, huge, huge], &[1, 1, 1]))).expect("should open");
    assert_eq!(pollster::block_on(none.load("w")), Ok(vec![]));
}
