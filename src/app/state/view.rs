//! The visible part of the scene: the folded blocks, the camera, the size of the stage and the range of the colours.

use std::sync::Arc;

use leptos::prelude::*;
use net::{BlockId, NodeId};
use scene::{Camera, Folds, Scene, Viewport};

use super::network::NetworkState;

/// The range of values that the colours of a map stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) enum ColourRange {
    /// The extent of the map itself.
    Map,
    /// The extent of all maps of its layer.
    Layer,
    /// The extent of all maps of the network.
    Network,
}

/// The visible part of the scene.
#[derive(Clone, Copy)]
pub(in crate::app) struct View {
    folds: RwSignal<Folds>,
    /// The camera after a person moved it. `None`: it shows the scene as it first appears.
    camera: RwSignal<Option<Camera>>,
    /// The node that a link leads to, until the camera has gone there.
    destination: RwSignal<Option<NodeId>>,
    room: RwSignal<Viewport>,
    chosen_range: RwSignal<Option<ColourRange>>,
    scene: Memo<Arc<Scene>>,
    exact_camera: Memo<Camera>,
    rounded_camera: Memo<Camera>,
    steps: Memo<Arc<Vec<NodeId>>>,
}

impl View {
    /// The view of a network as it first appears.
    pub(in crate::app) fn new(network: NetworkState) -> Self {
        let (folds, camera) = (RwSignal::new(Folds::new()), RwSignal::new(None::<Camera>));
        let room = RwSignal::new(Viewport { width: 880.0, height: 640.0 });
        let scene = Memo::new(move |_| Arc::new(Scene::of(&network.graph().read(), &folds.read())));
        let exact =
            move |_: Option<&Camera>| camera.get().unwrap_or_else(|| Camera::first(scene.read().bounds, room.get()));
        let exact_camera = Memo::new(exact);
        Self {
            folds,
            camera,
            destination: RwSignal::new(None),
            room,
            chosen_range: RwSignal::new(None),
            scene,
            exact_camera,
            rounded_camera: Memo::new(move |_| exact_camera.get().snapped()),
            steps: Memo::new(move |_| Arc::new(scene.read().steps())),
        }
    }

    /// The blocks that are folded to one tile, by their places in the graph.
    pub(in crate::app) fn folds(self) -> ReadSignal<Folds> {
        self.folds.read_only()
    }

    /// The layout of the network.
    pub(in crate::app) fn scene(self) -> Memo<Arc<Scene>> {
        self.scene
    }

    /// The nodes that are stepped through, one for each tile, in running order.
    pub(in crate::app) fn steps(self) -> Memo<Arc<Vec<NodeId>>> {
        self.steps
    }

    /// The current camera, rounded to whole pixels.
    pub(in crate::app) fn camera(self) -> Memo<Camera> {
        self.rounded_camera
    }

    /// The current camera with fractions of pixels: hands move it by less than one.
    pub(in crate::app) fn exact_camera(self) -> Memo<Camera> {
        self.exact_camera
    }

    /// The camera where a person moved it; `None` if nobody has.
    pub(in crate::app) fn moved_camera(self) -> ReadSignal<Option<Camera>> {
        self.camera.read_only()
    }

    /// The size of the stage, in CSS pixels.
    pub(in crate::app) fn room(self) -> ReadSignal<Viewport> {
        self.room.read_only()
    }

    /// The range of the colours, if a person chose one.
    pub(in crate::app) fn chosen_range(self) -> ReadSignal<Option<ColourRange>> {
        self.chosen_range.read_only()
    }

    /// The node that a link leads to, until the camera has gone there.
    pub(in crate::app) fn destination(self) -> ReadSignal<Option<NodeId>> {
        self.destination.read_only()
    }

    /// Moves the camera.
    pub(in crate::app) fn set_camera(self, camera: Camera) {
        self.camera.set(Some(camera));
    }

    /// Sets the size of the stage, in CSS pixels.
    pub(in crate::app) fn set_room(self, room: Viewport) {
        if self.room.get_untracked() != room {
            self.room.set(room);
        }
    }

    /// Chooses the range of the colours.
    pub(in crate::app) fn choose_range(self, range: ColourRange) {
        self.chosen_range.set(Some(range));
    }

    /// Notes the node that a link leads to. The camera goes there once the stage has its size, unless it was moved.
    pub(in crate::app) fn head_for(self, node: NodeId) {
        self.destination.set(Some(node).filter(|_| self.camera.read_untracked().is_none()));
    }

    /// The camera has arrived where the link led.
    pub(in crate::app) fn arrive(self) {
        self.destination.set(None);
    }

    /// Folds a block to one tile, or unfolds it.
    pub(in crate::app) fn fold(self, block: usize, fold: bool) {
        self.folds.update(|folds| {
            if fold {
                folds.insert(block);
            } else {
                folds.remove(&block);
            }
        });
    }

    /// Unfolds all of `blocks`.
    pub(in crate::app) fn unfold(self, blocks: &[BlockId]) {
        self.folds.update(|folds| folds.retain(|fold| !blocks.iter().any(|block| block.0 == *fold)));
    }

    /// Shows a network with these blocks folded, as it first appears. The range of the colours stays.
    pub(super) fn reset(self, folds: Folds) {
        self.camera.set(None);
        if *self.folds.read_untracked() != folds {
            self.folds.set(folds);
        }
    }

    /// Lets the network choose the range of the colours again.
    pub(super) fn reset_range(self) {
        self.chosen_range.set(None);
    }
}
