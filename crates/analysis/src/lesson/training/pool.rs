//! Max pooling fused with an activation function, in one pass over memory in each direction.

use candle_core::{CpuStorage, CustomOp1, CustomOp3, DType, Layout, Result, Shape, Tensor};

use super::activation::TrainingActivation;

/// The maximum of each 2x2 window of `maps` (channels, height, width), passed through an activation function. The input
/// is `[values, batch]`, the output `[values / 4, batch]`.
///
/// The activation function is applied after the pooling instead of before it. Both functions are monotonic, so the
/// maximum of a window remains the maximum, and there is a quarter of the work.
#[derive(Debug, Clone, Copy)]
pub(super) struct PooledActivations {
    pub(super) maps: (usize, usize, usize),
    pub(super) activation: TrainingActivation,
}

/// The gradient of the input, computed from the input, the output and the gradient of the output.
struct Gradient(PooledActivations);

/// Returns the values of a contiguous F32 tensor.
fn values<'a>(storage: &'a CpuStorage, layout: &Layout) -> Result<&'a [f32]> {
    match (storage, layout.contiguous_offsets()) {
        (CpuStorage::F32(all), Some((start, end))) => Ok(&all[start..end]),
        _ => candle_core::bail!("this operation takes contiguous F32 values"),
    }
}

impl PooledActivations {
    /// Returns for each window the rows of its pixels in the input.
    fn windows(self) -> impl Iterator<Item = [usize; 4]> {
        let (channels, height, width) = self.maps;
        (0..channels * (height / 2)).flat_map(move |line| {
            let (channel, y) = (line / (height / 2), line % (height / 2));
            let first = (channel * height + 2 * y) * width;
            (0..width / 2).map(move |x| [0, 1, width, width + 1].map(|tap| first + 2 * x + tap))
        })
    }

    /// Returns the sum of the activation function's derivatives, computed from its values.
    pub(super) fn slopes(self, y: &Tensor) -> Result<f64> {
        let sum = match self.activation {
            TrainingActivation::Tanh => y.sqr()?.affine(-1.0, 1.0)?.sum_all()?,
            TrainingActivation::Relu => y.gt(0.0)?.to_dtype(DType::F32)?.sum_all()?,
        };
        Ok(f64::from(sum.to_scalar::<f32>()?))
    }

    /// Returns the number of images in a batch.
    fn batch(self, layout: &Layout) -> Result<usize> {
        let (channels, height, width) = self.maps;
        match layout.shape().dims2()? {
            (rows, batch) if rows == channels * height * width && height % 2 == 0 && width % 2 == 0 => Ok(batch),
            (rows, _) => candle_core::bail!("{rows} rows are no maps of {channels}x{height}x{width} in windows of 2x2"),
        }
    }
}

impl CustomOp1 for PooledActivations {
    fn name(&self) -> &'static str {
        "pooled-neurons"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let (x, batch) = (values(storage, layout)?, self.batch(layout)?);
        let mut out = Vec::with_capacity(x.len() / 4);
        for rows in self.windows() {
            let [a, b, c, d] = rows.map(|row| &x[row * batch..][..batch]);
            out.extend((0..batch).map(|i| a[i].max(b[i]).max(c[i].max(d[i]))));
        }
        match self.activation {
            TrainingActivation::Tanh => out.iter_mut().for_each(|sum| *sum = sum.tanh()),
            TrainingActivation::Relu => out.iter_mut().for_each(|sum| *sum = sum.max(0.0)),
        }
        let shape = Shape::from((out.len() / batch, batch));
        Ok((CpuStorage::F32(out), shape))
    }

    fn bwd(&self, x: &Tensor, y: &Tensor, dy: &Tensor) -> Result<Option<Tensor>> {
        Ok(Some(x.apply_op3_no_bwd(y, &dy.contiguous()?, &Gradient(*self))?))
    }
}

impl CustomOp3 for Gradient {
    fn name(&self) -> &'static str {
        "pooled-neurons-gradient"
    }

    fn cpu_fwd(
        &self,
        x: &CpuStorage,
        lx: &Layout,
        y: &CpuStorage,
        ly: &Layout,
        dy: &CpuStorage,
        ldy: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let (batch, x, y, dy) = (self.0.batch(lx)?, values(x, lx)?, values(y, ly)?, values(dy, ldy)?);
        let mut dx = vec![0.0; x.len()];
        for (window, rows) in self.0.windows().enumerate() {
            let [a, b, c, d] = rows.map(|row| &x[row * batch..][..batch]);
            let (y, dy) = (&y[window * batch..][..batch], &dy[window * batch..][..batch]);
            for i in 0..batch {
                let slope = match self.0.activation {
                    TrainingActivation::Tanh => 1.0 - y[i] * y[i],
                    TrainingActivation::Relu => f32::from(u8::from(y[i] > 0.0)),
                };
                // The first of equal values gets the whole gradient.
                let (upper, lower) = (usize::from(b[i] > a[i]), usize::from(d[i] > c[i]));
                let below = c[i].max(d[i]) > a[i].max(b[i]);
                let winner = if below { rows[2 + lower] } else { rows[upper] };
                dx[winner * batch + i] = slope * dy[i];
            }
        }
        Ok((CpuStorage::F32(dx), lx.shape().clone()))
    }
}

#[cfg(test)]
mod tests {
    use candle_core::{Device, Var};

    use super::*;

    #[test]
    fn values_and_gradients_agree_with_candle() -> Result<()> {
        let (channels, height, width, batch) = (2, 4, 6, 3);
        let values: Vec<f32> =
            (0..channels * height * width * batch).map(|i| ((i * 37 % 101) as f32) / 25.0 - 2.5).collect();
        let x = Var::from_vec(values, (channels * height * width, batch), &Device::Cpu)?;
        for activation in TrainingActivation::ALL {
            let ours = x.apply_op1(PooledActivations { maps: (channels, height, width), activation })?;
            // candle's own pooling computes another gradient. Its maximum of two tensors gives the right gradient.
            let grid = x.reshape((channels, height / 2, 2, width / 2, 2 * batch))?;
            let tap = |down: usize, across: usize| grid.narrow(2, down, 1)?.narrow(4, across * batch, batch);
            let greatest = tap(0, 0)?.maximum(&tap(0, 1)?)?.maximum(&tap(1, 0)?.maximum(&tap(1, 1)?)?)?;
            let pooled = greatest.reshape((channels * height * width / 4, batch))?;
            let theirs = match activation {
                TrainingActivation::Tanh => pooled.tanh()?,
                TrainingActivation::Relu => pooled.relu()?,
            };
            let weights = Tensor::arange(0f32, ours.elem_count() as f32, &Device::Cpu)?.reshape(ours.shape())?;
            let of = |y: &Tensor| -> Result<(Vec<f32>, Vec<f32>)> {
                let grads = (y * &weights)?.sum_all()?.backward()?;
                let dx = grads.get(&x).expect("should have a gradient").flatten_all()?.to_vec1()?;
                Ok((y.flatten_all()?.to_vec1()?, dx))
            };
            let (ours, theirs) = (of(&ours)?, of(&theirs)?);
            let near = |a: &[f32], b: &[f32]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-4);
            assert!(near(&ours.0, &theirs.0) && near(&ours.1, &theirs.1), "{activation:?}: {ours:?} {theirs:?}");
        }
        Ok(())
    }
}
