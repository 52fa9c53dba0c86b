//! A residual block as figure 5 of the paper draws it, with its numbers.

use leptos::prelude::*;
use leptos_i18n::{t_string, td_string};
use words::i18n::{Locale, use_i18n};

use analysis::lesson::{ConvolutionCosts, ResidualBlock};
use layerscope::app::wording::numbers::{compact, count};

/// The width of the drawing in its own units, about one CSS pixel each.
const WIDTH: f64 = 372.0;
/// The boxes of the branch: their left edge, their width and height, and the distance from one top to the next.
const LEFT: f64 = 2.0;
const BOX: (f64, f64) = (200.0, 39.0);
const STEP: f64 = 57.0;
/// Width and height of the box of a projection.
const BOX_BESIDE: (f64, f64) = (154.0, 55.0);
/// The top of the first box.
const TOP: f64 = 34.0;
/// The centre of the shortcut, and of the branch.
const BESIDE: f64 = 292.0;
const MIDDLE: f64 = LEFT + BOX.0 / 2.0;

/// Returns a convolution in three lines: its operation, its weights, its MACs.
fn lines(locale: Locale, conv: &ConvolutionCosts) -> [String; 3] {
    let ConvolutionCosts { kernel, stride, reads, gives, macs, parameters } = conv;
    let step = if *stride > 1 { format!(" /{stride}") } else { String::new() };
    let (parameters, macs) = (count(locale, parameters.value()), compact(locale, *macs as f64));
    [
        format!("{kernel}×{kernel}, {reads}→{}{step}", gives.chw().0),
        td_string!(locale, residual_blocks.cost_weights, count = parameters),
        td_string!(locale, residual_blocks.cost_macs, count = macs),
    ]
}

/// Draws a box centred at `x` with lines of text.
fn boxed(x: f64, y: f64, (width, height): (f64, f64), class: &'static str, lines: Vec<String>) -> impl IntoView {
    let line = |(place, text): (usize, String)| {
        let class = if place == 0 { "residual-conv" } else { "" };
        view! {
            <text x=x y=y + 17.0 + place as f64 * 15.5 class=class>
                {text}
            </text>
        }
    };
    view! {
        <g class=class>
            <rect x=x - width / 2.0 y=y width=width height=height rx="6"></rect>
            {lines.into_iter().enumerate().map(line).collect_view()}
        </g>
    }
}

/// Describes the block in words: the convolutions of its branch, then its shortcut.
fn description(locale: Locale, block: &ResidualBlock) -> String {
    let what = |conv: &ConvolutionCosts| {
        let [what, weights, macs] = lines(locale, conv);
        format!("{what} ({weights}, {macs})")
    };
    let branch = block.branch.iter().map(what).collect::<Vec<_>>().join("; ");
    let shortcut =
        block.projection.as_ref().map_or_else(|| td_string!(locale, residual_blocks.identity).to_owned(), what);
    td_string!(locale, residual_blocks.diagram, branch = branch, shortcut = shortcut)
}

/// A residual block: its convolutions, its shortcut, and the cost of each.
#[component]
pub(super) fn BlockDiagram(
    /// The block.
    block: Memo<Option<ResidualBlock>>,
) -> impl IntoView {
    let words = use_i18n();
    move || {
        let (block, locale) = (block.get()?, words.get_locale());
        let plus = TOP + block.branch.len() as f64 * STEP + 8.0;
        let height = plus + 34.0;
        let last = block.branch.len() - 1;
        let boxes = block.branch.iter().enumerate().map(|(place, conv)| {
            let y = TOP + place as f64 * STEP;
            let after = if place == last { "BN" } else { "BN · ReLU" };
            let [what, weights, macs] = lines(locale, conv);
            view! {
                {boxed(MIDDLE, y, BOX, "residual-box", vec![what, format!("{weights} · {macs}")])}
                <text x=MIDDLE + 8.0 y=y + BOX.1 + 13.0 class="residual-between">
                    {after}
                </text>
            }
        });
        let beside = (TOP + plus) / 2.0 - BOX_BESIDE.1 / 2.0;
        let projected = block.projection.as_ref().map(|conv| {
            view! {
                {boxed(BESIDE, beside, BOX_BESIDE, "residual-box projection", lines(locale, conv).to_vec())}
                <text x=BESIDE + 8.0 y=beside + BOX_BESIDE.1 + 14.0 class="residual-between">
                    "BN"
                </text>
            }
        });
        let identity = block.projection.is_none().then(|| {
            let y = beside + 12.0;
            view! {
                <text x=BESIDE - 8.0 y=y class="residual-identity">
                    {t_string!(words, residual_blocks.identity)}
                </text>
                <text x=BESIDE - 8.0 y=y + 17.0 class="residual-free">
                    {t_string!(words, residual_blocks.free)}
                </text>
            }
        });
        let size = |shape: net::Shape| {
            let (maps, height, width) = shape.chw();
            td_string!(
                locale,
                residual_blocks.maps,
                maps = count(locale, maps as u64),
                size = format!("{height}×{width}")
            )
        };
        let branch_path = format!("M{MIDDLE} 18 V{plus}");
        let shortcut_path = format!(
            "M{MIDDLE} 26 H{} Q{BESIDE} 26 {BESIDE} 38 V{} Q{BESIDE} {plus} {} {plus} H{}",
            BESIDE - 12.0,
            plus - 12.0,
            BESIDE - 12.0,
            MIDDLE + 11.0
        );
        Some(view! {
            <svg
                class="plot residual-block"
                viewBox=format!("0 0 {WIDTH} {height}")
                role="img"
                aria-label=description(locale, &block)
            >
                <path class="residual-road" d=branch_path></path>
                <path class="residual-road shortcut" d=shortcut_path></path>
                <text x=MIDDLE + 8.0 y="13" class="residual-between">
                    {format!("x: {}", size(block.reads))}
                </text>
                {boxes.collect_view()}
                {projected}
                {identity}
                <path class="residual-road" d=format!("M{MIDDLE} {plus} V{}", plus + 28.0)></path>
                <circle class="residual-plus" cx=MIDDLE cy=plus r="10"></circle>
                <path
                    class="residual-sign"
                    d=format!("M{} {plus} h10 M{MIDDLE} {} v10", MIDDLE - 5.0, plus - 5.0)
                ></path>
                <text x=MIDDLE + 16.0 y=plus + 27.0 class="residual-between">
                    {format!("ReLU · {}", size(block.gives))}
                </text>
            </svg>
        })
    }
}
