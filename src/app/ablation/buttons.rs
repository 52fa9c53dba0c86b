//! The buttons that switch off parts around the current map.

use leptos::prelude::*;
use leptos_i18n::{t, t_string, td_string};
use words::i18n::{Locale, use_i18n};

use super::answers::AnswerLine;
use crate::app::state::{AblationState, Page};
use crate::app::wording::parts::part_name;
use net::{AblationPart, Op};

/// Renders the button of a part: it switches the part off, or restores it if it is ablated.
fn button(
    ablation: AblationState,
    part: AblationPart,
    name: impl Fn(Locale) -> String + Send + Sync + 'static,
) -> AnyView {
    let words = use_i18n();
    let (asked, clicked) = (part.clone(), part);
    let is_ablated = Memo::new(move |_| ablation.ablations().read().scale(&asked).is_some());
    let name = move || {
        let part = name(words.get_locale());
        if is_ablated.get() {
            t_string!(words, ablation.restore, part = part)
        } else {
            t_string!(words, ablation.switch_off, part = part)
        }
    };
    let click = move |_| {
        if is_ablated.get_untracked() {
            ablation.restore(&clicked);
        } else {
            ablation.set(clicked.clone(), 0.0);
        }
    };
    view! {
        <button aria-pressed=move || is_ablated.get().to_string() on:click=click>
            {name}
        </button>
    }
    .into_any()
}

/// The part of the inspector that switches off parts of the network.
#[component]
pub(in crate::app) fn AblationButtons() -> impl IntoView {
    let (words, page) = (use_i18n(), expect_context::<Page>());
    let ablation = page.ablation;
    let current = Memo::new(move |_| page.selection.channel());
    let parts = move || {
        let (node, map) = current.get();
        let graph = page.network.graph().read();
        let parts = AblationPart::around(&graph, node, map);
        parts
            .into_iter()
            .map(|part| {
                let (graph, called) = (page.network.graph().get(), part.clone());
                button(ablation, part, move |locale| part_name(locale, &graph, &called))
            })
            .collect_view()
    };
    // The map that the kernel reads, counted from 1. A convolution has one kernel for each pair of maps.
    let from = RwSignal::new(1_usize);
    let kernel = Memo::new(move |_| {
        let ((node, map), graph) = (current.get(), page.network.graph().read());
        let read = matches!(graph.node(node).op, Op::Conv2d(_)).then(|| graph.input_maps_read(node, map))?;
        let wanted = from.get().saturating_sub(1);
        let nearest = read.clone().min_by_key(|map| map.abs_diff(wanted))?;
        Some((
            AblationPart::Kernel { node, map, from: nearest },
            nearest + 1,
            read.len(),
            read.last().map_or(1, |last| last + 1),
        ))
    });
    let kernels = move || {
        let (part, number, count, most) = kernel.get()?;
        if count < 2 {
            return None;
        }
        let change = move |event| {
            if let Ok(number) = event_target_value(&event).parse() {
                from.set(number);
            }
        };
        Some(view! {
            <div class="ablation-kernel">
                <label>
                    {t!(words, ablation.kernel)}" "
                    <input type="number" min="1" max=most.to_string() prop:value=number.to_string() on:change=change />
                </label>
                {button(ablation, part, move |locale| td_string!(locale, ablation.part.kernel_here, from = number))}
            </div>
        })
    };
    let times = move || {
        let ((node, map), effects) = (current.get(), ablation.effects().get());
        let factor = effects.factor(node, map);
        (factor.to_bits() != 1.0_f32.to_bits()).then(|| {
            let graph = page.network.graph().read();
            let (is_flat, factor_text) = (graph.node(node).shape.is_flat(), format!("{factor:.2}"));
            let text = match (is_flat, factor == 0.0) {
                (true, true) => t_string!(words, ablation.unit_off).to_owned(),
                (false, true) => t_string!(words, ablation.map_off).to_owned(),
                (true, false) => t_string!(words, ablation.unit_times, factor = factor_text),
                (false, false) => t_string!(words, ablation.map_times, factor = factor_text),
            };
            view! { <p class="ablation-note">{text}</p> }
        })
    };
    view! {
        <section class="ablation" aria-label=move || t_string!(words, ablation.title)>
            <h3 class="caps">{t!(words, ablation.title)}</h3>
            {times}
            <div class="ablation-parts">{parts}</div>
            {kernels}
            <AnswerLine />
        </section>
    }
}
