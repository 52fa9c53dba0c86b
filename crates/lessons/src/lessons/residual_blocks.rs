//! The two kinds of residual block, and the networks of 18 to 152 layers built from them.

mod builder;
mod diagram;

use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use words::i18n::use_i18n;

use self::builder::NetworkBuilder;
use self::diagram::BlockDiagram;
use crate::controls::{ChoiceButtons, Toggle};
use crate::fact::Fact;
use crate::settings::Settings;
use crate::text::dash;
use analysis::lesson::{BlockWeights, ResidualBlock};
use layerscope::app::wording::numbers::{compact, count};

/// The stages, by the channels of their 3x3 convolutions.
const WIDTHS: [(&str, usize); 4] = [("64", 0), ("128", 1), ("256", 2), ("512", 3)];
/// The kinds of block; true is the bottleneck.
const KINDS: [(&str, bool); 2] = [("basic", false), ("bottleneck", true)];

/// The body of the lesson.
#[component]
pub(super) fn ResidualBlocks(
    /// The settings of the lesson.
    settings: Settings,
) -> impl IntoView {
    let words = use_i18n();
    let bottleneck = settings.choice("kind", &KINDS);
    let stage = settings.choice("width", &WIDTHS);
    let first = settings.flag("first", false);
    let block = Memo::new(move |_| ResidualBlock::new(bottleneck.get(), stage.get(), first.get()).ok());
    let ways = Memo::new(move |_| BlockWeights::new(stage.get()).ok());
    let figure = move |value: fn(&ResidualBlock) -> u64| {
        Signal::derive(move || {
            let locale = words.get_locale();
            block.with(|block| block.as_ref().map_or_else(dash, |block| count(locale, value(block))))
        })
    };
    let kinds = move || {
        vec![
            (false, Signal::derive(move || t_string!(words, residual_blocks.basic).to_owned())),
            (true, Signal::derive(move || t_string!(words, residual_blocks.bottleneck).to_owned())),
        ]
    };
    let compared = move || {
        let (ways, locale) = (ways.get()?, words.get_locale());
        let width = 64 << stage.get();
        let (maps, wide) = (count(locale, 4 * width), count(locale, ways.wide));
        let (width, times) = (count(locale, width), compact(locale, ways.wide as f64 / ways.bottleneck as f64));
        let (basic, narrow) = (count(locale, ways.basic), count(locale, ways.bottleneck));
        Some(t_string!(
            words,
            residual_blocks.compared,
            width = width,
            basic = basic,
            maps = maps,
            narrow = narrow,
            wide = wide,
            times = times
        ))
    };
    let shortcut = move || {
        let block = block.get()?;
        Some(match block.projection {
            Some(conv) if conv.stride > 1 => t_string!(words, residual_blocks.projected_halved),
            Some(_) => t_string!(words, residual_blocks.projected),
            None if first.get() => t_string!(words, residual_blocks.first_but_same),
            None => t_string!(words, residual_blocks.same),
        })
    };
    let width_name = |stage: usize| Signal::derive(move || (64 << stage).to_string());
    view! {
        <div class="lesson-text residual-left">
            <p>{t!(words, residual_blocks.what)}</p>
            <p aria-live="polite">{compared}</p>
            <div class="lesson-figure">
                <div class="residual-choices">
                    <ChoiceButtons
                        value=bottleneck
                        name=move || t_string!(words, residual_blocks.kind)
                        options=kinds()
                    />
                    <Toggle value=first name=move || t_string!(words, residual_blocks.first) />
                    <div class="residual-width">
                        <span class="small soft" aria-hidden="true">
                            {t!(words, residual_blocks.width)}
                        </span>
                        <ChoiceButtons
                            value=stage
                            name=move || t_string!(words, residual_blocks.width)
                            options=WIDTHS.iter().map(|&(_, stage)| (stage, width_name(stage))).collect()
                        />
                    </div>
                </div>
                <BlockDiagram block />
                <p class="small soft" aria-live="polite">
                    {shortcut}
                </p>
                <div class="facts">
                    <Fact
                        name=move || t_string!(words, residual_blocks.block_parameters)
                        value=figure(|block| block.parameters)
                    />
                    <Fact name=move || t_string!(words, residual_blocks.block_macs) value=figure(|block| block.macs) />
                </div>
            </div>
        </div>
        <div class="lesson-figure">
            <NetworkBuilder settings bottleneck diagrammed=move || (stage.get(), first.get()) kinds=kinds() />
        </div>
    }
}
