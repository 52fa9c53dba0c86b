//! Tensors for the GPU, some megabytes at a time: between two of them the page draws and answers.

use std::ops::Range;

use crate::app::yielding::Yielder;
use engine::gpu::{GpuError, TensorRows};
use weights::TensorSource;

/// A source that lets other work run between two tensors.
pub(in crate::app) struct Rows<'a, R> {
    pub(in crate::app) source: &'a TensorSource,
    pub(in crate::app) yielder: &'a Yielder<'a, R>,
}

impl<R: AsyncFn()> TensorRows for Rows<'_, R> {
    async fn rows(&self, name: &str, rows: Range<usize>) -> Result<Vec<f32>, GpuError> {
        let fault = |reason: String| GpuError::Tensor { name: name.to_owned(), reason };
        self.yielder.yield_if_due().await.map_err(|error| fault(error.to_string()))?;
        self.source.load_rows(name, rows).await.map_err(|error| fault(error.to_string()))
    }
}
