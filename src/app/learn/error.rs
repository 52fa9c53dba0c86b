//! The reasons why a lesson cannot show something.

use leptos_i18n::td_string;
use words::i18n::Locale;

use crate::app::said::net::net_fault;
use crate::app::said::photo::input_fault;
use crate::app::said::session::worker_fault;
use crate::app::said::weights::weights_fault;
use crate::app::worker::WorkerError;
use input::InputError;
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

impl LessonError {
    /// Returns the error as a sentence.
    pub(super) fn text(&self, locale: Locale) -> String {
        match self {
            Self::Missing { file, reason } => td_string!(locale, learn.fault.missing, file = file, reason = reason),
            Self::Net(error) => net_fault(locale, error),
            Self::Worker(error) => worker_fault(locale, error),
            Self::Input(error) => input_fault(locale, error),
            Self::Weights(error) => weights_fault(locale, error),
            Self::NoTensor { network, name } => {
                td_string!(locale, learn.fault.no_tensor, network = *network, name = name)
            }
            Self::NoPicture { index } => td_string!(locale, learn.fault.no_picture, index = index),
            Self::Unlike { network } => td_string!(locale, learn.fault.unlike, network = *network),
            Self::Layer(reason) => reason.clone(),
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
