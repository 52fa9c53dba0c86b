//! A network of four numbers, as it grows.

use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use words::i18n::use_i18n;

use crate::app::learn::address::{Knob, Knobs};
use crate::app::learn::control::{Choice, Slider};
use crate::app::learn::figure::Fact;
use crate::app::learn::numbers::count;
use analysis::lesson::{MAX_BLOCKS, ResNetCosts, TABLE};

/// The four numbers in the address, and what the paper calls their stages.
const STAGES: [(&str, &str, usize); 4] =
    [("conv2", "conv2_x", 56), ("conv3", "conv3_x", 28), ("conv4", "conv4_x", 14), ("conv5", "conv5_x", 7)];

/// The network: presets, sliders, what it looks like, what it comes to.
#[component]
pub(super) fn NetworkBuilder(
    /// What can be moved.
    knobs: Knobs,
    /// Whether all blocks are bottlenecks.
    bottleneck: RwSignal<bool>,
    /// The stage of the block that is drawn beside, and whether it is the first there.
    shown: Signal<(usize, bool)>,
    /// What the kinds are called.
    kinds: Vec<(bool, Signal<String>)>,
) -> impl IntoView {
    let words = use_i18n();
    let sliders: [Knob; 4] =
        std::array::from_fn(|stage| knobs.whole(STAGES[stage].0, TABLE[0].1[stage], [1, MAX_BLOCKS[stage]]));
    let blocks = Memo::new(move |_| sliders.map(Knob::whole));
    let made = Memo::new(move |_| ResNetCosts::new(blocks.get(), bottleneck.get()).ok());
    let figure = move |value: fn(&ResNetCosts) -> u64| {
        Signal::derive(move || {
            let locale = words.get_locale();
            made.with(|made| made.as_ref().map_or_else(|| "–".to_owned(), |made| count(locale, value(made))))
        })
    };
    let name = Signal::derive(move || {
        let title = made.with(|made| made.as_ref().and_then(|made| made.title));
        title.map_or_else(|| t_string!(words, residual_blocks.unnamed).to_owned(), str::to_owned)
    });
    let sum = Signal::derive(move || {
        let (blocks, each) = (blocks.get(), if bottleneck.get() { 3 } else { 2 });
        format!("1 + {each}·({}) + 1", blocks.map(|number| number.to_string()).join("+"))
    });
    let presets = TABLE.iter().map(|&(depth, numbers, kind)| {
        let is_it = move || blocks.get() == numbers && bottleneck.get() == kind;
        let build = move |_| {
            bottleneck.set(kind);
            sliders.iter().zip(numbers).for_each(|(knob, number)| knob.set(number as f64));
        };
        let called = move || t_string!(words, residual_blocks.preset, depth = depth);
        view! {
            <button type="button" aria-pressed=move || if is_it() { "true" } else { "false" } aria-label=called on:click=build>{depth}</button>
        }
    });
    let rows = STAGES.iter().enumerate().map(|(stage, &(_, called, side))| {
        let number = move || blocks.get()[stage];
        let one = move |place: usize| {
            let seen = move || shown.get() == (stage, place == 0);
            let layers = move || (0..if bottleneck.get() { 3 } else { 2 }).map(|_| view! { <i></i> }).collect_view();
            view! { <span class="residual-cell" class:seen=seen>{layers}</span> }
        };
        let maps = move || (64 << stage) * if bottleneck.get() { 4 } else { 1 };
        view! {
            <div class="residual-row">
                <span class="mono">{called}</span>
                <span class="mono soft">{move || format!("{}×{side}×{side}", maps())}</span>
                <span class="residual-cells"><For each=move || 0..number() key=|place| *place children=one/></span>
            </div>
        }
    });
    let ends = |called: &'static str, size: &'static str| {
        view! {
            <div class="residual-row">
                <span class="mono">{called}</span>
                <span class="mono soft">{size}</span>
                <span class="residual-cells"><span class="residual-cell end"><i></i></span></span>
            </div>
        }
    };
    let slider = move |stage: usize| {
        let knob = sliders[stage];
        let name = Signal::derive(move || t_string!(words, residual_blocks.blocks_of, stage = STAGES[stage].1));
        view! { <Slider knob name shown=Signal::derive(move || count(words.get_locale(), knob.whole() as u64))/> }
    };
    let drawn = move || {
        let [a, b, c, d] = blocks.get();
        t_string!(words, residual_blocks.drawn, a = a, b = b, c = c, d = d)
    };
    view! {
        <p class="small soft">{t!(words, residual_blocks.builder)}</p>
        <div class="residual-presets">
            <div class="choice" role="group" aria-label=move || t_string!(words, residual_blocks.presets)>{presets.collect_view()}</div>
            <Choice value=bottleneck name=Signal::derive(move || t_string!(words, residual_blocks.all_blocks).to_owned()) options=kinds/>
        </div>
        <div class="knobs residual-sliders">{(0..4).map(slider).collect_view()}</div>
        <div class="residual-network" role="img" aria-label=drawn>
            {ends("conv1", "64×112×112")}
            {rows.collect_view()}
            {ends("fc", "1000")}
        </div>
        <div class="facts">
            <Fact name=Signal::derive(move || t_string!(words, residual_blocks.name).to_owned()) value=name/>
            <Fact name=Signal::derive(move || t_string!(words, residual_blocks.depth).to_owned()) value=figure(|made| made.depth as u64) how=sum/>
            <Fact name=Signal::derive(move || t_string!(words, residual_blocks.parameters).to_owned()) value=figure(|made| made.parameters)/>
            <Fact name=Signal::derive(move || t_string!(words, residual_blocks.macs).to_owned()) value=figure(|made| made.macs)/>
        </div>
    }
}
