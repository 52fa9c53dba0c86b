//! The state of the page, and what follows from it.

use std::sync::Arc;

use leptos::prelude::*;

use crate::engine::Extent;
use crate::input::{self, DigitPack, Drawing};
use crate::net::{self, Graph, Node, NodeId};
use crate::stage::{Room, Spot, Stage};
use crate::weights::Weights;

/// The engine that a person asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Choice {
    /// Whichever serves better here.
    Auto,
    /// WebGPU.
    Gpu,
    /// candle.
    Cpu,
}

/// What serves, and since when it is known.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Status {
    /// Nothing yet.
    Starting,
    /// WebGPU on this adapter.
    Gpu {
        /// What the adapter calls itself.
        adapter: String,
        /// Whether the maps are drawn by WebGPU; else through a 2D canvas.
        direct: bool,
    },
    /// candle, and why, where WebGPU was not chosen by hand.
    Cpu {
        /// Why not WebGPU.
        why: Option<String>,
    },
    /// Nothing can run.
    Failed,
}

/// Over what the colours of a map are scaled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// The map itself.
    Map,
    /// All maps of its layer.
    Layer,
    /// All maps of the network.
    Network,
}

/// The small numbers of one pass.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Frame {
    /// The scores of the classes.
    pub(super) scores: Vec<f32>,
    /// Their probabilities.
    pub(super) probabilities: Vec<f32>,
    /// The map in focus, with its values.
    pub(super) map: (NodeId, usize, Vec<f32>),
    /// The value in focus, with the values of its slices.
    pub(super) spot: Option<(Spot, Vec<f32>)>,
    /// By the table of maps.
    pub(super) extents: Vec<Extent>,
    /// How long it took.
    pub(super) milliseconds: f64,
    /// Whether nothing was drawn.
    pub(super) blank: bool,
}

/// Everything that the page shows follows from this.
#[derive(Clone, Copy)]
pub(super) struct Lab {
    pub(super) graph: RwSignal<Arc<Graph>>,
    pub(super) weights: RwSignal<Option<Arc<Weights>>>,
    pub(super) pack: RwSignal<Option<Arc<DigitPack>>>,
    pub(super) drawing: RwSignal<Drawing>,
    /// A digit of 28x28 that a script gave; a drawing takes its place.
    pub(super) given: RwSignal<Option<Arc<Vec<f32>>>>,
    /// The current step: a place in [`Lab::steps`].
    pub(super) step: RwSignal<usize>,
    /// The selected map of it.
    pub(super) map: RwSignal<usize>,
    /// The selected cell of that, row and column.
    pub(super) pixel: RwSignal<Option<(usize, usize)>>,
    /// The cell under the pointer or the keyboard's focus: it goes before what is selected.
    pub(super) hover: RwSignal<Option<Spot>>,
    /// How many cells of the selected map the sliding window has filled, while it slides.
    pub(super) scan: RwSignal<Option<usize>>,
    pub(super) playing: RwSignal<bool>,
    pub(super) choice: RwSignal<Choice>,
    pub(super) status: RwSignal<Status>,
    pub(super) frame: RwSignal<Option<Arc<Frame>>>,
    pub(super) passes: RwSignal<u64>,
    /// How often the browser has given back the contents of canvases that it had lost: what is drawn once is drawn again.
    pub(super) restored: RwSignal<u32>,
    pub(super) dark: RwSignal<bool>,
    pub(super) scope: RwSignal<Scope>,
    /// What went wrong and what was done about it, in a sentence.
    pub(super) notice: RwSignal<Option<String>>,
    pub(super) room: RwSignal<Room>,
    pub(super) layout: Memo<Arc<Stage>>,
    pub(super) steps: Memo<Vec<NodeId>>,
    digit: Memo<Option<Arc<Vec<f32>>>>,
}

impl Lab {
    pub(super) fn new() -> Self {
        let lenet = net::network("lenet5").expect("should be declared");
        let graph = RwSignal::new(Arc::new(lenet));
        let room = RwSignal::new(Room { width: 880.0, height: 640.0 });
        let (pack, drawing, given) = (RwSignal::new(None), RwSignal::new(Drawing::default()), RwSignal::new(None));
        let digit = Memo::new(move |_| read_digit(given.get(), pack.get(), &drawing.read()));
        Self {
            graph,
            weights: RwSignal::new(None),
            pack,
            drawing,
            given,
            step: RwSignal::new(1),
            map: RwSignal::new(0),
            pixel: RwSignal::new(None),
            hover: RwSignal::new(None),
            scan: RwSignal::new(None),
            playing: RwSignal::new(false),
            choice: RwSignal::new(Choice::Auto),
            status: RwSignal::new(Status::Starting),
            frame: RwSignal::new(None),
            passes: RwSignal::new(0),
            restored: RwSignal::new(0),
            dark: RwSignal::new(false),
            scope: RwSignal::new(Scope::Layer),
            notice: RwSignal::new(None),
            room,
            layout: Memo::new(move |_| Arc::new(Stage::of(&graph.read(), room.get()))),
            steps: Memo::new(move |_| graph.read().steps()),
            digit,
        }
    }

    /// The digit that the network sees, `[28, 28]`, 0 to 1; `None` on an empty pad.
    pub(super) fn digit(self) -> Option<Arc<Vec<f32>>> {
        self.digit.get()
    }

    /// The network's input, `[1, 32, 32]`.
    pub(super) fn field(self) -> Vec<f32> {
        let kind = self.graph.read().input.kind;
        match self.digit() {
            Some(digit) => input::to_field(&digit, kind),
            None => input::to_field(&[], kind),
        }
    }

    /// The node of the current step.
    pub(super) fn node(self) -> NodeId {
        let steps = self.steps.read();
        steps.get(self.step.get()).or(steps.last()).copied().unwrap_or(NodeId(0))
    }

    /// What is looked at: node, map, and the cell where there is one. The pointer goes before the selection.
    pub(super) fn focus(self) -> (NodeId, usize, Option<(usize, usize)>) {
        match self.hover.get() {
            Some(spot) => (spot.node, spot.map, Some((spot.y, spot.x))),
            None => (self.node(), self.map.get(), self.pixel.get()),
        }
    }

    /// The cell that is looked at, if it is one.
    pub(super) fn spot(self) -> Option<Spot> {
        let (node, map, cell) = self.focus();
        let (y, x) = cell?;
        let spot = Spot { node, map, y, x };
        spot.locate(&self.graph.read()).map(|_| spot)
    }

    /// A node of the graph, cloned out of it.
    pub(super) fn node_at(self, id: NodeId) -> Node {
        self.graph.read().node(id).clone()
    }

    /// Goes to a step; its first map is selected.
    pub(super) fn go(self, step: usize) {
        let last = self.steps.read_untracked().len().saturating_sub(1);
        let step = step.min(last);
        if step != self.step.get_untracked() {
            {
                self.scan.set(None);
                self.step.set(step);
                self.map.set(0);
                self.pixel.set(None);
            }
        }
        self.hover.set(None);
    }

    /// Selects a cell of a map, and with it its layer.
    pub(super) fn select(self, spot: Spot) {
        if let Some(step) = self.steps.read_untracked().iter().position(|&id| id == spot.node) {
            self.step.set(step);
            self.map.set(spot.map);
            self.pixel.set(Some((spot.y, spot.x)));
        }
    }
}

fn read_digit(given: Option<Arc<Vec<f32>>>, pack: Option<Arc<DigitPack>>, drawing: &Drawing) -> Option<Arc<Vec<f32>>> {
    let under = match given {
        Some(given) => Some(given.to_vec()),
        None => drawing.digit.and_then(|index| pack?.digit(index)),
    };
    if drawing.strokes.is_empty() {
        // A digit of the data set is what it is: nothing is cut out or centred anew.
        return under.map(Arc::new);
    }
    input::centre_digit(&input::rasterise(drawing, under.as_deref())).map(Arc::new)
}
