//! A photo to what a network takes: its size, its mean and standard deviation.

use crate::net::{Graph, InputKind};

/// An RGB picture of 8 bits a channel, row by row, three bytes a pixel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    width: usize,
    height: usize,
    rgb: Vec<u8>,
}

impl Photo {
    /// A picture from its bytes; `None` where there are not three for each pixel, or no pixels at all.
    pub fn new(width: usize, height: usize, rgb: Vec<u8>) -> Option<Self> {
        let bytes = width.checked_mul(height)?.checked_mul(3)?;
        (bytes > 0 && rgb.len() == bytes).then_some(Self { width, height, rgb })
    }

    /// Columns, in pixels.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows, in pixels.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Red, green and blue of a pixel.
    pub fn pixel(&self, y: usize, x: usize) -> [u8; 3] {
        let start = (y * self.width + x) * 3;
        [self.rgb[start], self.rgb[start + 1], self.rgb[start + 2]]
    }

    /// The picture at `width` x `height`: of each pixel the one that lies under its centre.
    #[must_use]
    pub fn nearest(&self, width: usize, height: usize) -> Self {
        // floor((i + 0.5) * from / to), in whole numbers.
        let under = |i: usize, from: usize, to: usize| (2 * i + 1) * from / (2 * to);
        let mut rgb = Vec::with_capacity(width * height * 3);
        for y in 0..height {
            for x in 0..width {
                rgb.extend(self.pixel(under(y, self.height, height), under(x, self.width, width)));
            }
        }
        Self { width, height, rgb }
    }

    /// The picture as `graph` takes it (CHW, each channel less its mean, over its standard deviation); `None` where it
    /// is not of the network's size or the network takes no photos.
    pub fn input(&self, graph: &Graph) -> Option<Vec<f32>> {
        let InputKind::Photo { mean, deviation } = graph.input.kind else { return None };
        if graph.input.shape.chw() != (3, self.height, self.width) {
            return None;
        }
        let channel = |c: usize| {
            let (mean, deviation) = (f64::from(mean[c]), f64::from(deviation[c]));
            let bytes = self.rgb.iter().skip(c).step_by(3);
            bytes.map(move |&byte| ((f64::from(byte) / 255.0 - mean) / deviation) as f32)
        };
        Some((0..3).flat_map(channel).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::network;

    #[test]
    fn the_pixel_under_the_centre() {
        let photo = Photo::new(4, 2, (0..24).collect()).expect("should have its bytes");
        let small = photo.nearest(2, 1);
        // floor(0.5 * 2) and floor(1.5 * 2) across, floor(0.5 * 2) down.
        assert_eq!((small.pixel(0, 0), small.pixel(0, 1)), (photo.pixel(1, 1), photo.pixel(1, 3)));
        assert_eq!(photo.nearest(4, 2), photo);
    }

    #[test]
    fn channels_lie_one_after_the_other() {
        let graph = network("resnet20-cifar").expect("should be declared");
        let photo = Photo::new(32, 32, [255, 0, 128].repeat(1024)).expect("should have its bytes");
        let input = photo.input(&graph).expect("should fit");
        assert_eq!(input.len(), 3 * 1024);
        assert!((input[5] - (1.0 - 0.485) / 0.229).abs() < 1e-6);
        assert!((input[1024] + 0.456 / 0.224).abs() < 1e-6);
        assert_eq!(photo.nearest(31, 32).input(&graph), None);
        assert_eq!(photo.input(&network("lenet5").expect("should be declared")), None);
    }

    #[test]
    fn bytes_must_be_there() {
        assert_eq!(Photo::new(2, 2, vec![0; 11]), None);
        assert_eq!(Photo::new(0, 2, Vec::new()), None);
        assert_eq!(Photo::new(usize::MAX, 2, Vec::new()), None);
    }
}
