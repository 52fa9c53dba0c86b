//! The messages of the errors of this crate.

use messages::{Explain, Message, display_in_english, message};

use crate::checkpoint::{CheckpointError, OtherFormat};
use crate::error::{Nearest, WeightsError};
use crate::fit::{Convention, Reading};
use crate::mismatch::{TensorMismatch, TensorMismatches};
use crate::seed::SeedError;

display_in_english!(SeedError, WeightsError, TensorMismatch, TensorMismatches, CheckpointError, OtherFormat);

impl Explain for SeedError {
    fn message(&self) -> Message {
        let Self { text } = self;
        message!("weights.seed", text)
    }
}

impl Explain for WeightsError {
    fn message(&self) -> Message {
        match self {
            Self::Checkpoint(reason) => message!("weights.checkpoint", reason),
            Self::Unfit { network, faults, nearest } => match nearest {
                None => message!("weights.unfit", network, faults),
                Some(Nearest { network: other, differences: 0 }) => {
                    message!("weights.of_other", network, other, faults)
                }
                Some(Nearest { network: other, differences }) => {
                    message!("weights.nearer", network, other, differences, faults)
                }
            },
            Self::NoNetworkFits { nearest, faults } => message!("weights.of_none", nearest, faults),
            Self::NothingInCommon { names } => message!("weights.foreign", names = some_of(names)),
            Self::NotBundled { network } => message!("weights.not_bundled", network),
            Self::Unwritable { reason } => message!("weights.unwritable", reason),
        }
    }
}

impl Explain for TensorMismatch {
    fn message(&self) -> Message {
        match self {
            Self::Missing { name } => message!("misfit.missing", name),
            Self::Extra { name } => message!("misfit.extra", name),
            Self::Twice { name } => message!("misfit.twice", name),
            Self::Type { name, dtype } => message!("misfit.dtype", name, dtype),
            Self::Shape { name, got, wanted } => {
                message!("misfit.shape", name, got = format!("{got:?}"), wanted = format!("{wanted:?}"))
            }
        }
    }
}

impl Explain for TensorMismatches {
    fn message(&self) -> Message {
        first_few(self.all(), Explain::message)
    }
}

/// Returns the messages of the first few items, and the number of the others.
fn first_few<T>(items: &[T], message: impl Fn(&T) -> Message) -> Message {
    let (named, others) = items.split_at(items.len().min(TensorMismatches::NAMED));
    let told = Message::List(named.iter().map(message).collect(), Box::new(message!("misfit.comma")));
    match others.len() {
        0 => told,
        more => message!("misfit.more", told = told, more = more),
    }
}

/// Returns the first few names, and the number of the others.
fn some_of(names: &[String]) -> Message {
    first_few(names, |name| Message::Verbatim(name.clone()))
}

impl Explain for Convention {
    fn message(&self) -> Message {
        match self {
            Self::Torchvision => message!("reading.torchvision"),
            Self::TimmVgg => message!("reading.timm"),
            Self::Transformers => message!("reading.transformers"),
            Self::Shortcut => message!("reading.shortcut"),
            Self::Numbered => message!("reading.numbered"),
        }
    }
}

impl Reading {
    /// Returns whether there is nothing to say: the file has the tensors of the network under their own names.
    pub fn is_plain(&self) -> bool {
        self.sentences().is_empty()
    }

    /// Returns the sentences that say how the file was read. There are none if it is plain.
    pub fn sentences(&self) -> Vec<Message> {
        let Self { place, convention, prefix, head, left_out, masked, normed, other_architecture } = self;
        let mut all = Vec::new();
        if let Some(name) = other_architecture {
            all.push(message!("reading.architecture", name));
        }
        if let Some(class) = &place.class {
            all.push(message!("reading.module", class));
        }
        if !place.path.is_empty() {
            let path = place.path.escape_debug().to_string();
            all.push(message!("reading.place", path));
        }
        if !place.others.is_empty() {
            let others: Vec<String> = place.others.iter().map(|path| path.escape_debug().to_string()).collect();
            all.push(message!("reading.others", others = some_of(&others)));
        }
        if !prefix.is_empty() {
            let prefix = prefix.escape_debug().to_string();
            all.push(message!("reading.prefix", prefix));
        }
        all.extend(convention.as_ref().map(Explain::message));
        if let Some(name) = head {
            all.push(message!("reading.head", name));
        }
        if *masked > 0 {
            all.push(message!("reading.masked", count = masked));
        }
        if *normed > 0 {
            all.push(message!("reading.normed", count = normed));
        }
        if !left_out.is_empty() {
            all.push(message!("reading.left_out", names = some_of(left_out)));
        }
        all
    }
}

impl Explain for OtherFormat {
    fn message(&self) -> Message {
        match self {
            Self::Empty => message!("other.empty"),
            Self::Hdf5 => message!("other.hdf5"),
            Self::Keras => message!("other.keras"),
            Self::TfLite => message!("other.tflite"),
            Self::TensorFlow => message!("other.tensorflow"),
            Self::Onnx => message!("other.onnx"),
            Self::Gguf => message!("other.gguf"),
            Self::Numpy => message!("other.numpy"),
            Self::Pickle => message!("other.pickle"),
            Self::Archive => message!("other.archive"),
            Self::WebPage => message!("other.page"),
            Self::LfsPointer => message!("other.lfs"),
            Self::Json => message!("other.json"),
            Self::Unknown => message!("other.unknown"),
        }
    }
}

impl Explain for CheckpointError {
    fn message(&self) -> Message {
        match self {
            Self::Read { start, end, reason } => message!("file.read", start, end, reason),
            Self::OtherFormat { format } => format.message(),
            Self::NoPlace { path, has } => message!("file.no_place", path, has),
            Self::CutOff { what } => message!("file.cut_off", what),
            Self::TooMuch { what, got, most } => message!("file.too_much", what, got, most),
            Self::Malformed { what, reason } => message!("file.malformed", what, reason),
            Self::Refused { what } => message!("file.refused", what),
            Self::Layout { name, reason } => message!("file.layout", name, reason),
            Self::Damaged { name } => message!("file.damaged", name),
            Self::NoTensor { name } => message!("file.no_tensor", name),
            Self::NoFloats { name, dtype } => message!("file.no_floats", name, dtype),
            Self::NoRows { name, has, start, end } => message!("file.no_rows", name, has, start, end),
        }
    }
}
