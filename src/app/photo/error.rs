//! Why there is no photo, and what can be done about it.

use crate::input::InputError;

/// What can go wrong before a network sees a photo.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(in crate::app) enum PhotoError {
    /// The file is none that can be shown.
    #[error(transparent)]
    Input(#[from] InputError),
    /// The browser does not give the file's bytes.
    #[error("{name} cannot be read ({reason}); choose it again, or another file")]
    Unread {
        /// The file.
        name: String,
        /// What the browser says.
        reason: String,
    },
    /// The browser cannot decode it.
    #[error("{name} cannot be shown: this browser does not decode it, or the file is damaged; choose another")]
    Undecoded {
        /// The file.
        name: String,
    },
    /// The browser gives no canvas, or does not let it be read.
    #[error("this browser does not let the page read pictures ({reason}); another browser may, or a private window")]
    Canvas {
        /// What is missing.
        reason: String,
    },
    /// A sample does not arrive.
    #[error("the photo {name} could not be loaded ({reason}); check the connection and choose it again")]
    Unloaded {
        /// The sample.
        name: String,
        /// What the server or the browser says.
        reason: String,
    },
    /// The test pictures do not arrive.
    #[error("the test pictures could not be loaded ({reason}); check the connection and reload the page")]
    NoPictures {
        /// What the server or the browser says.
        reason: String,
    },
    /// There is no such sample.
    #[error("there is no photo called {name:?} here; the photos are {known}")]
    NoSample {
        /// What was asked for.
        name: String,
        /// Those there are.
        known: String,
    },
    /// What was dropped or pasted is no file.
    #[error("only files can be dropped here; save the picture first, or copy and paste it")]
    NoFile,
    /// The page is not one that browsers give cameras to.
    #[error("browsers give a camera only to pages that come over https; open a photo instead")]
    NoCameras,
    /// A person, or the browser's settings, said no.
    #[error("the camera was not allowed; allow it for this page in the browser's settings, or open a photo instead")]
    CameraRefused,
    /// There is none.
    #[error("no camera was found; connect one and try again, or open a photo instead")]
    CameraMissing,
    /// Another program has it.
    #[error("the camera is there, but gives no picture; close other programs that may use it, and try again")]
    CameraTaken,
    /// Something else.
    #[error("the camera could not be started ({reason}); try again, or open a photo instead")]
    CameraFailed {
        /// What the browser says.
        reason: String,
    },
    /// It went away while it was used.
    #[error("the camera was taken away; the last picture stays")]
    CameraGone,
}
