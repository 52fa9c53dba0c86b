//! Why there is no photo. `crate::app::said::photo` says it, and what can be done about it.

use input::InputError;

/// What a canvas lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) enum Lack {
    /// The browser gives none.
    Canvas,
    /// It has fewer pixels than its size says.
    Pixels,
    /// What the browser says.
    Said(String),
}

/// What can go wrong before a network sees a photo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) enum PhotoError {
    /// The file is none that can be shown.
    Input(InputError),
    /// The browser does not give the file's bytes.
    Unread {
        /// The file.
        name: String,
        /// What the browser says.
        reason: String,
    },
    /// The browser cannot decode it.
    Undecoded {
        /// The file.
        name: String,
    },
    /// The browser gives no canvas, or does not let it be read.
    Canvas(Lack),
    /// A sample does not arrive.
    Unloaded {
        /// The sample.
        name: String,
        /// What the server or the browser says.
        reason: String,
    },
    /// The test pictures do not arrive.
    NoPictures {
        /// What the server or the browser says.
        reason: String,
    },
    /// The file of test pictures ends before this one.
    NotInFile {
        /// The picture.
        name: String,
    },
    /// There is no such sample.
    NoSample {
        /// What was asked for.
        name: String,
        /// Those there are.
        known: String,
    },
    /// What was dropped or pasted is no file.
    NoFile,
    /// The page is not one that browsers give cameras to.
    NoCameras,
    /// A person, or the browser's settings, said no.
    CameraRefused,
    /// There is none.
    CameraMissing,
    /// Another program has it.
    CameraTaken,
    /// Something else.
    CameraFailed {
        /// What the browser says.
        reason: String,
    },
    /// It went away while it was used.
    CameraGone,
}

impl From<InputError> for PhotoError {
    fn from(error: InputError) -> Self {
        Self::Input(error)
    }
}
