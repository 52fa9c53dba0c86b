//! Small kernels: a stack of 3x3 layers against one layer of a larger kernel.

mod field;

use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use words::i18n::use_i18n;

use self::field::{Fan, FieldGrid};
use crate::app::learn::address::Knobs;
use crate::app::learn::control::{Choice, Slider};
use crate::app::learn::figure::Fact;
use crate::app::learn::numbers::{count, percent};
use crate::app::learn::shown::refusal;
use analysis::lesson::stacks::{ReceptiveFieldGrowth, Stack};

/// The kernel of the stack.
const SMALL: usize = 3;
/// What it stands against.
const LARGE: [(&str, usize); 4] = [("7", 7), ("5", 5), ("9", 9), ("11", 11)];
/// Layers of the stack, at most.
const MOST_LAYERS: usize = 5;
/// As many pixels are followed for the deepest stack: 1 + 9 + 25 + 49 + 81.
const MOST_FOLLOWED: usize = 165;

/// A stack and the layer that it stands against.
#[derive(Clone)]
struct Match {
    stack: Stack,
    single: Stack,
}

/// A length of so many pixels, as a square.
fn square(side: usize) -> String {
    format!("{side}×{side}")
}

/// The lesson.
#[component]
pub(super) fn SmallKernels(
    /// What can be moved.
    knobs: Knobs,
) -> impl IntoView {
    let words = use_i18n();
    let large = knobs.choice("against", &LARGE);
    let (layers, channels) = (knobs.whole("layers", 3, [1, MOST_LAYERS]), knobs.whole("channels", 64, [1, 512]));
    let followed = knobs.whole("followed", MOST_FOLLOWED, [0, MOST_FOLLOWED]);
    let stacks = Memo::new_with_compare(
        move |_| {
            let (stack, single) =
                (Stack::new(SMALL, layers.whole(), channels.whole()), Stack::new(large.get(), 1, channels.whole()));
            stack.and_then(|stack| single.map(|single| Match { stack, single })).map_err(|error| error.to_string())
        },
        |_, _| true,
    );
    let total = Memo::new(move |_| {
        stacks.with(|stacks| stacks.as_ref().map_or(0, |stacks| ReceptiveFieldGrowth::total(&stacks.stack)))
    });
    let grown = Memo::new(move |_| {
        let followed = followed.whole();
        stacks.with(|stacks| {
            stacks.as_ref().ok().map(|stacks| {
                ReceptiveFieldGrowth::new(&stacks.stack, followed.min(ReceptiveFieldGrowth::total(&stacks.stack)))
            })
        })
    });
    let number = move |n: u64| count(words.get_locale(), n);
    let of = move |figure: fn(&Match) -> u64| {
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
    // Weights as the paper writes them: so many times the square of the channels.
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
        // All of them stay all of them, however many layers there are.
        let all = value >= total.get_untracked() as f64;
        followed.set(if all { MOST_FOLLOWED as f64 } else { value });
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
            <p aria-live="polite"><strong>{verdict}</strong></p>
        </div>
        <div class="lesson-figure small-kernels">
            <div class="knobs">
                <Slider knob=layers name=Signal::derive(move || t_string!(words, small_kernels.layers).to_owned())
                    shown=Signal::derive(move || number(layers.whole() as u64))/>
                <div class="against">
                    <span>{t!(words, small_kernels.against)}</span>
                    <Choice value=large name=Signal::derive(move || t_string!(words, small_kernels.against).to_owned()) options/>
                </div>
            </div>
            <div class="fields">
                <div>
                    <FieldGrid grown layers=Signal::derive(move || layers.whole()) large=Signal::derive(move || large.get())/>
                </div>
                <Fan fields=Signal::derive(move || stacks.with(|stacks| stacks.as_ref().map(|stacks| stacks.stack.fields()).unwrap_or_default()))
                    single=Signal::derive(move || stacks.with(|stacks| stacks.as_ref().map(|stacks| stacks.single.fields()).unwrap_or_default()))/>
            </div>
            <label class="slider">
                <span class="slider-name">{t!(words, small_kernels.followed)}</span>
                <output class="mono">{move || format!("{} / {}", number(followed.whole().min(total.get()) as u64), number(total.get() as u64))}</output>
                <input type="range" min="0" max=move || total.get() step="1" prop:value=move || followed.whole().min(total.get()).to_string()
                    aria-label=move || t_string!(words, small_kernels.followed) aria-valuetext=step on:input=follow/>
                <span class="small soft">{step}</span>
            </label>
            <div class="costs-of-c">
                <Slider knob=channels name=Signal::derive(move || t_string!(words, small_kernels.channels).to_owned())
                    shown=Signal::derive(move || number(channels.whole() as u64))/>

            <div class="bars">
                <span class="small">{move || stack_name.get()}</span>
                <span class="bar"><span style=bar(many)></span></span>
                <span class="small">{move || single_name.get()}</span>
                <span class="bar single"><span style=bar(one)></span></span>
            </div>
            </div>
            <div class="facts">
                <Fact name=stack_name value=Signal::derive(move || number(many.get())) how=squares(many)/>
                <Fact name=single_name value=Signal::derive(move || number(one.get())) how=squares(one)/>
                <Fact name=Signal::derive(move || t_string!(words, small_kernels.change).to_owned()) value=more/>
                <Fact name=Signal::derive(move || t_string!(words, small_kernels.relus).to_owned())
                    value=Signal::derive(move || {
                        let relus = of(|stacks| stacks.stack.relus() as u64).get();
                        format!("{} : {}", number(relus), number(of(|stacks| stacks.single.relus() as u64).get()))
                    })/>
            </div>
            {move || stacks.with(|stacks| stacks.as_ref().err().cloned()).map(refusal)}
        </div>
    }
}
