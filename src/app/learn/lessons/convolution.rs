//! Convolution, subsampling and Table I: LeNet-5's first layers on a digit, and what their weights cost.

mod costs;
mod table;
mod window;

use leptos::prelude::*;
use leptos_i18n::t;
use words::i18n::use_i18n;

use self::costs::Costs;
use self::table::Table;
use self::window::Windows;
use crate::app::learn::address::{Knob, Knobs};
use crate::app::learn::network::{Example, LessonError, Trained, example};
use crate::app::learn::numbers::count;
use crate::app::learn::picture::picture_knob;
use crate::app::learn::shown::{Shown, failure};
use analysis::lesson::connections::Connections;
use analysis::lesson::sharing::connections;
use net::network;
use weights::Array;

/// The network, and those of its layers that are looked at, the last being its answer.
const NETWORK: &str = "lenet5";
const LAYERS: [&str; 4] = ["C1", "S2", "C3", "output"];

/// One pass over a digit, with the tensors of the first layers.
struct Seen {
    example: Example,
    /// The outputs of C1, S2 and C3, CHW, and the distances to the ten digits.
    outputs: [Vec<f32>; 4],
    /// The weight and bias of C1, and the coefficients and biases of S2.
    tensors: [Array; 4],
}

impl Seen {
    async fn new(index: usize, cuts: String) -> Result<Self, LessonError> {
        let lenet = Trained::open(NETWORK).await?;
        let example = example(&lenet.graph, index).await?;
        let outputs = lenet.pass(&example.input, &LAYERS, &cuts).await?;
        let outputs = outputs.try_into().map_err(|_| LessonError::Unlike { network: NETWORK })?;
        let [kernels, biases] = [lenet.tensor("C1.weight").await?, lenet.tensor("C1.bias").await?];
        let [scales, shifts] = [lenet.tensor("S2.weight").await?, lenet.tensor("S2.bias").await?];
        Ok(Self { example, outputs, tensors: [kernels, biases, scales, shifts] })
    }

    /// The digit whose picture is the nearest.
    fn answer(&self) -> Option<usize> {
        let distances = self.outputs[3].iter().enumerate();
        distances.min_by(|(_, a), (_, b)| a.total_cmp(b)).map(|(digit, _)| digit)
    }
}

/// What a table of connections is kept in: six bits a map, eight maps a number.
type Halves = [Knob; 2];

/// The table that is set.
fn table_of(halves: Halves) -> Connections {
    Connections::from_halves(halves.map(|half| half.get().round() as u64))
}

/// The lesson.
#[component]
pub(super) fn Convolution(
    /// What can be moved.
    knobs: Knobs,
) -> impl IntoView {
    let words = use_i18n();
    let picture = picture_knob(knobs, 0);
    let first = Connections::table_one().halves();
    let most = Connections::all().halves()[0] as f64;
    let halves = [("reads", first[0]), ("reads9", first[1])];
    let halves: Halves = halves.map(|(name, first)| knobs.number(name, first as f64, [0.0, most], 1.0));
    let seen = Shown::new(move || Seen::new(picture.whole(), table_of(halves).ablation()));
    // Parameters and connections of S2, as its network has them.
    let subsampling = network(NETWORK).ok().and_then(|graph| {
        let id = graph.find("S2").ok()?;
        Some((graph.parameters(id).value(), connections(&graph, id)))
    });
    let number = move |n: u64| count(words.get_locale(), n);
    let subsampled = subsampling.map(|(parameters, connections)| {
        view! {
            <p>{t!(words, convolution.subsampling, parameters = move || number(parameters), connections = move || number(connections))}</p>
        }
    });
    view! {
        <div class="lesson-text">
            <p>{t!(words, convolution.what)}</p>
            {subsampled}
            <Costs knobs/>
            <p>{t!(words, convolution.why)}</p>
        </div>
        <div class="lesson-figure convolution">
            <Windows knobs picture seen/>
            <Table knobs halves seen/>
            {failure(seen.error())}
        </div>
    }
}
