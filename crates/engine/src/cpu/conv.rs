//! Convolution as matrix products: unrolls windows into a panel of columns (im2col) and multiplies it while it is in
//! the cache.
//!
//! A panel has at most 128 Ki values (512 KiB) and at least 64 positions. The panel is multiplied by the weights of its
//! group, and the rows of the product are finished at once.

use candle_core::backend::BackendStorage;
use candle_core::{CpuStorage, Layout, Result, Storage, Tensor};
use kernels::{Windows, im2col};

use super::epilogue::Epilogue;
use net::KernelAblation;

/// The greatest number of values of a panel: 512 KiB, which fit into a second-level cache.
const PANEL_VALUES: usize = 128 * 1024;
/// The least number of positions of a panel, however many taps it has. With fewer, the overhead of a product dominates.
const PANEL_POSITIONS: usize = 64;

/// A convolution of one picture.
#[derive(Debug, Clone)]
pub(super) struct ConvLayer {
    /// `[out channels, in channels of a group, kernel, kernel]`.
    pub(super) weight: Tensor,
    pub(super) windows: Windows,
    /// Output channels.
    pub(super) channels: usize,
    pub(super) groups: usize,
}

impl ConvLayer {
    /// Returns a copy whose ablated kernels are scaled.
    pub(super) fn with_kernels(&self, ablations: &[KernelAblation]) -> Result<Self> {
        let mut values = self.weight.flatten_all()?.to_vec1::<f32>()?;
        let (row, area) = (values.len() / self.channels, self.windows.kernel * self.windows.kernel);
        for ablation in ablations {
            let start = ablation.map * row + ablation.slot * area;
            values[start..start + area].iter_mut().for_each(|value| *value *= ablation.scale);
        }
        let weight = Tensor::from_vec(values, self.weight.dims(), self.weight.device())?;
        Ok(Self { weight, ..self.clone() })
    }

    /// Returns `[channels, rows, columns]` for `x` of `[channels, height, width]`. `epilogue` is applied to each row of
    /// sums.
    ///
    /// # Errors
    /// Fails if the weights are not F32 tensors in main memory.
    pub(super) fn forward(&self, x: &[f32], epilogue: &Epilogue<'_>) -> Result<Vec<f32>> {
        let windows = &self.windows;
        let positions = windows.positions();
        let (weight, layout) = self.weight.storage_and_layout();
        let Storage::Cpu(weight) = &*weight else { candle_core::bail!("weights are not in main memory") };
        let rows = self.channels / self.groups;
        let group = Windows { channels: windows.channels / self.groups, ..*windows };
        let inner = group.channels * windows.kernel * windows.kernel;
        let product = |g: usize, panel: &CpuStorage, columns: usize| {
            let weight_layout = Layout::contiguous_with_offset((rows, inner), layout.start_offset() + g * rows * inner);
            let sums = weight.matmul(
                panel,
                (1, rows, columns, inner),
                &weight_layout,
                &Layout::contiguous((inner, columns)),
            )?;
            match sums {
                CpuStorage::F32(sums) => Ok(sums),
                _ => candle_core::bail!("weights are not F32"),
            }
        };
        let width = (PANEL_VALUES / inner).max(PANEL_POSITIONS).next_multiple_of(16).min(positions);
        if self.groups == 1 && width == positions {
            let mut panel = vec![0.0; inner * positions];
            im2col(windows, x, 0..positions, &mut panel);
            let mut sums = product(0, &CpuStorage::F32(panel), positions)?;
            for (channel, row) in sums.chunks_exact_mut(positions).enumerate() {
                epilogue.row(channel, 0, row);
            }
            return Ok(sums);
        }
        let mut out = vec![0.0; self.channels * positions];
        let mut panel = Vec::new();
        for (g, x) in x.chunks_exact(group.channels * windows.area()).enumerate() {
            for start in (0..positions).step_by(width) {
                let columns = width.min(positions - start);
                panel.resize(inner * columns, 0.0);
                im2col(&group, x, start..start + columns, &mut panel);
                let filled = CpuStorage::F32(panel);
                let sums = product(g, &filled, columns)?;
                for (row, sums) in sums.chunks_exact(columns).enumerate() {
                    let channel = g * rows + row;
                    let out = &mut out[channel * positions + start..][..columns];
                    out.copy_from_slice(sums);
                    epilogue.row(channel, start, out);
                }
                // Reuse the panel's memory.
                panel = match filled {
                    CpuStorage::F32(panel) => panel,
                    _ => Vec::new(),
                };
            }
        }
        Ok(out)
    }
}
