//! The reasons why a lesson cannot show something.

use input::InputError;
use layerscope::app::worker::WorkerError;
use messages::{Explain, Message, message};
use net::NetError;
use weights::WeightsError;

/// A reason why a lesson cannot show a network's numbers.
#[derive(Debug, Clone)]
pub(super) enum LessonError {
    /// A file of the page did not load.
    Missing {
        /// The file.
        file: String,
        /// The browser's reason.
        reason: String,
    },
    /// No network or layer has this name.
    Net(NetError),
    /// The worker failed.
    Worker(WorkerError),
    /// The network does not accept the picture.
    Input(InputError),
    /// The weights do not fit the network.
    Weights(WeightsError),
    /// No tensor has this name.
    NoTensor {
        /// The network.
        network: &'static str,
        /// The name of the tensor.
        name: String,
    },
    /// No test picture has this number.
    NoPicture {
        /// The number.
        index: usize,
    },
    /// A network lacks the layers that the lesson shows.
    Unlike {
        /// The network.
        network: &'static str,
    },
    /// A layer refuses the settings, in its own words.
    Layer(String),
}

impl Explain for LessonError {
    fn message(&self) -> Message {
        match self {
            Self::Missing { file, reason } => message!("lesson.missing", file, reason),
            Self::Net(error) => error.message(),
            Self::Worker(error) => error.message(),
            Self::Input(error) => error.message(),
            Self::Weights(error) => error.message(),
            Self::NoTensor { network, name } => message!("lesson.no_tensor", network, name),
            Self::NoPicture { index } => message!("lesson.no_picture", index),
            Self::Unlike { network } => message!("lesson.unlike", network),
            Self::Layer(reason) => Message::from(reason),
        }
    }
}

impl From<NetError> for LessonError {
    fn from(error: NetError) -> Self {
        Self::Net(error)
    }
}

impl From<WorkerError> for LessonError {
    fn from(error: WorkerError) -> Self {
        Self::Worker(error)
    }
}

impl From<InputError> for LessonError {
    fn from(error: InputError) -> Self {
        Self::Input(error)
    }
}

impl From<WeightsError> for LessonError {
    fn from(error: WeightsError) -> Self {
        Self::Weights(error)
    }
}
