//! The test pictures of the lessons.

use std::cell::RefCell;
use std::rc::Rc;

use super::error::LessonError;
use super::network::TrainedNetwork;
use input::{DigitPack, Photo, to_field};
use layerscope::app::browser::fetch::fetch;
use layerscope::app::{PhotoError, pictures};
use net::{Graph, InputKind, Shape};

/// The number of classes of CIFAR-10.
pub(super) const CIFAR10_CLASSES: usize = 10;
/// The path of the test digits.
const DIGITS: &str = "digits/mnist-test-300.bin";

thread_local! {
    /// The test digits, once loaded.
    static DIGIT_PACK: RefCell<Option<Rc<DigitPack>>> = const { RefCell::new(None) };
}

/// A test picture with its class, as people and as the network see it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Example {
    /// The number of the class.
    pub(super) class: usize,
    /// The picture.
    pub(super) photo: Photo,
    /// The input of the network, `[channels, height, width]`.
    pub(super) input: Vec<f32>,
}

fn missing(file: &str, reason: String) -> LessonError {
    LessonError::Missing { file: file.to_owned(), reason }
}

/// Returns the test digits, loading them at the first call.
async fn digits() -> Result<Rc<DigitPack>, LessonError> {
    if let Some(kept) = DIGIT_PACK.with_borrow(Clone::clone) {
        return Ok(kept);
    }
    let bytes = fetch(DIGITS).await.map_err(|reason| missing(DIGITS, reason))?;
    let pack = Rc::new(DigitPack::read(&bytes)?);
    DIGIT_PACK.replace(Some(Rc::clone(&pack)));
    Ok(pack)
}

/// Returns test picture `index` for `graph`: a digit, or a picture of CIFAR-10.
///
/// # Errors
/// [`LessonError`] if the pictures do not load or none has this number.
pub(super) async fn example(graph: &Graph, index: usize) -> Result<Example, LessonError> {
    let gone = || LessonError::NoPicture { index };
    if let InputKind::Digit { .. } = graph.input.kind {
        let pack = digits().await?;
        let (digit, label) = pack.digit(index).zip(pack.label(index)).ok_or_else(gone)?;
        let grey = digit.iter().flat_map(|&ink| [(ink * 255.0).round() as u8; 3]).collect();
        let side = input::DIGIT_SIDE;
        let photo = Photo::new(side, side, grey).ok_or_else(gone)?;
        return Ok(Example { class: usize::from(label), photo, input: to_field(&digit, graph.input.kind) });
    }
    let pack = pictures().await.map_err(|error| match error {
        PhotoError::Input(error) => error.into(),
        PhotoError::NoPictures { reason } => missing("pictures", reason),
        // A pack of pictures fails in no other way.
        _ => gone(),
    })?;
    let (photo, class) = pack.photo(index).zip(pack.label(index)).ok_or_else(gone)?;
    let input = photo.prepare(graph)?.input(graph).ok_or_else(gone)?;
    Ok(Example { class, photo, input })
}

/// Returns test picture `index`, and the output of `layer` of `network` for it: its values, `[channels, height,
/// width]`, and its shape.
///
/// # Errors
/// [`LessonError`] if the network or the picture does not load.
pub(super) async fn layer_for(
    network: &'static str,
    layer: &str,
    index: usize,
) -> Result<(Example, Vec<f32>, Shape), LessonError> {
    let network = TrainedNetwork::open(network).await?;
    let example = example(&network.graph, index).await?;
    let values = network.pass(&example.input, &[layer], "").await?.pop().unwrap_or_default();
    let shape = network.graph.node(network.graph.find(layer)?).shape;
    Ok((example, values, shape))
}
