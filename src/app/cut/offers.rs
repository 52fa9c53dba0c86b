//! What can be cut of what is looked at, a button each.

use leptos::prelude::*;

use super::Cutting;
use super::answers::Line;
use crate::app::lab::Lab;
use crate::net::{Op, Part};

/// The button of a part: switches it off, or restores it where it is cut.
fn button(cutting: Cutting, part: Part, words: String) -> AnyView {
    let (asked, clicked) = (part.clone(), part);
    let is_cut = Memo::new(move |_| cutting.cuts.read().scale(&asked).is_some());
    let name = move || format!("{} {words}", if is_cut.get() { "Restore" } else { "Switch off" });
    let click = move |_| {
        if is_cut.get_untracked() {
            cutting.restore(&clicked);
        } else {
            cutting.set(clicked.clone(), 0.0);
        }
    };
    view! { <button aria-pressed=move || is_cut.get().to_string() on:click=click>{name}</button> }.into_any()
}

/// The part of the inspector in which things are cut.
#[component]
pub(in crate::app) fn Offers() -> impl IntoView {
    let lab = expect_context::<Lab>();
    let cutting = lab.cutting;
    let focus = Memo::new(move |_| lab.channel());
    let parts = move || {
        let (node, map) = focus.get();
        let graph = lab.graph.read();
        let parts = Part::around(&graph, node, map);
        parts
            .into_iter()
            .map(|part| {
                let words = part.words(&graph);
                button(cutting, part, words)
            })
            .collect_view()
    };
    // Of a convolution one kernel, by the map that it reads.
    let from = RwSignal::new(1_usize);
    let kernel = Memo::new(move |_| {
        let ((node, map), graph) = (focus.get(), lab.graph.read());
        let read = matches!(graph.node(node).op, Op::Conv2d(_)).then(|| graph.maps_read(node, map))?;
        let wanted = from.get().saturating_sub(1);
        let nearest = read.iter().copied().min_by_key(|map| map.abs_diff(wanted))?;
        Some((
            Part::Kernel { node, map, from: nearest },
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
        let words = format!("the kernel for input map {number}");
        let change = move |event| {
            if let Ok(number) = event_target_value(&event).parse() {
                from.set(number);
            }
        };
        Some(view! {
            <div class="cut-kernel">
                <label>"Kernel for input map "
                    <input type="number" min="1" max=most.to_string() prop:value=number.to_string() on:change=change/>
                </label>
                {button(cutting, part, words)}
            </div>
        })
    };
    let times = move || {
        let ((node, map), effects) = (focus.get(), cutting.effects.get());
        let factor = effects.factor(node, map);
        (factor.to_bits() != 1.0_f32.to_bits()).then(|| {
            let graph = lab.graph.read();
            let word = if graph.node(node).shape.is_flat() { "unit" } else { "map" };
            let words = if factor == 0.0 {
                format!("This {word} is switched off: the next layer reads zeros.")
            } else {
                format!("This {word} is multiplied by {factor:.2} before the next layer reads it.")
            };
            view! { <p class="cut-note">{words}</p> }
        })
    };
    view! {
        <section class="cut" aria-label="Cut and see">
            <h3 class="caps">"Cut and see"</h3>
            {times}
            <div class="cut-parts">{parts}</div>
            {kernels}
            <Line/>
        </section>
    }
}
