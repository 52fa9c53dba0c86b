//! Small kernels: a stack of 3x3 layers compared with one layer of a larger kernel.

mod field_grid;
mod side_view;

use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use words::i18n::use_i18n;

use self::field_grid::FieldGrid;
use self::side_view::SideView;
use crate::controls::{ChoiceButtons, Slider};
use crate::fact::Fact;
use crate::notices::refusal_notice;
use crate::settings::Settings;
use crate::text::square;
use analysis::lesson::stacks::{ReceptiveFieldGrowth, Stack};
use layerscope::app::wording::numbers::{count, percent};

/// The kernel of the stack.
const SMALL: usize = 3;
/// The kernels of the single layer.
const LARGE: [(&str, usize); 4] = [("7", 7), ("5", 5), ("9", 9), ("11", 11)];
/// The most layers of the stack.
const MAX_LAYERS: usize = 5;
/// The pixels that the deepest stack visits: 1 + 9 + 25 + 49 + 81.
const MAX_VISITED: usize = 165;

/// A stack, and the single layer that it is compared with.
#[derive(Clone)]
struct StackPair {
    stack: Stack,
    single: Stack,
}

/// The body of the lesson.
#[component]
pub(super) fn SmallKernels(
    /// The settings of the lesson.
    settings: Settings,
) -> impl IntoView {
    let words = use_i18n();
    let large = settings.choice("against", &LARGE);
    let (layers, channels) = (settings.whole("layers", 3, [1, MAX_LAYERS]), settings.whole("channels", 64, [1, 512]));
    let visited = settings.whole("followed", MAX_VISITED, [0, MAX_VISITED]);
    let stacks = Memo::new_with_compare(
        move |_| {
            let (stack, single) =
                (Stack::new(SMALL, layers.whole(), channels.whole()), Stack::new(large.get(), 1, channels.whole()));
            stack.and_then(|stack| single.map(|single| StackPair { stack, single })).map_err(|error| error.to_string())
        },
        |_, _| true,
    );
    let total = Memo::new(move |_| {
        stacks.with(|stacks| stacks.as_ref().map_or(0, |stacks| ReceptiveFieldGrowth::total(&stacks.stack)))
    });
    let grown = Memo::new(move |_| {
        let visited = visited.whole();
        stacks.with(|stacks| {
            stacks.as_ref().ok().map(|stacks| {
                ReceptiveFieldGrowth::new(&stacks.stack, visited.min(ReceptiveFieldGrowth::total(&stacks.stack)))
            })
        })
    });
    let number = move |n: u64| count(words.get_locale(), n);
    let of = move |figure: fn(&StackPair) -> u64| {
        Signal::derive(move || stacks.with(|stacks| stacks.as_ref().map_or(0, figure)))
    };
    let (many, one) = (of(|stacks| stacks.stack.weights()), of(|stacks| stacks.single.weights()));
    let fields = Memo::new(move |_| {
        stacks.with(|stacks| stacks.as_ref().map_or((0, 0), |stacks| (stacks.stack.field(), stacks.single.field())))
    });
    let verdict = move || {
        let (stack, single) = fields.get();
        let (layers, seen) = (number(layers.whole() as u64), square(stack));
        match stack.cmp(&single) {
            std::cmp::Ordering::Equal => t_string!(words, small_kernels.equal, layers = layers, seen = seen),
            std::cmp::Ordering::Less => {
                t_string!(words, small_kernels.less, layers = layers, seen = seen, other = square(single))
            }
            std::cmp::Ordering::Greater => {
                t_string!(words, small_kernels.more, layers = layers, seen = seen, other = square(single))
            }
        }
    };
    let more = Signal::derive(move || {
        let (many, one) = (many.get() as f64, one.get() as f64);
        let change = one / many.max(1.0) - 1.0;
        let sign = if change < 0.0 { "−" } else { "+" };
        format!("{sign}{}", percent(words.get_locale(), change.abs(), 1))
    });
    // The weights as the paper writes them: a multiple of the squared number of channels.
    let squares = move |weights: Signal<u64>| {
        Signal::derive(move || {
            let c = channels.whole() as u64;
            format!("{}·{c}²", weights.get() / (c * c).max(1))
        })
    };
    let bar = move |weights: Signal<u64>| {
        move || format!("width:{:.2}%", weights.get() as f64 / many.get().max(one.get()).max(1) as f64 * 100.0)
    };
    let stack_name =
        Signal::derive(move || t_string!(words, small_kernels.stack, layers = number(layers.whole() as u64)));
    let single_name = Signal::derive(move || t_string!(words, small_kernels.single, kernel = square(large.get())));
    let follow = move |event| {
        let Ok(value) = event_target_value(&event).parse::<f64>() else { return };
        // The end of the slider stays the end, however many layers there are.
        let all = value >= total.get_untracked() as f64;
        visited.set(if all { MAX_VISITED as f64 } else { value });
    };
    let step = move || {
        grown
            .with(|grown| {
                let grown = grown.as_ref()?;
                let (layer, done, all) =
                    (number(grown.layer as u64), number(grown.of.0 as u64), number(grown.of.1 as u64));
                Some(t_string!(
                    words,
                    small_kernels.step,
                    layer = layer,
                    done = done,
                    all = all,
                    seen = number(grown.seen() as u64)
                ))
            })
            .unwrap_or_default()
    };
    let options = LARGE.map(|(_, kernel)| kernel);
    let mut options: Vec<usize> = options.to_vec();
    options.sort_unstable();
    let options =
        options.into_iter().map(|kernel| (kernel, Signal::derive(move || square(kernel)))).collect::<Vec<_>>();
    view! {
        <div class="lesson-text">
            <p>{t!(words, small_kernels.what)}</p>
            <p>{t!(words, small_kernels.paper_says)}</p>
            <p>{t!(words, small_kernels.any)}</p>
            <p aria-live="polite">
                <strong>{verdict}</strong>
            </p>
        </div>
        <div class="lesson-figure small-kernels">
            <div class="knobs">
                <Slider
                    setting=layers
                    name=move || t_string!(words, small_kernels.layers)
                    text=move || number(layers.whole() as u64)
                />
                <div class="against">
                    <span>{t!(words, small_kernels.against)}</span>
                    <ChoiceButtons value=large name=move || t_string!(words, small_kernels.against) options />
                </div>
            </div>
            <div class="fields">
                <div>
                    <FieldGrid
                        grown
                        layers=Signal::derive(move || layers.whole())
                        large=Signal::derive(move || large.get())
                    />
                </div>
                <SideView
                    fields=Signal::derive(move || {
                        stacks.with(|stacks| stacks.as_ref().map(|stacks| stacks.stack.fields()).unwrap_or_default())
                    })
                    single=Signal::derive(move || {
                        stacks.with(|stacks| stacks.as_ref().map(|stacks| stacks.single.fields()).unwrap_or_default())
                    })
                />
            </div>
            <label class="slider">
                <span class="slider-name">{t!(words, small_kernels.followed)}</span>
                <output class="mono">
                    {move || {
                        format!("{} / {}", number(visited.whole().min(total.get()) as u64), number(total.get() as u64))
                    }}
                </output>
                <input
                    type="range"
                    min="0"
                    max=move || total.get()
                    step="1"
                    prop:value=move || visited.whole().min(total.get()).to_string()
                    aria-label=move || t_string!(words, small_kernels.followed)
                    aria-valuetext=step
                    on:input=follow
                />
                <span class="small soft">{step}</span>
            </label>
            <div class="costs-of-c">
                <Slider
                    setting=channels
                    name=move || t_string!(words, small_kernels.channels)
                    text=move || number(channels.whole() as u64)
                />

                <div class="bars">
                    <span class="small">{move || stack_name.get()}</span>
                    <span class="bar">
                        <span style=bar(many)></span>
                    </span>
                    <span class="small">{move || single_name.get()}</span>
                    <span class="bar single">
                        <span style=bar(one)></span>
                    </span>
                </div>
            </div>
            <div class="facts">
                <Fact name=stack_name value=move || number(many.get()) how=squares(many) />
                <Fact name=single_name value=move || number(one.get()) how=squares(one) />
                <Fact name=move || t_string!(words, small_kernels.change) value=more />
                <Fact
                    name=move || t_string!(words, small_kernels.relus)
                    value=Signal::derive(move || {
                        let relus = of(|stacks| stacks.stack.relus() as u64).get();
                        format!("{} : {}", number(relus), number(of(|stacks| stacks.single.relus() as u64).get()))
                    })
                />
            </div>
            {move || stacks.with(|stacks| stacks.as_ref().err().cloned()).map(refusal_notice)}
        </div>
    }
}
