//! Conversion of a photo to the input of a network: resizing, cropping and normalization.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use super::error::InputError;
use net::{Graph, InputKind};

/// The largest side of a network that sees the whole photo, in pixels.
const SMALL: usize = 64;

/// An RGB image with 8 bits per channel. Rows follow each other, and each pixel has three bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    width: usize,
    height: usize,
    rgb: Vec<u8>,
}

impl Photo {
    /// Returns an image from its bytes, or `None` if it has no pixels or does not have three bytes per pixel.
    pub fn new(width: usize, height: usize, rgb: Vec<u8>) -> Option<Self> {
        let bytes = width.checked_mul(height)?.checked_mul(3)?;
        (bytes > 0 && rgb.len() == bytes).then_some(Self { width, height, rgb })
    }

    /// Returns an image from four bytes per pixel, the last of which is ignored. Returns `None` as [`Photo::new`] does.
    pub fn from_rgba(width: usize, height: usize, rgba: &[u8]) -> Option<Self> {
        let (pixels, rest) = rgba.as_chunks::<4>();
        let rgb = pixels.iter().flat_map(|&[r, g, b, _]| [r, g, b]).collect();
        rest.is_empty().then(|| Self::new(width, height, rgb)).flatten()
    }

    /// Returns four bytes per pixel, the last of which is 255, as a canvas takes them.
    pub fn rgba(&self) -> Vec<u8> {
        let (pixels, _) = self.rgb.as_chunks::<3>();
        pixels.iter().flat_map(|&[r, g, b]| [r, g, b, 255]).collect()
    }

    /// Columns, in pixels.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows, in pixels.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Returns red, green and blue of a pixel.
    pub fn pixel(&self, y: usize, x: usize) -> [u8; 3] {
        let start = (y * self.width + x) * 3;
        [self.rgb[start], self.rgb[start + 1], self.rgb[start + 2]]
    }

    /// Resizes the image to `width` x `height` without interpolation: each pixel is the one that lies under its centre.
    #[must_use]
    pub fn nearest(&self, width: usize, height: usize) -> Self {
        // This is floor((i + 0.5) * from / to) in whole numbers.
        let under = |i: usize, from: usize, to: usize| (2 * i + 1) * from / (2 * to);
        let mut rgb = Vec::with_capacity(width * height * 3);
        for y in 0..height {
            for x in 0..width {
                rgb.extend(self.pixel(under(y, self.height, height), under(x, self.width, width)));
            }
        }
        Self { width, height, rgb }
    }

    /// Resizes the image so that its shorter side has `side` pixels, with its proportions kept. The filter is bilinear
    /// and antialiased, as in torchvision's `Resize(side)` of a Pillow image.
    ///
    /// # Errors
    /// [`InputError::Resize`] if the image cannot be resampled.
    pub fn shorter_side(&self, side: usize) -> Result<Self, InputError> {
        let (width, height) = self.size_with_shorter_side(side);
        self.resample(None, (width, height), FilterType::Bilinear)
    }

    /// Returns columns and rows of the image with its shorter side resized to `side` pixels.
    fn size_with_shorter_side(&self, side: usize) -> (usize, usize) {
        let shorter = self.width.min(self.height);
        (self.width * side / shorter, self.height * side / shorter)
    }

    /// Resizes a part of the image to `width` x `height` with an antialiased bilinear filter. `part` is left, top,
    /// width and height in pixels of the image. Anything beyond an edge is left out.
    ///
    /// # Errors
    /// [`InputError::Resize`] if the part is empty or cannot be resampled.
    pub fn cut(&self, part: [f32; 4], width: usize, height: usize) -> Result<Self, InputError> {
        self.resample(Some(part), (width, height), FilterType::Bilinear)
    }

    /// Resizes a part of the image as [`Photo::cut`] does, but each pixel is the mean of the area that it covers.
    ///
    /// # Errors
    /// [`InputError::Resize`] if the part is empty or cannot be resampled.
    pub(super) fn mean(&self, part: [f32; 4], width: usize, height: usize) -> Result<Self, InputError> {
        self.resample(Some(part), (width, height), FilterType::Box)
    }

    /// Resizes a part of the image, or all of it, to (`width`, `height`).
    fn resample(
        &self,
        part: Option<[f32; 4]>,
        (width, height): (usize, usize),
        filter: FilterType,
    ) -> Result<Self, InputError> {
        let fault = |reason: String| InputError::Resize { reason };
        let size = |n: usize| u32::try_from(n).map_err(|e| fault(e.to_string()));
        let from = ImageRef::new(size(self.width)?, size(self.height)?, &self.rgb, PixelType::U8x3)
            .map_err(|e| fault(e.to_string()))?;
        let mut to = Image::new(size(width)?, size(height)?, PixelType::U8x3);
        let mut options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(filter));
        if let Some([left, top, across, down]) = part {
            let within = |from: f32, length: f32, all: usize| {
                let (from, end) = (f64::from(from), f64::from(from) + f64::from(length));
                let (from, end) = (from.clamp(0.0, all as f64), end.clamp(0.0, all as f64));
                (end > from).then_some((from, end - from))
            };
            let empty = || fault("nothing of it is left".to_owned());
            let (left, across) = within(left, across, self.width).ok_or_else(empty)?;
            let (top, down) = within(top, down, self.height).ok_or_else(empty)?;
            options = options.crop(left, top, across, down);
        }
        Resizer::new().resize(&from, &mut to, &options).map_err(|e| fault(e.to_string()))?;
        Ok(Self { width, height, rgb: to.into_vec() })
    }

    /// Returns a part of the image, or `None` if the part is empty or passes an edge.
    pub fn crop(&self, top: usize, left: usize, height: usize, width: usize) -> Option<Self> {
        let inside = top.checked_add(height)? <= self.height && left.checked_add(width)? <= self.width;
        let rows = (top..top + height).map(|y| (y * self.width + left) * 3);
        (inside && width * height > 0).then(|| Self {
            width,
            height,
            rgb: rows.flat_map(|row| &self.rgb[row..row + width * 3]).copied().collect(),
        })
    }

    /// Returns the middle of the image, as torchvision's `CenterCrop` does, or `None` if the image is smaller.
    pub fn centre(&self, height: usize, width: usize) -> Option<Self> {
        let (down, across) = (self.height.checked_sub(height)?, self.width.checked_sub(width)?);
        self.crop(half(down), half(across), height, width)
    }

    /// Brings the image to the size of `graph`, as torchvision prepares photos for its checkpoints: resize the shorter
    /// side, then take the middle. The shorter side is 8/7 of the network's size (256 for 224). Networks of up to 64
    /// pixels see the whole shorter side.
    ///
    /// # Errors
    /// [`InputError::Resize`] if the image cannot be resampled.
    pub fn prepare(&self, graph: &Graph) -> Result<Self, InputError> {
        let (_, height, width) = graph.input.shape.chw();
        let resized = self.shorter_side(Self::prepared_shorter_side(graph))?;
        resized.centre(height, width).ok_or_else(|| InputError::Resize { reason: "it is too narrow".to_owned() })
    }

    /// Returns the size of the shorter side in [`Photo::prepare`], before the middle is taken.
    pub fn prepared_shorter_side(graph: &Graph) -> usize {
        let (_, height, width) = graph.input.shape.chw();
        let side = height.max(width);
        if side <= SMALL { side } else { (side * 8).div_ceil(7) }
    }

    /// Returns the part of the image that [`Photo::prepare`] keeps: left, top, width and height in pixels of the image.
    pub fn prepared_part(&self, graph: &Graph) -> [f32; 4] {
        let (_, height, width) = graph.input.shape.chw();
        let (columns, rows) = self.size_with_shorter_side(Self::prepared_shorter_side(graph));
        let (across, down) = (self.width as f32 / columns as f32, self.height as f32 / rows as f32);
        let (left, top) = (half(columns.saturating_sub(width)), half(rows.saturating_sub(height)));
        [left as f32 * across, top as f32 * down, width as f32 * across, height as f32 * down]
    }

    /// Returns the image as the input of `graph`, `[channels, height, width]`. Each channel has its mean subtracted and
    /// is divided by its standard deviation. Returns `None` if the image does not have the size of the network, or if
    /// the network takes no photos.
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

/// Returns half of the pixels that are left over. A remaining half is rounded to even, as Python's `round` does.
fn half(free: usize) -> usize {
    if free.is_multiple_of(2) { free / 2 } else { free / 2 + (free / 2) % 2 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use net::network;

    #[test]
    fn nearest_takes_the_pixel_under_the_centre() {
        let photo = Photo::new(4, 2, (0..24).collect()).expect("should have its bytes");
        let small = photo.nearest(2, 1);
        // Columns are floor(0.5 * 2) and floor(1.5 * 2), the row is floor(0.5 * 2).
        assert_eq!((small.pixel(0, 0), small.pixel(0, 1)), (photo.pixel(1, 1), photo.pixel(1, 3)));
        assert_eq!(photo.nearest(4, 2), photo);
    }

    #[test]
    fn the_input_has_one_channel_after_the_other() {
        let graph = network("resnet20-cifar").expect("should be declared");
        let photo = Photo::new(32, 32, [255, 0, 128].repeat(1024)).expect("should have its bytes");
        let input = photo.input(&graph).expect("should fit");
        assert_eq!(input.len(), 3 * 1024);
        assert!((input[5] - (1.0 - 0.485) / 0.229).abs() < 1e-6);
        assert!((input[1024] + 0.456 / 0.224).abs() < 1e-6);
        assert_eq!(photo.nearest(31, 32).input(&graph), None);
        assert_eq!(photo.input(&network("lenet5").expect("should be declared")), None);
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn png(path: &str) -> Photo {
        let root = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
        let file = std::fs::File::open(root.join(path)).expect("should be there");
        let mut reader = png::Decoder::new(std::io::BufReader::new(file)).read_info().expect("should be a PNG");
        let mut bytes = vec![0; reader.output_buffer_size().expect("should be small")];
        let frame = reader.next_frame(&mut bytes).expect("should be whole");
        Photo::new(frame.width as usize, frame.height as usize, bytes).expect("should be RGB")
    }

    /// Pillow and this crate both round between the two passes of the filter. Two fixed-point filters can still differ
    /// by one level.
    #[cfg(not(target_arch = "wasm32"))]
    #[test]
    fn resampling_agrees_with_pillow() {
        let cat = png("tests/fixtures/cat.png");
        let cases = [
            (cat.crop(30, 0, 181, 256), 96, "tests/photos/smaller-96.png"),
            (cat.crop(60, 100, 90, 60), 80, "tests/photos/larger-80.png"),
        ];
        for (photo, side, wanted) in cases {
            let (got, wanted) = (photo.expect("should be inside").shorter_side(side).expect("should fit"), png(wanted));
            assert_eq!((got.width, got.height), (wanted.width, wanted.height));
            let most = got.rgb.iter().zip(&wanted.rgb).map(|(a, b)| a.abs_diff(*b)).max();
            assert!(most <= Some(1), "{most:?}");
        }
    }

    #[cfg(not(target_arch = "wasm32"))]
    #[test]
    fn the_middle_of_256_is_224() {
        let cat = png("tests/fixtures/cat.png");
        let graph = network("resnet18").expect("should be declared");
        let ready = cat.prepare(&graph).expect("should fit");
        assert_eq!(ready, cat.crop(16, 16, 224, 224).expect("should be inside"));
        assert_eq!(cat.crop(200, 0, 57, 10), None);
        assert_eq!(cat.centre(300, 10), None);
        // CenterCrop rounds (256 - 227) / 2 = 14.5 to 14.
        assert_eq!(cat.centre(227, 227), cat.crop(14, 14, 227, 227));
    }

    #[test]
    fn rgba_bytes_make_a_round_trip() {
        let photo = Photo::new(2, 1, vec![1, 2, 3, 4, 5, 6]).expect("should have its bytes");
        assert_eq!(photo.rgba(), [1, 2, 3, 255, 4, 5, 6, 255]);
        assert_eq!(Photo::from_rgba(2, 1, &photo.rgba()), Some(photo));
        assert_eq!(Photo::from_rgba(1, 1, &[1, 2, 3]), None);
        assert_eq!(Photo::from_rgba(1, 1, &[1, 2, 3, 4, 5]), None);
    }

    #[test]
    fn a_part_may_pass_an_edge_but_not_be_empty() {
        let photo = Photo::new(4, 4, [[9; 24], [200; 24]].concat()).expect("should have its bytes");
        let below = photo.cut([-1.0, 2.0, 9.0, 9.0], 2, 2).expect("should be resampled");
        assert!(below.rgb.iter().all(|&byte| byte > 150), "{:?}", below.rgb);
        for part in [[5.0, 0.0, 2.0, 2.0], [0.0, 0.0, 0.0, 4.0], [f32::NAN, 0.0, 2.0, 2.0]] {
            assert!(photo.cut(part, 2, 2).is_err(), "{part:?}");
        }
        assert_eq!(photo.mean([0.0, 1.0, 4.0, 2.0], 1, 1).expect("should be resampled").pixel(0, 0), [105, 105, 105]);
    }

    #[test]
    fn the_number_of_bytes_must_match_the_size() {
        assert_eq!(Photo::new(2, 2, vec![0; 11]), None);
        assert_eq!(Photo::new(0, 2, Vec::new()), None);
        assert_eq!(Photo::new(usize::MAX, 2, Vec::new()), None);
    }
}
