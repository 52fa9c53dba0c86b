//! Two candle operations of our own, where candle's would pass over memory too often: bias with activation, and a
//! product whose right-hand side needs no gradient.

use candle_core::backend::BackendStorage;
use candle_core::{CpuStorage, CustomOp2, Layout, Result, Shape, Tensor};
use kernels::tanh;

use net::{Activation, TANH_AMPLITUDE, TANH_SLOPE};

/// Computes `activation(x + bias)` in one pass over memory, for `x` of `[rows, columns]` and a bias of `[rows]`.
///
/// The derivative follows from the result alone, so the sums before the activation are not kept.
pub(super) struct BiasActivation(pub(super) Activation);

/// Computes the gradient before an activation from the activation's result and the gradient after it.
struct ActivationGradient(Activation);

/// Returns the values of a contiguous F32 tensor.
fn values<'a>(storage: &'a CpuStorage, layout: &Layout) -> Result<&'a [f32]> {
    match (storage, layout.contiguous_offsets()) {
        (CpuStorage::F32(all), Some((start, end))) => Ok(&all[start..end]),
        _ => candle_core::bail!("this operation takes contiguous F32 values"),
    }
}

/// Appends one row of the result to `out`: each value of `x` plus `bias`, activated.
fn activate(activation: Activation, x: &[f32], bias: f32, out: &mut Vec<f32>) {
    match activation {
        Activation::Identity => out.extend(x.iter().map(|x| x + bias)),
        Activation::Relu => out.extend(x.iter().map(|x| Activation::Relu.apply(x + bias))),
        Activation::Sigmoid => out.extend(x.iter().map(|x| activation.apply(x + bias))),
        Activation::ScaledTanh => {
            let (amplitude, slope) = (TANH_AMPLITUDE as f32, TANH_SLOPE as f32);
            out.extend(x.iter().map(|x| amplitude * tanh(slope * (x + bias))));
        }
    }
}

impl CustomOp2 for BiasActivation {
    fn name(&self) -> &'static str {
        "bias-activation"
    }

    fn cpu_fwd(&self, x: &CpuStorage, lx: &Layout, bias: &CpuStorage, lb: &Layout) -> Result<(CpuStorage, Shape)> {
        let (x, bias) = (values(x, lx)?, values(bias, lb)?);
        let (rows, columns) = lx.shape().dims2()?;
        if bias.len() != rows || columns == 0 {
            candle_core::bail!("a bias of {} does not fit {rows} rows", bias.len());
        }
        let mut out = Vec::with_capacity(x.len());
        for (row, &bias) in x.chunks_exact(columns).zip(bias) {
            activate(self.0, row, bias, &mut out);
        }
        Ok((CpuStorage::F32(out), lx.shape().clone()))
    }

    fn bwd(&self, _x: &Tensor, _bias: &Tensor, y: &Tensor, dy: &Tensor) -> Result<(Option<Tensor>, Option<Tensor>)> {
        let dx = match self.0 {
            Activation::Identity => dy.clone(),
            _ => y.apply_op2_no_bwd(&dy.contiguous()?, &ActivationGradient(self.0))?,
        };
        let dbias = dx.sum(1)?;
        Ok((Some(dx), Some(dbias)))
    }
}

impl CustomOp2 for ActivationGradient {
    fn name(&self) -> &'static str {
        "activation-gradient"
    }

    fn cpu_fwd(&self, y: &CpuStorage, ly: &Layout, dy: &CpuStorage, ldy: &Layout) -> Result<(CpuStorage, Shape)> {
        let (y, dy) = (values(y, ly)?, values(dy, ldy)?);
        let pairs = y.iter().zip(dy);
        let dx: Vec<f32> = match self.0 {
            Activation::Identity => dy.to_vec(),
            Activation::Relu => pairs.map(|(y, dy)| if *y > 0.0 { *dy } else { 0.0 }).collect(),
            Activation::Sigmoid => pairs.map(|(y, dy)| dy * y * (1.0 - y)).collect(),
            // With y = A tanh(S a): dy/da = S (A - y^2 / A).
            Activation::ScaledTanh => {
                let (amplitude, slope) = (TANH_AMPLITUDE as f32, TANH_SLOPE as f32);
                pairs.map(|(y, dy)| dy * slope * (amplitude - y * y / amplitude)).collect()
            }
        };
        Ok((CpuStorage::F32(dx), ly.shape().clone()))
    }
}

/// Computes `weight x columns` for columns of the picture. It skips the gradient of the columns, which candle would
/// compute.
pub(super) struct InputProduct;

impl CustomOp2 for InputProduct {
    fn name(&self) -> &'static str {
        "picture-product"
    }

    fn cpu_fwd(&self, w: &CpuStorage, lw: &Layout, x: &CpuStorage, lx: &Layout) -> Result<(CpuStorage, Shape)> {
        let ((m, k), (rows, n)) = (lw.shape().dims2()?, lx.shape().dims2()?);
        if rows != k {
            candle_core::bail!("{m}x{k} times {rows}x{n} is no product");
        }
        Ok((w.matmul(x, (1, m, n, k), lw, lx)?, Shape::from((m, n))))
    }

    fn bwd(&self, _w: &Tensor, x: &Tensor, _y: &Tensor, dy: &Tensor) -> Result<(Option<Tensor>, Option<Tensor>)> {
        Ok((Some(dy.matmul(&x.t()?)?), None))
    }
}

#[cfg(test)]
mod tests {
    use candle_core::{Device, Var};

    use super::*;

    #[test]
    fn gradients_match_candles_own() -> Result<()> {
        let x = Var::from_tensor(&Tensor::new(&[[-1.5f32, 0.25, 2.0], [0.5, -0.125, 1.0]], &Device::Cpu)?)?;
        let bias = Var::from_tensor(&Tensor::new(&[0.5f32, -1.0], &Device::Cpu)?)?;
        for activation in [Activation::Identity, Activation::Relu, Activation::ScaledTanh, Activation::Sigmoid] {
            let sum = x.broadcast_add(&bias.reshape((2, 1))?)?;
            let plain = match activation {
                Activation::Identity => sum,
                Activation::Relu => sum.relu()?,
                Activation::Sigmoid => candle_nn::ops::sigmoid(&sum)?,
                Activation::ScaledTanh => ((sum * TANH_SLOPE)?.tanh()? * TANH_AMPLITUDE)?,
            };
            let fused = x.apply_op2(&bias, BiasActivation(activation))?;
            let (plain, fused) = (plain.sqr()?.backward()?, fused.sqr()?.backward()?);
            for var in [&x, &bias] {
                let of = |grads: &candle_core::backprop::GradStore| -> Result<Vec<f32>> {
                    grads.get(var).expect("should have a gradient").flatten_all()?.to_vec1()
                };
                for (a, b) in of(&plain)?.iter().zip(&of(&fused)?) {
                    assert!((a - b).abs() <= 1e-5, "{activation:?}: {a} and {b}");
                }
            }
        }
        Ok(())
    }
}
