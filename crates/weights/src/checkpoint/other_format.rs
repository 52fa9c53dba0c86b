//! Files that people take for checkpoints of PyTorch, and that are something else.

/// The format of a file that this reader does not read, from its first bytes or the names in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OtherFormat {
    /// No bytes at all.
    Empty,
    /// HDF5, as Keras writes it (`.h5`, `.hdf5`).
    Hdf5,
    /// Keras' own format, a zip file (`.keras`).
    Keras,
    /// TensorFlow Lite (`.tflite`).
    TfLite,
    /// A `SavedModel` of TensorFlow.
    TensorFlow,
    /// ONNX.
    Onnx,
    /// GGUF.
    Gguf,
    /// Arrays of NumPy (`.npy`, `.npz`).
    Numpy,
    /// A pickle that `torch.save` did not write.
    Pickle,
    /// An archive: tar, gzip, a zip file of other files.
    Archive,
    /// A page of the web, usually the page in front of a download.
    WebPage,
    /// The pointer of Git LFS instead of the file.
    LfsPointer,
    /// JSON, such as the index of a checkpoint in several files.
    Json,
    /// None of these.
    Unknown,
}

/// The number of bytes at the start of a file that tell its format.
pub(super) const HEAD_BYTES: u64 = 512;

/// Formats that begin with fixed bytes.
const MAGIC: [(&[u8], OtherFormat); 10] = [
    (b"\x89HDF\r\n\x1a\n", OtherFormat::Hdf5),
    (b"GGUF", OtherFormat::Gguf),
    (b"\x93NUMPY", OtherFormat::Numpy),
    (b"\x1f\x8b", OtherFormat::Archive),
    (b"BZh", OtherFormat::Archive),
    (b"\xfd7zXZ\0", OtherFormat::Archive),
    (b"7z\xbc\xaf\x27\x1c", OtherFormat::Archive),
    (b"\x28\xb5\x2f\xfd", OtherFormat::Archive),
    (b"Rar!", OtherFormat::Archive),
    (b"version https://git-lfs", OtherFormat::LfsPointer),
];

impl OtherFormat {
    /// Returns the format of a file that begins with `head`.
    pub(super) fn of_head(head: &[u8]) -> Self {
        if let Some((_, format)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
            return *format;
        }
        let text = String::from_utf8_lossy(head).trim_start_matches('\u{feff}').trim_start().to_ascii_lowercase();
        match head {
            [] => Self::Empty,
            _ if head.get(4..8) == Some(b"TFL3") => Self::TfLite,
            _ if head.get(257..262) == Some(b"ustar") => Self::Archive,
            _ if ["<!doctype", "<html", "<?xml", "<head"].iter().any(|start| text.starts_with(start)) => Self::WebPage,
            _ if text.starts_with('{') => Self::Json,
            // Protocol buffers: field 1 is the version of the format. That of a SavedModel is 1, those of ONNX are
            // greater, and the next field is one of ModelProto (onnx/onnx.proto).
            [0x08, 1, 0x12, ..] => Self::TensorFlow,
            [0x08, 2..=32, 0x12 | 0x1A | 0x22 | 0x28 | 0x32 | 0x3A | 0x42, ..] => Self::Onnx,
            [0x80, 2..=5, ..] => Self::Pickle,
            _ => Self::Unknown,
        }
    }

    /// Returns the format of a zip file with these entries, which `torch.save` did not write.
    pub(super) fn of_zip(names: &[&str]) -> Self {
        let any = |fits: &dyn Fn(&str) -> bool| names.iter().any(|name| fits(name));
        if any(&|name| name.ends_with("model.weights.h5")) {
            Self::Keras
        } else if any(&|name| name.ends_with("saved_model.pb")) {
            Self::TensorFlow
        } else if any(&|name| name.ends_with(".npy")) {
            Self::Numpy
        } else {
            Self::Archive
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_by_their_first_bytes() {
        let mut tar = vec![0; 512];
        tar[257..262].copy_from_slice(b"ustar");
        for (head, format) in [
            (b"".as_slice(), OtherFormat::Empty),
            (b"\x89HDF\r\n\x1a\n\0\0", OtherFormat::Hdf5),
            (b"\x20\0\0\0TFL3\0\0", OtherFormat::TfLite),
            (b"\x08\x01\x12\xf0\x01", OtherFormat::TensorFlow),
            (b"\x08\x08\x12\x07pytorch", OtherFormat::Onnx),
            (b"\x08\x0a:\x05", OtherFormat::Onnx),
            (b"GGUF\x03\0\0\0", OtherFormat::Gguf),
            (b"\x93NUMPY\x01\0", OtherFormat::Numpy),
            (b"\x80\x04\x95", OtherFormat::Pickle),
            (b"\x1f\x8b\x08", OtherFormat::Archive),
            (&tar, OtherFormat::Archive),
            (b"\n <!DOCTYPE html><html>", OtherFormat::WebPage),
            (b"version https://git-lfs.github.com/spec/v1\n", OtherFormat::LfsPointer),
            (b"{\"metadata\": {}}", OtherFormat::Json),
            (b"hello", OtherFormat::Unknown),
        ] {
            assert_eq!(OtherFormat::of_head(head), format, "{head:?}");
        }
    }

    #[test]
    fn zip_files_are_told_by_their_names() {
        for (names, format) in [
            (["metadata.json", "model.weights.h5"], OtherFormat::Keras),
            (["m/saved_model.pb", "m/variables/variables.index"], OtherFormat::TensorFlow),
            (["conv.weight.npy", "conv.bias.npy"], OtherFormat::Numpy),
            (["resnet18.pth", "README.md"], OtherFormat::Archive),
        ] {
            assert_eq!(OtherFormat::of_zip(&names), format, "{names:?}");
        }
    }
}
