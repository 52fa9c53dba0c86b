//! Conversions between tensors and slices.

use candle_core::{Device, Result, Storage, StorageRef, Tensor};

use net::Shape;

/// Read access to the values of a contiguous F32 tensor, for as long as this guard lives.
pub(super) struct TensorValues<'a> {
    storage: StorageRef<'a>,
    range: (usize, usize),
}

impl<'a> TensorValues<'a> {
    /// Locks the values of `tensor`.
    ///
    /// # Errors
    /// Fails if `tensor` is not contiguous F32 in main memory.
    pub(super) fn of(tensor: &'a Tensor) -> Result<Self> {
        let (storage, layout) = tensor.storage_and_layout();
        match (&*storage, layout.contiguous_offsets()) {
            (Storage::Cpu(candle_core::CpuStorage::F32(_)), Some(range)) => Ok(Self { storage, range }),
            _ => candle_core::bail!("this layer takes contiguous F32 values in main memory"),
        }
    }

    /// Returns the values, row-major.
    pub(super) fn slice(&self) -> &[f32] {
        match &*self.storage {
            Storage::Cpu(candle_core::CpuStorage::F32(all)) => &all[self.range.0..self.range.1],
            // `of` accepts no other storage.
            _ => &[],
        }
    }
}

/// Converts `values` into a tensor of a node's shape, without a batch dimension and without copying.
pub(super) fn tensor(values: Vec<f32>, shape: Shape) -> Result<Tensor> {
    match shape {
        Shape::Maps { channels, height, width } => Tensor::from_vec(values, (channels, height, width), &Device::Cpu),
        Shape::Vector(n) => Tensor::from_vec(values, n, &Device::Cpu),
    }
}
