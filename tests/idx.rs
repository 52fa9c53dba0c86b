//! IDX files: malformed ones, wrong kinds, and the names that people's files have.

use std::io::Write;
use std::path::PathBuf;

use train::{Digits, IdxError, read_images, read_labels};

/// A file for one test. It is removed at the end of the test.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str, bytes: &[u8]) -> Self {
        let path = std::env::temp_dir().join(format!("layerscope-idx-{name}-{}", std::process::id()));
        std::fs::write(&path, bytes).expect("should be writable");
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn header(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_be_bytes()).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("should be written");
    encoder.finish().expect("should be finished")
}

fn reason(error: &IdxError) -> String {
    match error {
        IdxError::Malformed { reason, .. } => reason.clone(),
        other => panic!("{other} is another error"),
    }
}

#[test]
fn plain_and_gzip_files_read_the_same() {
    let mut bytes = header(&[0x803, 2, 28, 28]);
    bytes.extend((0..2 * 784).map(|i| (i % 251) as u8));
    let (plain, packed) = (Scratch::new("plain", &bytes), Scratch::new("packed", &gzip(&bytes)));
    assert_eq!(read_images(&plain.0).expect("should be read"), bytes[16..]);
    assert_eq!(read_images(&packed.0).expect("should be read"), bytes[16..]);
}

#[test]
fn hostile_pictures_are_refused() {
    let cases: [(&str, Vec<u8>, &str); 16] = [
        ("empty", vec![], "cut off"),
        ("short-header", header(&[0x803, 1])[..6].to_vec(), "cut off"),
        ("magic", header(&[0x1803, 1, 28, 28]), "begins with 0x00001803"),
        ("labels", [header(&[0x801, 2]), vec![7, 7]].concat(), "it holds labels; name the file with the pictures"),
        ("qmnist", header(&[0xc02, 1, 8]), "it holds QMNIST's labels"),
        ("floats", header(&[0xd03, 1, 28, 28]), "it holds floats of 32 bits; store its pixels as unsigned bytes"),
        ("colour", header(&[0x804, 1, 28, 28, 3]), "its dimensions are 1x28x28x3"),
        ("larger", header(&[0x803, 1, 32, 32]), "its pictures are 32x32; scale them to 28x28"),
        ("deep", header(&[0x8ff, 1]), "it says it has 255 dimensions"),
        ("zip", b"PK\x03\x04 and so on".to_vec(), "it is a ZIP archive"),
        ("text", b"label,pixel0\n7,0\n".to_vec(), "it is a text"),
        ("huge", header(&[0x803, u32::MAX, 28, 28]), "holds too much"),
        ("side", header(&[0x803, 1, u32::MAX, u32::MAX]), "its pictures are 4294967295x4294967295"),
        ("short", header(&[0x803, 1, 28, 28]), "holds less"),
        ("long", [header(&[0x803, 0, 28, 28]), vec![1]].concat(), "holds more"),
        ("cut-gzip", gzip(&[header(&[0x803, 1, 28, 28]), vec![9; 784]].concat())[..20].to_vec(), ""),
    ];
    for (name, bytes, wanted) in cases {
        let file = Scratch::new(name, &bytes);
        let error = read_images(&file.0).expect_err("should be refused");
        assert!(reason(&error).contains(wanted), "{name}: {error}");
    }
}

#[test]
fn a_gzip_bomb_is_not_unpacked() {
    // 64 MiB of zeros after a header that declares one picture.
    let bytes = [header(&[0x803, 1, 28, 28]), vec![0; 64 << 20]].concat();
    let file = Scratch::new("bomb", &gzip(&bytes));
    assert!(reason(&read_images(&file.0).expect_err("should be refused")).contains("holds more"));
}

#[test]
fn labels_are_digits() {
    let file = Scratch::new("label", &[header(&[0x801, 2]), vec![3, 10]].concat());
    let said = reason(&read_labels(&file.0).expect_err("should be refused"));
    assert_eq!(said, "10 is no digit; letters and other classes cannot be used");
    let pictures = Scratch::new("pictures", &header(&[0x803, 0, 28, 28]));
    assert!(reason(&read_labels(&pictures.0).expect_err("should be refused")).starts_with("it holds pictures"));
    // QMNIST's labels have eight columns, of which the first is the digit.
    let rows = [header(&[0xc02, 2, 8]), header(&[5, 0, 2, 3, 4, 5, 6, 7]), header(&[9, 1, 2, 3, 4, 5, 6, 7])].concat();
    assert_eq!(read_labels(&Scratch::new("qmnist", &rows).0).expect("should be read"), [5, 9]);
}

#[test]
fn rows_of_pixels_and_single_pictures_are_read() {
    let pixels: Vec<u8> = (0..2 * 784).map(|i| (i % 251) as u8).collect();
    let flat = Scratch::new("flat", &[header(&[0x802, 2, 784]), pixels.clone()].concat());
    assert_eq!(read_images(&flat.0).expect("should be read"), pixels);
    let one = Scratch::new("one", &[header(&[0x802, 28, 28]), pixels[..784].to_vec()].concat());
    assert_eq!(read_images(&one.0).expect("should be read"), pixels[..784]);
}

/// A folder with the files `names`, each a picture or a label of digit `digit`. It is removed at the end of the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("layerscope-idx-folder-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("should create the temporary folder");
        Self(path)
    }

    /// Writes a set of one digit. The first row of its picture is ink.
    fn put(&self, images: &str, labels: &str, digit: u8) {
        let picture = [vec![255; 28], vec![0; 784 - 28]].concat();
        for (name, bytes) in [
            (images, [header(&[0x803, 1, 28, 28]), picture].concat()),
            (labels, [header(&[0x801, 1]), vec![digit]].concat()),
        ] {
            let path = self.0.join(name);
            std::fs::create_dir_all(path.parent().expect("should be in a folder")).expect("should be created");
            let bytes = if name.ends_with(".gz") { gzip(&bytes) } else { bytes };
            std::fs::write(path, bytes).expect("should be writable");
        }
    }

    fn label(&self, set: &str) -> u8 {
        Digits::read(&self.0, set).expect("should be read").labels[0]
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn digits_are_found_under_the_names_that_people_have() {
    for (name, images, labels) in [
        ("dashes", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
        ("dots", "t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte"),
        ("gzip", "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"),
        ("torchvision", "MNIST/raw/t10k-images-idx3-ubyte", "MNIST/raw/t10k-labels-idx1-ubyte"),
        ("emnist", "emnist-digits-test-images-idx3-ubyte.gz", "emnist-digits-test-labels-idx1-ubyte.gz"),
        ("qmnist", "QMNIST/raw/qmnist-test-images-idx3-ubyte", "QMNIST/raw/qmnist-test-labels-idx2-int"),
    ] {
        let folder = Folder::new(name);
        folder.put(images, labels, 4);
        let training = [images, labels].map(|name| name.replace("t10k", "train").replace("test", "train"));
        folder.put(&training[0], &training[1], 6);
        assert_eq!((folder.label("t10k"), folder.label("train")), (4, 6), "{name}");
    }
}

#[test]
fn mnist_comes_before_other_digits_and_letters_are_refused() {
    let folder = Folder::new("many");
    folder.put("emnist-letters-test-images-idx3-ubyte", "emnist-letters-test-labels-idx1-ubyte", 20);
    let refused = Digits::read(&folder.0, "t10k").expect_err("should be refused");
    assert!(reason(&refused).starts_with("20 is no digit"), "{refused}");
    folder.put("emnist-digits-test-images-idx3-ubyte", "emnist-digits-test-labels-idx1-ubyte", 3);
    // EMNIST's pictures are stored column by column: the first row of the file is the first column of the picture.
    let digits = Digits::read(&folder.0, "t10k").expect("should be read");
    assert_eq!((digits.labels[0], digits.image(0)[28], digits.image(0)[1]), (3, 255, 0));
    folder.put("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte", 8);
    let digits = Digits::read(&folder.0, "t10k").expect("should be read");
    assert_eq!((digits.labels[0], digits.image(0)[28], digits.image(0)[1]), (8, 0, 255));
    // Without its labels, a set is not found.
    let alone = Folder::new("alone");
    alone.put("train-images-idx3-ubyte", "notes.txt", 1);
    let error = Digits::read(&alone.0, "train").expect_err("should be refused").to_string();
    assert!(error.contains("has no train-images-idx3-ubyte with its train-labels-idx1-ubyte"), "{error}");
}

#[test]
fn a_missing_directory_is_named() {
    let error = Digits::read(&std::env::temp_dir().join("layerscope-nowhere"), "t10k").expect_err("should be refused");
    assert!(matches!(error, IdxError::Unreadable { .. }) && error.to_string().contains("layerscope-nowhere"));
}
