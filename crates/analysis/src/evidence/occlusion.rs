//! Occlusion sensitivity (Zeiler and Fergus: *Visualizing and Understanding Convolutional Networks*, 2014, section
//! 4.2).

use net::{Graph, InputKind};

/// A square patch that hides a part of the image, at each of a grid of positions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occlusion {
    /// The side of the patch, in pixels of the network's input.
    patch: usize,
    /// The distance between neighbouring positions, in pixels.
    stride: usize,
    /// Rows and columns of the network's input.
    size: (usize, usize),
}

/// The reason why a patch or its stride is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OcclusionError {
    /// The patch is empty, or it is as large as the image.
    Patch {
        /// The side that was asked for, in pixels.
        patch: usize,
        /// The greatest side, in pixels.
        most: usize,
    },
    /// The stride is zero, or so large that pixels are left out.
    Stride {
        /// The stride that was asked for, in pixels.
        stride: usize,
        /// The greatest stride, which is the side of the patch.
        most: usize,
    },
}

impl Occlusion {
    /// Defines a patch of `patch` x `patch` pixels that moves by `stride` over the input of `graph`.
    ///
    /// # Errors
    /// [`OcclusionError`] if the patch is empty or as large as the image, or if the stride is 0 or larger than the
    /// patch.
    pub fn new(graph: &Graph, patch: usize, stride: usize) -> Result<Self, OcclusionError> {
        let (_, height, width) = graph.input.shape.chw();
        let most = height.min(width).saturating_sub(1);
        if patch == 0 || patch > most {
            return Err(OcclusionError::Patch { patch, most });
        }
        if stride == 0 || stride > patch {
            return Err(OcclusionError::Stride { stride, most: patch });
        }
        Ok(Self { patch, stride, size: (height, width) })
    }

    /// Returns the first row (or column) of the patch at each position along a side: multiples of the stride, and last
    /// the position that ends at the edge of the image.
    fn patch_offsets(&self, side: usize) -> Vec<usize> {
        let last = side - self.patch;
        let mut patch_offsets: Vec<usize> = (0..=last).step_by(self.stride).collect();
        if patch_offsets.last() != Some(&last) {
            patch_offsets.push(last);
        }
        patch_offsets
    }

    /// Returns the numbers of rows and of columns of positions.
    pub fn grid_size(&self) -> (usize, usize) {
        (self.patch_offsets(self.size.0).len(), self.patch_offsets(self.size.1).len())
    }

    /// Returns `input` with the pixels under the patch hidden, at position number `place` in row-major order. The
    /// hidden pixels get the mean colour in photos, and the value of paper in digits. `input` and the result are values
    /// as the network takes them, `[channels, height, width]`.
    pub fn hide_patch(&self, graph: &Graph, input: &[f32], place: usize) -> Vec<f32> {
        let neutral = match graph.input.kind {
            InputKind::Digit { offset, .. } => offset,
            InputKind::Photo { .. } => 0.0,
        };
        let (height, width) = self.size;
        let (rows, columns) = (self.patch_offsets(height), self.patch_offsets(width));
        let (top, left) = (rows[place / columns.len()], columns[place % columns.len()]);
        let mut out = input.to_vec();
        for map in out.chunks_exact_mut(height * width) {
            for row in map.chunks_exact_mut(width).skip(top).take(self.patch) {
                row[left..left + self.patch].fill(neutral);
            }
        }
        out
    }

    /// Returns for each pixel of the image, row-major, the mean of `values` over the positions that hide it. `values`
    /// has one value per position in row-major order. It may be incomplete: missing positions are left out, and pixels
    /// that only they hide are zero.
    pub fn per_pixel(&self, values: &[f32]) -> Vec<f32> {
        let (height, width) = self.size;
        let (rows, columns) = (self.patch_offsets(height), self.patch_offsets(width));
        let mut sums = vec![(0.0_f32, 0.0_f32); height * width];
        for (place, value) in values.iter().enumerate() {
            let (top, left) = (rows[place / columns.len()], columns[place % columns.len()]);
            for row in sums.chunks_exact_mut(width).skip(top).take(self.patch) {
                for (sum, count) in &mut row[left..left + self.patch] {
                    (*sum, *count) = (*sum + value, *count + 1.0);
                }
            }
        }
        sums.into_iter().map(|(sum, count)| if count > 0.0 { sum / count } else { 0.0 }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use net::network;

    #[test]
    fn every_pixel_is_hidden_and_the_last_patch_ends_where_the_picture_does() {
        let graph = network("lenet5").expect("should be declared");
        let occlusion = Occlusion::new(&graph, 6, 5).expect("should fit");
        assert_eq!(occlusion.patch_offsets(32), [0, 5, 10, 15, 20, 25, 26]);
        assert_eq!(occlusion.grid_size(), (7, 7));
        let input = vec![9.0; 1024];
        let mut hidden = [false; 1024];
        for place in 0..49 {
            let seen = occlusion.hide_patch(&graph, &input, place);
            assert_eq!(seen.iter().filter(|value| **value < 0.0).count(), 36);
            seen.iter().enumerate().filter(|(_, value)| **value < 0.0).for_each(|(i, _)| hidden[i] = true);
        }
        assert!(hidden.iter().all(|hidden| *hidden));
    }

    #[test]
    fn a_pixel_has_the_mean_of_the_positions_that_hide_it() {
        let graph = network("resnet20-cifar").expect("should be declared");
        let occlusion = Occlusion::new(&graph, 16, 8).expect("should fit");
        assert_eq!(occlusion.grid_size(), (3, 3));
        let values: Vec<f32> = (0..9).map(|place| place as f32).collect();
        let pixels = occlusion.per_pixel(&values);
        // The corners are hidden at one position. Pixel (12, 12) is hidden at positions 0, 1, 3 and 4.
        assert_eq!((pixels[0], pixels[12 * 32 + 12], pixels[1023]), (0.0, 2.0, 8.0));
        assert_eq!(occlusion.per_pixel(&values[..1])[1023], 0.0);
    }

    #[test]
    fn invalid_patches_and_strides_are_refused() {
        let graph = network("lenet5").expect("should be declared");
        assert_eq!(Occlusion::new(&graph, 32, 4), Err(OcclusionError::Patch { patch: 32, most: 31 }));
        assert_eq!(Occlusion::new(&graph, 0, 1), Err(OcclusionError::Patch { patch: 0, most: 31 }));
        assert_eq!(Occlusion::new(&graph, 8, 9), Err(OcclusionError::Stride { stride: 9, most: 8 }));
        assert_eq!(Occlusion::new(&graph, 8, 0), Err(OcclusionError::Stride { stride: 0, most: 8 }));
    }
}
