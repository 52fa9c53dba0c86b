//! The training curves that ship with the networks of the lesson.

use crate::error::LessonError;
use analysis::lesson::{EpochErrors, epochs};
use layerscope::app::browser::fetch::fetch;

/// The networks trained with one recipe: the plain ones first, and the shallower of each two first.
pub(super) const NETWORKS: [&str; 4] = ["plain20-cifar", "plain56-cifar", "resnet20-cifar", "resnet56-cifar"];

/// The errors of each network by epoch, in the order of [`NETWORKS`].
pub(super) type TrainingLogs = Vec<Vec<EpochErrors>>;

/// Loads the errors of every network.
///
/// # Errors
/// [`LessonError`] if a file is missing or cannot be read.
pub(super) async fn load() -> Result<TrainingLogs, LessonError> {
    let mut all = Vec::new();
    for name in NETWORKS {
        let file = format!("weights/{name}.csv");
        let missing = |reason: String| LessonError::Missing { file: file.clone(), reason };
        let bytes = fetch(&file).await.map_err(missing)?;
        let text = String::from_utf8_lossy(&bytes);
        all.push(epochs(&text).map_err(|error| LessonError::Layer(error.to_string()))?);
    }
    Ok(all)
}
