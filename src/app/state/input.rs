//! The input of the network: a drawing or a photo.

use std::sync::Arc;

use input::{Crop, CroppedPhoto, DigitPack, Drawing, Point};
use leptos::prelude::*;
use net::{Graph, InputKind};

use super::network::NetworkState;
use super::photo_requests::PhotoRequests;

/// The kind of input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) enum Medium {
    /// The drawing pad.
    Drawing,
    /// A photo.
    Photo,
}

impl Medium {
    /// Returns the kind of input that `graph` was made for.
    pub(in crate::app) fn of(graph: &Graph) -> Self {
        match graph.input.kind {
            InputKind::Digit { .. } => Self::Drawing,
            InputKind::Photo { .. } => Self::Photo,
        }
    }
}

/// A sample photo that a link names, with its square.
pub(in crate::app) type NamedPhoto = (String, Option<Crop>);

/// The input of the network.
#[derive(Clone, Copy)]
pub(in crate::app) struct InputState {
    network: NetworkState,
    digits: RwSignal<Option<Arc<DigitPack>>>,
    drawing: RwSignal<Drawing>,
    /// A digit of 28x28 values that a script gave; the next stroke replaces it.
    given: RwSignal<Option<Arc<Vec<f32>>>>,
    photo: RwSignal<Option<Arc<CroppedPhoto>>>,
    first_photo: RwSignal<Option<NamedPhoto>>,
    photo_requests: PhotoRequests,
    chosen_medium: RwSignal<Option<Medium>>,
    values: Memo<Option<Arc<Vec<f32>>>>,
}

impl InputState {
    /// An empty drawing pad, and no photo.
    pub(in crate::app) fn new(network: NetworkState) -> Self {
        let (digits, drawing, given) = (RwSignal::new(None), RwSignal::new(Drawing::default()), RwSignal::new(None));
        let (photo, chosen_medium) = (RwSignal::new(None), RwSignal::new(None));
        let digit = Memo::new(move |_| read_digit(given.get(), digits.get(), &drawing.read()));
        let graph = network.graph();
        let values = move || {
            let graph = graph.read();
            let medium = chosen_medium.get().unwrap_or_else(|| Medium::of(&graph));
            input_of(&graph, medium, || digit.get(), || photo.get()).map(Arc::new)
        };
        // Another picture with equal values is another input: a camera in front of a still scene keeps running.
        let values = Memo::new_with_compare(move |_| values(), |_, _| true);
        let first_photo = RwSignal::new(None);
        let photo_requests = PhotoRequests::new();
        Self { network, digits, drawing, given, photo, first_photo, photo_requests, chosen_medium, values }
    }

    /// The test digits that ship with the page, once they are loaded.
    pub(in crate::app) fn digits(self) -> ReadSignal<Option<Arc<DigitPack>>> {
        self.digits.read_only()
    }

    /// The strokes, and the test digit under them.
    pub(in crate::app) fn drawing(self) -> ReadSignal<Drawing> {
        self.drawing.read_only()
    }

    /// The photo with its square.
    pub(in crate::app) fn photo(self) -> ReadSignal<Option<Arc<CroppedPhoto>>> {
        self.photo.read_only()
    }

    /// The kind of input, if a person chose another one than the network was made for.
    pub(in crate::app) fn chosen_medium(self) -> ReadSignal<Option<Medium>> {
        self.chosen_medium.read_only()
    }

    /// The network's input as it takes it, `[channels, height, width]`; `None` without a picture.
    pub(in crate::app) fn values(self) -> Memo<Option<Arc<Vec<f32>>>> {
        self.values
    }

    /// Returns the kind of input that is shown.
    pub(in crate::app) fn medium(self) -> Medium {
        self.chosen_medium.get().unwrap_or_else(|| Medium::of(&self.network.graph().read()))
    }

    /// Takes in the test digits.
    pub(in crate::app) fn set_digits(self, digits: DigitPack) {
        self.digits.set(Some(Arc::new(digits)));
    }

    /// A digit of 28x28 values that a script gave.
    pub(in crate::app) fn given(self) -> ReadSignal<Option<Arc<Vec<f32>>>> {
        self.given.read_only()
    }

    /// Begins a stroke.
    pub(in crate::app) fn begin_stroke(self, at: Point) {
        self.drawing.update(|drawing| drawing.begin(at));
    }

    /// Continues the stroke. Returns whether it can grow further.
    pub(in crate::app) fn extend_stroke(self, at: Point) -> bool {
        let extend = |drawing: &mut Drawing| {
            let is_longer = drawing.extend(at);
            (is_longer, is_longer)
        };
        self.drawing.try_maybe_update(extend).is_some()
    }

    /// Takes the last stroke back, or the digit under the strokes.
    pub(in crate::app) fn undo_stroke(self) {
        if self.drawing.read_untracked().is_empty() {
            self.given.set(None);
        }
        self.drawing.update(Drawing::undo);
    }

    /// Shows a drawing. It replaces a digit that a script gave.
    pub(in crate::app) fn show_drawing(self, drawing: Drawing) {
        self.given.set(None);
        self.drawing.set(drawing);
    }

    /// Takes a digit of 28x28 values from 0 to 1 in place of the drawing.
    pub(in crate::app) fn give_digit(self, values: Vec<f32>) {
        self.drawing.set(Drawing::default());
        self.given.set(Some(Arc::new(values)));
    }

    /// Chooses between drawing and photo.
    pub(in crate::app) fn choose_medium(self, medium: Medium) {
        let own = Medium::of(&self.network.graph().read_untracked());
        self.chosen_medium.set((medium != own).then_some(medium));
    }

    /// Shows the kind of input that a link names, even if it is the network's own.
    pub(in crate::app) fn link_medium(self, medium: Option<Medium>) {
        self.chosen_medium.set(medium);
    }

    /// The photo that appears first.
    pub(in crate::app) fn first_photo(self) -> Option<NamedPhoto> {
        self.first_photo.get_untracked()
    }

    /// Sets the photo that appears first.
    pub(in crate::app) fn set_first_photo(self, photo: NamedPhoto) {
        self.first_photo.set(Some(photo));
    }

    /// The requests for photos.
    pub(in crate::app) fn photo_requests(self) -> PhotoRequests {
        self.photo_requests
    }

    /// Shows a photo. Photos that were requested before do not count any more.
    pub(in crate::app) fn show_photo(self, photo: CroppedPhoto) {
        self.photo_requests.begin();
        self.photo.set(Some(Arc::new(photo)));
    }

    /// The signal that the photo feature owns: it shows photos of files, of the camera and of samples.
    pub(in crate::app) fn photo_signal(self) -> RwSignal<Option<Arc<CroppedPhoto>>> {
        self.photo
    }

    /// Changes the square of the photo that is shown; the photo stays.
    pub(in crate::app) fn crop_photo(self, crop: Option<Crop>) {
        if let Some(photo) = self.photo.get_untracked().filter(|photo| photo.crop != crop) {
            self.photo.set(Some(Arc::new(CroppedPhoto::clone(&photo).with_crop(crop))));
        }
    }

    /// Lets the network choose between drawing and photo again. The picture stays.
    pub(super) fn reset(self) {
        self.chosen_medium.set(None);
    }

    /// Drops a digit that a script gave.
    pub(super) fn drop_given(self) {
        self.given.set(None);
    }
}

/// Returns a digit of 28x28 values: the strokes over what lies under them.
fn read_digit(
    given: Option<Arc<Vec<f32>>>,
    digits: Option<Arc<DigitPack>>,
    drawing: &Drawing,
) -> Option<Arc<Vec<f32>>> {
    let under = match given {
        Some(given) => Some(given.to_vec()),
        None => drawing.digit.and_then(|index| digits?.digit(index)),
    };
    if drawing.strokes.is_empty() {
        // A digit of the data set is used as it is, neither cropped nor centred again.
        return under.map(Arc::new);
    }
    input::centre_digit(&input::rasterise(drawing, under.as_deref())).map(Arc::new)
}

/// Returns the input of `graph`, `[channels, height, width]`, as the network takes it; `None` without a picture.
fn input_of(
    graph: &Graph,
    medium: Medium,
    digit: impl FnOnce() -> Option<Arc<Vec<f32>>>,
    photo: impl FnOnce() -> Option<Arc<CroppedPhoto>>,
) -> Option<Vec<f32>> {
    match (medium, Medium::of(graph)) {
        (Medium::Drawing, Medium::Drawing) => Some(input::to_field(&digit()?, graph.input.kind)),
        (Medium::Drawing, Medium::Photo) => CroppedPhoto::from_drawing(&digit()?).ok()?.input(graph).ok(),
        (Medium::Photo, Medium::Drawing) => Some(input::to_field(&photo()?.digit().ok()?, graph.input.kind)),
        (Medium::Photo, Medium::Photo) => photo()?.input(graph).ok(),
    }
}

/// Returns the input of `graph` without a picture: empty paper, or the mean of all photos.
pub(in crate::app) fn blank(graph: &Graph) -> Vec<f32> {
    match graph.input.kind {
        kind @ InputKind::Digit { .. } => input::to_field(&[], kind),
        InputKind::Photo { .. } => vec![0.0; graph.input.shape.elements()],
    }
}
