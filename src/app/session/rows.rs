//! Tensors for the GPU, a few megabytes at a time. Between two reads the page draws and answers.

use std::ops::Range;

use crate::app::browser::yielding::Yielder;
use engine::gpu::{GpuError, TensorRows};
use weights::TensorSource;

/// A source of tensors that yields to the page between two reads.
pub(in crate::app) struct YieldingRows<'a, R> {
    pub(in crate::app) source: &'a TensorSource,
    pub(in crate::app) yielder: &'a Yielder<'a, R>,
}

impl<R: AsyncFn()> TensorRows for YieldingRows<'_, R> {
    async fn rows(&self, name: &str, rows: Range<usize>) -> Result<Vec<f32>, GpuError> {
        let fault = |reason: String| GpuError::Tensor { name: name.to_owned(), reason };
        self.yielder.yield_if_due().await.map_err(|error| fault(error.to_string()))?;
        self.source.load_rows(name, rows).await.map_err(|error| fault(error.to_string()))
    }
}
