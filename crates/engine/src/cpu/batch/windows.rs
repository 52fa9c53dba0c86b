//! Gathers sliding windows by copying rows.

use candle_core::{Device, Result, Tensor};

use net::Window;

/// The index for which candle's `index_select` gives zeros and which its `index_add` ignores.
const PADDING: u32 = u32::MAX;

/// The windows of `channels` maps of `height` x `width`, as indices of rows to gather.
///
/// Values are `[values, batch]`: a row holds one pixel of every picture of the batch. Gathering a row is therefore one
/// copy, and its gradient one addition, whatever the size of the batch.
#[derive(Debug)]
pub(super) struct WindowRows {
    /// The rows to gather, ordered by (channel, tap, position). `None` if the windows are the input itself.
    rows: Option<Tensor>,
    /// The number of window positions on one map.
    pub(super) positions: usize,
}

impl WindowRows {
    /// Builds the windows of a convolution over maps of (channels, height, width). (channel, tap) is the inner
    /// dimension of its product.
    ///
    /// # Errors
    /// Fails if the window does not fit into a map.
    pub(super) fn new(window: Window, (channels, height, width): (usize, usize, usize)) -> Result<Self> {
        let (rows_out, columns_out) = fit(window, height, width)?;
        let positions = rows_out * columns_out;
        let taps = window.kernel * window.kernel;
        let as_it_lies = window.padding == 0 && (positions == 1 && taps == height * width || window == Window::PIXEL);
        if as_it_lies {
            return Ok(Self { rows: None, positions });
        }
        let mut rows = Vec::with_capacity(channels * taps * positions);
        for channel in 0..channels {
            for tap in 0..taps {
                push_tap(&mut rows, window, (channel, height, width), tap);
            }
        }
        Ok(Self { rows: Some(Tensor::new(rows, &Device::Cpu)?), positions })
    }

    /// Gathers `x` of `[channels * height * width, batch]` into `[channels * taps, positions * batch]`.
    pub(super) fn gather(&self, x: &Tensor) -> Result<Tensor> {
        let batch = x.dim(1)?;
        let columns = match &self.rows {
            Some(rows) => x.index_select(rows, 0)?,
            None => x.clone(),
        };
        let inner = columns.dim(0)? / self.positions;
        columns.reshape((inner, self.positions * batch))
    }
}

/// The windows of pooling, tap by tap. Values are `[values, batch]`.
#[derive(Debug)]
pub(super) struct TapRows {
    /// For each tap the rows to gather, one per (channel, position).
    rows: Vec<Tensor>,
    /// True if the windows may reach into padding.
    pub(super) padded: bool,
}

impl TapRows {
    /// Builds the taps of windows over maps of (channels, height, width).
    ///
    /// # Errors
    /// Fails if the window does not fit into a map.
    pub(super) fn new(window: Window, (channels, height, width): (usize, usize, usize)) -> Result<Self> {
        fit(window, height, width)?;
        let rows = (0..window.kernel * window.kernel)
            .map(|tap| {
                let mut rows = Vec::new();
                for channel in 0..channels {
                    push_tap(&mut rows, window, (channel, height, width), tap);
                }
                // Padding reads the row after the last, into which max pooling puts negative infinity.
                let end = (channels * height * width) as u32;
                rows.iter_mut().filter(|row| **row == PADDING).for_each(|row| *row = end);
                Tensor::new(rows, &Device::Cpu)
            })
            .collect::<Result<_>>()?;
        Ok(Self { rows, padded: window.padding > 0 })
    }

    /// Returns the values under each tap, each `[channels * positions, batch]`.
    pub(super) fn gather(&self, x: &Tensor) -> Result<Vec<Tensor>> {
        self.rows.iter().map(|rows| x.index_select(rows, 0)).collect()
    }
}

/// Returns the number of window positions down and across.
///
/// # Errors
/// Fails if the window does not fit into the map.
fn fit(window: Window, height: usize, width: usize) -> Result<(usize, usize)> {
    match (window.positions(height), window.positions(width)) {
        (Some(rows), Some(columns)) => Ok((rows, columns)),
        _ => candle_core::bail!("a window of {0}x{0} does not fit into {height}x{width}", window.kernel),
    }
}

/// Appends to `rows` the row that a tap reads at each position of the window on one map of (channel, height, width).
fn push_tap(rows: &mut Vec<u32>, window: Window, (channel, height, width): (usize, usize, usize), tap: usize) {
    let (down, across) = (tap / window.kernel, tap % window.kernel);
    let (rows_out, columns_out) = (window.positions(height).unwrap_or(0), window.positions(width).unwrap_or(0));
    for y in 0..rows_out {
        for x in 0..columns_out {
            let at = (
                (y * window.stride + down).checked_sub(window.padding).filter(|&y| y < height),
                (x * window.stride + across).checked_sub(window.padding).filter(|&x| x < width),
            );
            rows.push(match at {
                (Some(y), Some(x)) => ((channel * height + y) * width + x) as u32,
                _ => PADDING,
            });
        }
    }
}
