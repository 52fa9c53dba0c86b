//! Errors of photos.

use input::InputError;

/// An error of a canvas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CanvasError {
    /// The browser gives no canvas.
    Canvas,
    /// The canvas has fewer pixels than its size says.
    Pixels,
    /// The message of the browser.
    Browser(String),
}

/// The reason why there is no photo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PhotoError {
    /// The file is not an image that can be shown.
    Input(InputError),
    /// The browser does not give the file's bytes.
    Unread {
        /// The file.
        name: String,
        /// The message of the browser.
        reason: String,
    },
    /// The browser cannot decode the file.
    Undecoded {
        /// The file.
        name: String,
    },
    /// The photo could not be drawn on a canvas or read back.
    Canvas(CanvasError),
    /// A sample could not be fetched.
    Unloaded {
        /// The sample.
        name: String,
        /// The message of the server or the browser.
        reason: String,
    },
    /// The test pictures could not be fetched.
    NoPictures {
        /// The message of the server or the browser.
        reason: String,
    },
    /// The file of test pictures does not contain this one.
    NotInFile {
        /// The picture.
        name: String,
    },
    /// The sample does not exist.
    NoSample {
        /// The requested name.
        name: String,
        /// The names of all samples.
        known: String,
    },
    /// The dropped or pasted data contain no file.
    NoFile,
    /// The page may not use cameras, because it is not served securely.
    NoCameras,
    /// The user or the browser's settings refused the camera.
    CameraRefused,
    /// The device has no camera.
    CameraMissing,
    /// Another program uses the camera.
    CameraTaken,
    /// The camera failed for another reason.
    CameraFailed {
        /// The message of the browser.
        reason: String,
    },
    /// The camera was disconnected while it was used.
    CameraGone,
}

impl From<InputError> for PhotoError {
    fn from(error: InputError) -> Self {
        Self::Input(error)
    }
}
