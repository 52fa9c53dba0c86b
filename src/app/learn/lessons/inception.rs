//! Inception: the naive module and the reduced one, at any widths.

mod module;
mod seen;

use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use words::i18n::use_i18n;

use crate::app::learn::address::{Knob, Knobs};
use crate::app::learn::control::Slider;
use crate::app::learn::figure::Fact;
use crate::app::learn::network::LessonError;
use crate::app::learn::numbers::count;
use crate::app::learn::picture::picture_knob;
use crate::app::learn::shown::failure;
use analysis::lesson::inception::{BranchLayer, InceptionModule, Widths};
use module::{Module, scale_of};
use net::{NetError, Shape, network};
use seen::Seen;

/// The lanes: the class of each in the style sheet, and the side of its kernel as it is written; the last pools.
const LANES: [(&str, &str); 4] = [("lane-a", "1×1"), ("lane-b", "3×3"), ("lane-c", "5×5"), ("lane-d", "")];

/// GoogLeNet's first module: what it reads, its widths, and how many maps leave the last module, as built and naive.
#[derive(Clone, Copy)]
struct Paper {
    input: Shape,
    widths: Widths,
    ends: [usize; 2],
}

fn paper() -> Result<Paper, NetError> {
    let (built, naive) = (network("googlenet")?, network("googlenet-naive")?);
    let shape = |graph: &net::Graph, name: &str| Ok::<_, NetError>(graph.node(graph.find(name)?).shape);
    let ends = [shape(&built, "inception5b")?.chw().0, shape(&naive, "inception5b")?.chw().0];
    Ok(Paper { input: shape(&built, "pool2")?, widths: Widths::of(&built, "inception3a")?, ends })
}

/// The multiplications of a layer over maps of `side` (rows, columns), as they are counted.
fn arithmetic((height, width): (usize, usize), layer: &BranchLayer) -> String {
    let BranchLayer { kernel, from, channels, .. } = layer;
    if *kernel == 1 {
        format!("{height}·{width}·{channels}·{from}")
    } else {
        format!("{height}·{width}·{channels}·{kernel}·{kernel}·{from}")
    }
}

/// The lesson.
#[component]
pub(super) fn Inception(
    /// What can be moved.
    knobs: Knobs,
) -> impl IntoView {
    match paper() {
        Ok(paper) => view! { <Body knobs paper/> }.into_any(),
        Err(error) => failure(Signal::derive(move || Some(LessonError::Net(error.clone())))).into_any(),
    }
}

#[component]
fn Body(
    /// What can be moved.
    knobs: Knobs,
    /// What GoogLeNet has.
    paper: Paper,
) -> impl IntoView {
    let words = use_i18n();
    let picture = picture_knob(knobs, 17);
    let Widths { one, three_reduce, three, five_reduce, five, pool } = paper.widths;
    let knob =
        move |name, first: usize, [least, most]: [f64; 2], step| knobs.number(name, first as f64, [least, most], step);
    // The address of each, its lane and its name in the paper's table.
    let all: [(Knob, usize, &'static str); 6] = [
        (knob("one", one, [8.0, 256.0], 8.0), 0, "#1×1"),
        (knob("three-reduce", three_reduce, [8.0, 256.0], 8.0), 1, "#3×3 reduce"),
        (knob("three", three, [8.0, 256.0], 8.0), 1, "#3×3"),
        (knob("five-reduce", five_reduce, [4.0, 96.0], 4.0), 2, "#5×5 reduce"),
        (knob("five", five, [8.0, 128.0], 8.0), 2, "#5×5"),
        (knob("pool", pool, [8.0, 192.0], 8.0), 3, "pool proj"),
    ];
    let widths = move || {
        let [one, three_reduce, three, five_reduce, five, pool] = all.map(|(knob, ..)| knob.whole());
        Widths { one, three_reduce, three, five_reduce, five, pool }
    };
    let modules = Memo::new(move |_| {
        let widths = widths();
        Some([InceptionModule::naive(paper.input, widths).ok()?, InceptionModule::reduced(paper.input, widths).ok()?])
    });
    let module = move |place: usize| {
        Signal::derive(move || modules.with(|modules| modules.as_ref().map(|modules| modules[place].clone())))
    };
    let scale =
        Signal::derive(move || modules.with(|modules| modules.as_ref().map_or(0.0, |modules| scale_of(modules))));
    let most = Signal::derive(move || {
        let total = |modules: &[InceptionModule; 2]| modules.iter().map(|module| module.graph().total_macs()).max();
        modules.with(|modules| modules.as_ref().and_then(total)).unwrap_or(1)
    });
    let (_, height, width) = paper.input.chw();
    // The lane of 5x5 in one of both modules.
    let third = move |place: usize| {
        let look = move |modules: &[InceptionModule; 2]| (modules[place].multiplications(2), modules[place].branch(2));
        Memo::new(move |_| modules.with(|modules| modules.as_ref().map(look)).unwrap_or_default())
    };
    let (direct, through) = (third(0), third(1));
    let value = move |lane: Memo<(u64, Vec<BranchLayer>)>| {
        Signal::derive(move || count(words.get_locale(), lane.with(|lane| lane.0)))
    };
    let how = move |lane: Memo<(u64, Vec<BranchLayer>)>| {
        Signal::derive(move || {
            lane.with(|lane| {
                lane.1.iter().map(|layer| arithmetic((height, width), layer)).collect::<Vec<_>>().join(" + ")
            })
        })
    };
    let number = move |n: usize| move || count(words.get_locale(), n as u64);
    let input = number(paper.input.chw().0);
    let grows = move || {
        let [built, naive] = paper.ends.map(|n| number(n)());
        t_string!(words, inception.grows, from = input(), naive = naive, built = built)
    };
    let first_name = move || t_string!(words, inception.direct, maps = input());
    let second_name =
        move || t_string!(words, inception.through, maps = count(words.get_locale(), all[3].0.whole() as u64));
    let sliders = all.map(|(knob, lane, name)| {
        view! {
            <div class=LANES[lane].0>
                <Slider knob name=Signal::derive(move || name.to_owned()) shown=Signal::derive(move || count(words.get_locale(), knob.whole() as u64))/>
            </div>
        }
    });
    let back = move |_| {
        let first = [one, three_reduce, three, five_reduce, five, pool];
        all.iter().zip(first).for_each(|((knob, ..), first)| knob.set(first as f64));
    };
    let moved = move || widths() != paper.widths;
    view! {
        <div class="lesson-text">
            <p>{t!(words, inception.what)}</p>
            <p>{t!(words, inception.price)}</p>
            <div class="facts inception-third">
                <Fact name=Signal::derive(first_name) value=value(direct) how=how(direct)/>
                <Fact name=Signal::derive(second_name) value=value(through) how=how(through)/>
            </div>
            <p>{grows}</p>
            <p>{t!(words, inception.hebb)}</p>
            <p class="small soft">{t!(words, inception.honest)}</p>
        </div>
        <div class="lesson-figure inception">
            <div class="knobs">{sliders.into_iter().collect_view()}</div>
            <div class="inception-note">
                <p class="small soft">{t!(words, inception.counted)}</p>
                <button type="button" disabled=move || !moved() on:click=back>{t!(words, inception.back)}</button>
            </div>
            <div class="inception-pair">
                <Module name=Signal::derive(move || t_string!(words, inception.naive).to_owned()) module=module(0) scale most/>
                <Module name=Signal::derive(move || t_string!(words, inception.reduced).to_owned()) module=module(1) scale most/>
            </div>
            <Seen picture/>
        </div>
    }
}
