//! The state of the page, and what follows from it.

use std::ops::Range;
use std::sync::Arc;

use leptos::prelude::*;
use words::i18n::{Locale, use_i18n};

use super::cut::Cutting;
use super::engines::NoGpu;
use super::job::Source;
use super::language::{self, Words};
use super::medium::{Medium, input_of};
use super::picture::Easel;
use super::second::Second;
use super::supply::{Supply, Wish};
use super::tour::Tour;
use super::why::Why;
use engine::Extent;
use input::{self, Crop, DigitPack, Drawing, Shot};
use net::{self, Graph, Node, NodeId, Seen};
use scene::{Camera, Folds, Room, Row, Scene, Spot};

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
    /// candle, and why, where it was not chosen by hand.
    Cpu {
        /// Why not WebGPU.
        why: Option<NoGpu>,
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

/// The numbers that something is told from beyond the values of a node.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Told {
    /// What is told about.
    pub(super) node: NodeId,
    /// The map of it that is looked at.
    pub(super) map: usize,
    /// The cell of that, where one is.
    pub(super) cell: Option<(usize, usize)>,
    /// As `Insight::needs` asks for them; none where they are not there.
    pub(super) values: Vec<Vec<f32>>,
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
    pub(super) told: Told,
    /// By the table of maps.
    pub(super) extents: Arc<Vec<Extent>>,
    /// How long it took.
    pub(super) milliseconds: f64,
    /// How long each step of it took, in the order in which they ran; empty where that is not known.
    pub(super) times: Arc<Vec<(NodeId, f64)>>,
    /// Whether there was no picture.
    pub(super) blank: bool,
    /// Of which input it is.
    pub(super) source: Source,
    /// What it ran for outputs: kernels on the GPU, steps on the CPU.
    pub(super) dispatches: usize,
}

/// Everything that the page shows follows from this.
#[derive(Clone, Copy)]
pub(super) struct Lab {
    /// The words of the page, in its language.
    pub(super) words: Words,
    /// What the address is to say of that.
    pub(super) language: Signal<Option<String>>,
    pub(super) graph: RwSignal<Arc<Graph>>,
    /// Where the weights come from.
    pub(super) supply: Supply,
    /// Weights that a link asks for from elsewhere: nothing is fetched from there before a person says so.
    pub(super) offered: RwSignal<Option<Wish>, LocalStorage>,
    /// The parameters of the channel in focus, as they were loaded.
    pub(super) loaded_row: RwSignal<Option<Arc<Row>>>,
    /// The same, with the kernels that are cut.
    pub(super) row: Memo<Option<Arc<Row>>>,
    pub(super) pack: RwSignal<Option<Arc<DigitPack>>>,
    pub(super) drawing: RwSignal<Drawing>,
    /// A digit of 28x28 that a script gave; a drawing takes its place.
    pub(super) given: RwSignal<Option<Arc<Vec<f32>>>>,
    pub(super) shot: RwSignal<Option<Arc<Shot>>>,
    /// The sample that a link begins with, and the square of it.
    pub(super) first_photo: RwSignal<Option<(String, Option<Crop>)>>,
    /// Whether the first photo is on its way.
    pub(super) photo_comes: RwSignal<bool>,
    /// What was chosen to be looked at; where nothing was, what the network was made for.
    pub(super) wished_medium: RwSignal<Option<Medium>>,
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
    /// The nodes that a pass under way has done last, by their places in the graph, where one watches it.
    pub(super) reached: RwSignal<Option<Range<usize>>>,
    /// How often the browser has given back the contents of canvases that it had lost: what is drawn once is drawn again.
    pub(super) restored: RwSignal<u32>,
    pub(super) dark: RwSignal<bool>,
    /// What is switched off or scaled.
    pub(super) cutting: Cutting,
    /// Why the network answers so.
    pub(super) why: Why,
    /// The second stage.
    pub(super) second: Second,
    /// The tour that is taken.
    pub(super) tour: Tour,
    /// Over what the colours are scaled, where a person has chosen.
    pub(super) wished_scope: RwSignal<Option<Scope>>,
    /// What went wrong and what was done about it, in a sentence.
    pub(super) notice: RwSignal<Option<String>>,
    pub(super) room: RwSignal<Room>,
    /// The blocks that are folded to one tile.
    pub(super) folds: RwSignal<Folds>,
    /// Where a person has taken the camera; where nobody has, it shows the scene as it is first met.
    pub(super) camera: RwSignal<Option<Camera>>,
    /// What a link leads to, until the camera has gone there.
    pub(super) aim: RwSignal<Option<NodeId>>,
    pub(super) scene: Memo<Arc<Scene>>,
    /// The camera that is.
    pub(super) view: Memo<Camera>,
    /// The same to a part of a pixel: hands move it by less than one.
    pub(super) exact: Memo<Camera>,
    /// The nodes that are stepped through.
    pub(super) steps: Memo<Arc<Vec<NodeId>>>,
    /// What the cell in focus sees of every node before it.
    pub(super) lit: Memo<Arc<Vec<Seen>>>,
    /// The network's input, as it takes it; none where there is no picture. Another picture of the same values is another
    /// one: a camera before a still scene goes on.
    pub(super) input: Memo<Option<Arc<Vec<f32>>>>,
}

impl Lab {
    pub(super) fn new() -> Self {
        let lenet = net::network("lenet5").expect("should be declared");
        let graph = RwSignal::new(Arc::new(lenet));
        let room = RwSignal::new(Room { width: 880.0, height: 640.0 });
        let (pack, drawing, given) = (RwSignal::new(None), RwSignal::new(Drawing::default()), RwSignal::new(None));
        let digit = Memo::new(move |_| read_digit(given.get(), pack.get(), &drawing.read()));
        let (shot, wished_medium) = (RwSignal::new(None), RwSignal::new(None));
        let make_input = move || {
            let graph = graph.read();
            let medium = wished_medium.get().unwrap_or_else(|| Medium::of(&graph));
            input_of(&graph, medium, || digit.get(), || shot.get()).map(Arc::new)
        };
        let input = Memo::new_with_compare(move |_| make_input(), |_, _| true);
        let (cutting, loaded_row) = (Cutting::new(graph), RwSignal::new(None::<Arc<Row>>));
        let row = Memo::new(move |_| {
            let row = loaded_row.get()?;
            let effects = cutting.effects.read();
            let cut = !effects.kernels(row.node).is_empty();
            Some(if cut { Arc::new(row.cut(&graph.read(), &effects)) } else { row })
        });
        let folds = RwSignal::new(Folds::new());
        let scene = Memo::new(move |_| Arc::new(Scene::of(&graph.read(), &folds.read())));
        let camera = RwSignal::new(None);
        let exact = Memo::new(move |_| camera.get().unwrap_or_else(|| Camera::first(scene.read().bounds, room.get())));
        let view = Memo::new(move |_| exact.get().snapped());
        let steps = Memo::new(move |_| Arc::new(scene.read().steps()));
        let (step, map, pixel, hover) =
            (RwSignal::new(1), RwSignal::new(0), RwSignal::new(None), RwSignal::new(None::<Spot>));
        let lit = Memo::new(move |_| {
            let now = || steps.read().get(step.get()).copied().unwrap_or(NodeId(0));
            let selected = || pixel.get().map(|(y, x)| Spot { node: now(), map: map.get(), y, x });
            let seen = || {
                let (spot, graph) = (hover.get().or_else(selected)?, graph.read());
                let (channel, y, x) = spot.locate(&graph)?;
                Some(graph.seen_from(spot.node, channel, y, x))
            };
            Arc::new(seen().unwrap_or_default())
        });
        Self {
            words: use_i18n(),
            language: language::follow(),
            graph,
            supply: Supply::new(),
            offered: RwSignal::new_local(None),
            loaded_row,
            row,
            pack,
            drawing,
            given,
            shot,
            first_photo: RwSignal::new(None),
            photo_comes: RwSignal::new(false),
            wished_medium,
            step,
            map,
            pixel,
            hover,
            scan: RwSignal::new(None),
            playing: RwSignal::new(false),
            choice: RwSignal::new(Choice::Auto),
            status: RwSignal::new(Status::Starting),
            frame: RwSignal::new(None),
            passes: RwSignal::new(0),
            reached: RwSignal::new(None),
            restored: RwSignal::new(0),
            dark: RwSignal::new(false),
            cutting,
            why: Why::new(),
            second: Second::new(),
            tour: Tour::new(),
            wished_scope: RwSignal::new(None),
            notice: RwSignal::new(None),
            room,
            folds,
            camera,
            aim: RwSignal::new(None),
            scene,
            exact,
            view,
            steps,
            lit,
            input,
        }
    }

    /// Says what went wrong and what was done about it, in the language of the moment.
    pub(super) fn notify(self, text: impl FnOnce(Locale) -> String) {
        self.notice.set(Some(text(self.words.get_locale_untracked())));
    }

    /// What pictures on the page follow.
    pub(super) fn easel(self) -> Easel {
        Easel { dark: self.dark, restored: self.restored }
    }

    /// What is looked at: a drawing or a photo.
    pub(super) fn medium(self) -> Medium {
        self.wished_medium.get().unwrap_or_else(|| Medium::of(&self.graph.read()))
    }

    /// Over what the colours of a map are scaled: what was chosen, else each layer by itself where it has few maps to be
    /// compared, each map by itself where there are many.
    pub(super) fn scope(self) -> Scope {
        let own = || match Medium::of(&self.graph.read()) {
            Medium::Drawing => Scope::Layer,
            Medium::Photo => Scope::Map,
        };
        self.wished_scope.get().unwrap_or_else(own)
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

    /// The node and the channel that are looked at: those of the cell, else the map's.
    pub(super) fn channel(self) -> (NodeId, usize) {
        let (node, map, _) = self.focus();
        let graph = self.graph.read();
        let node = if node.0 < graph.nodes.len() { node } else { NodeId(0) };
        let channel = self.spot().and_then(|spot| spot.locate(&graph)).map_or(map, |(channel, ..)| channel);
        (node, channel.min(graph.node(node).shape.chw().0 - 1))
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
            self.scan.set(None);
            self.step.set(step);
            self.map.set(0);
            self.pixel.set(None);
        }
        self.hover.set(None);
    }

    /// Goes to the step of a node, or of the folded block around it.
    pub(super) fn go_to(self, node: NodeId) {
        if let Some(step) = self.step_of(node) {
            self.go(step);
        }
    }

    fn step_of(self, node: NodeId) -> Option<usize> {
        let (scene, graph) = (self.scene.get_untracked(), self.graph.get_untracked());
        let shown = scene.item_of(&graph, node)?.node;
        self.steps.read_untracked().iter().position(|&id| id == shown)
    }

    /// Selects a cell of a map, and with it its layer.
    pub(super) fn select(self, spot: Spot) {
        if let Some(step) = self.steps.read_untracked().iter().position(|&id| id == spot.node) {
            self.step.set(step);
            self.map.set(spot.map);
            self.pixel.set(Some((spot.y, spot.x)));
        }
    }

    /// Folds a block to one tile, or unfolds it; what was selected stays so where it is still shown.
    pub(super) fn fold(self, block: usize, fold: bool) {
        let (node, map, pixel) = (untrack(|| self.node()), self.map.get_untracked(), self.pixel.get_untracked());
        self.hover.set(None);
        self.scan.set(None);
        self.folds.update(|folds| {
            if fold {
                folds.insert(block);
            } else {
                folds.remove(&block);
            }
        });
        let step = self.step_of(node).unwrap_or(0);
        self.step.set(step);
        let stays = self.steps.read_untracked().get(step) == Some(&node);
        self.map.set(if stays { map } else { 0 });
        self.pixel.set(pixel.filter(|_| stays));
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
