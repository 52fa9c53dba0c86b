//! A ResNet built from four numbers of blocks.

use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use words::i18n::use_i18n;

use crate::controls::{ChoiceButtons, Slider};
use crate::fact::Fact;
use crate::settings::{NumberSetting, Settings};
use crate::text::dash;
use analysis::lesson::{MAX_BLOCKS, ResNetCosts, TABLE};
use layerscope::app::wording::numbers::count;

/// The stages: the link parameter, the name in the paper, and the side of the maps.
const STAGES: [(&str, &str, usize); 4] =
    [("conv2", "conv2_x", 56), ("conv3", "conv3_x", 28), ("conv4", "conv4_x", 14), ("conv5", "conv5_x", 7)];

/// The network: presets, sliders, a drawing, and its totals.
#[component]
pub(super) fn NetworkBuilder(
    /// The settings of the lesson.
    settings: Settings,
    /// True if all blocks are bottlenecks.
    bottleneck: RwSignal<bool>,
    /// The stage of the block in the diagram, and whether that block is the first of the stage.
    #[prop(into)]
    diagrammed: Signal<(usize, bool)>,
    /// The kinds of block with their names.
    kinds: Vec<(bool, Signal<String>)>,
) -> impl IntoView {
    let words = use_i18n();
    let sliders: [NumberSetting; 4] =
        std::array::from_fn(|stage| settings.whole(STAGES[stage].0, TABLE[0].1[stage], [1, MAX_BLOCKS[stage]]));
    let blocks = Memo::new(move |_| sliders.map(NumberSetting::whole));
    let made = Memo::new(move |_| ResNetCosts::new(blocks.get(), bottleneck.get()).ok());
    let figure = move |value: fn(&ResNetCosts) -> u64| {
        Signal::derive(move || {
            let locale = words.get_locale();
            made.with(|made| made.as_ref().map_or_else(dash, |made| count(locale, value(made))))
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
        let is_built = move || blocks.get() == numbers && bottleneck.get() == kind;
        let build = move |_| {
            bottleneck.set(kind);
            sliders.iter().zip(numbers).for_each(|(setting, number)| setting.set(number as f64));
        };
        let preset_name = move || t_string!(words, residual_blocks.preset, depth = depth);
        view! {
            <button type="button" aria-pressed=move || is_built().to_string() aria-label=preset_name on:click=build>
                {depth}
            </button>
        }
    });
    let rows = STAGES.iter().enumerate().map(|(stage, &(_, stage_name, side))| {
        let number = move || blocks.get()[stage];
        let one = move |place: usize| {
            let is_diagrammed = move || diagrammed.get() == (stage, place == 0);
            let layers = move || (0..if bottleneck.get() { 3 } else { 2 }).map(|_| view! { <i></i> }).collect_view();
            view! {
                <span class="residual-cell" class:seen=is_diagrammed>
                    {layers}
                </span>
            }
        };
        let maps = move || (64 << stage) * if bottleneck.get() { 4 } else { 1 };
        view! {
            <div class="residual-row">
                <span class="mono">{stage_name}</span>
                <span class="mono soft">{move || format!("{}×{side}×{side}", maps())}</span>
                <span class="residual-cells">
                    <For each=move || 0..number() key=|place| *place children=one />
                </span>
            </div>
        }
    });
    let end_row = |name: &'static str, size: &'static str| {
        view! {
            <div class="residual-row">
                <span class="mono">{name}</span>
                <span class="mono soft">{size}</span>
                <span class="residual-cells">
                    <span class="residual-cell end">
                        <i></i>
                    </span>
                </span>
            </div>
        }
    };
    let slider = move |stage: usize| {
        let setting = sliders[stage];
        let name = Signal::derive(move || t_string!(words, residual_blocks.blocks_of, stage = STAGES[stage].1));
        view! { <Slider setting name text=move || count(words.get_locale(), setting.whole() as u64) /> }
    };
    let drawn = move || {
        let [a, b, c, d] = blocks.get();
        t_string!(words, residual_blocks.drawn, a = a, b = b, c = c, d = d)
    };
    view! {
        <p class="small soft">{t!(words, residual_blocks.builder)}</p>
        <div class="residual-presets">
            <div class="choice" role="group" aria-label=move || t_string!(words, residual_blocks.presets)>
                {presets.collect_view()}
            </div>
            <ChoiceButtons value=bottleneck name=move || t_string!(words, residual_blocks.all_blocks) options=kinds />
        </div>
        <div class="knobs residual-sliders">{(0..4).map(slider).collect_view()}</div>
        <div class="residual-network" role="img" aria-label=drawn>
            {end_row("conv1", "64×112×112")}
            {rows.collect_view()}
            {end_row("fc", "1000")}
        </div>
        <div class="facts">
            <Fact name=move || t_string!(words, residual_blocks.name) value=name />
            <Fact name=move || t_string!(words, residual_blocks.depth) value=figure(|made| made.depth as u64) how=sum />
            <Fact name=move || t_string!(words, residual_blocks.parameters) value=figure(|made| made.parameters) />
            <Fact name=move || t_string!(words, residual_blocks.macs) value=figure(|made| made.macs) />
        </div>
    }
}
