//! The choice of networks, engines and limits.

use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use words::i18n::use_i18n;

use super::plan::TimingPlan;
use engine::EngineKind;
use net::{FAMILIES, FamilyInfo};

/// The choice of networks, engines and limits.
#[component]
pub(super) fn Choices(
    /// The plan to change.
    plan: RwSignal<TimingPlan>,
) -> impl IntoView {
    let words = use_i18n();
    let network = move |name: &'static str| {
        let chosen = move || plan.read().networks.iter().any(|network| network == name);
        let choose = move |_| {
            plan.update(|plan| {
                let was_chosen = |known: &str| plan.networks.iter().any(|network| network == known);
                // The networks keep the order of the table, whatever the order of the clicks.
                let now = net::names().filter(|&known| was_chosen(known) != (known == name));
                plan.networks = now.map(str::to_owned).collect();
            });
        };
        view! {
            <label>
                <input type="checkbox" prop:checked=chosen on:change=choose />
                {name}
            </label>
        }
    };
    let family = move |family: FamilyInfo| {
        let own = |name: &&str| family.variants.iter().any(|(variant, _)| variant == name);
        view! {
            <fieldset>
                <legend>{family.title}</legend>
                {net::names().filter(own).map(network).collect_view()}
            </fieldset>
        }
    };
    let engine = move |(one, title): (EngineKind, &'static str)| {
        let chosen = move || plan.read().engines.contains(&one);
        let choose = move |_| {
            plan.update(|plan| {
                let all = EngineKind::ALL.into_iter();
                plan.engines = all.filter(|known| plan.engines.contains(known) != (*known == one)).collect();
            });
        };
        view! {
            <label>
                <input type="checkbox" prop:checked=chosen on:change=choose />
                {title}
            </label>
        }
    };
    let passes = move |event| {
        if let Ok(passes @ 1..) = event_target_value(&event).parse() {
            plan.update(|plan| plan.passes = passes);
        }
    };
    let seconds = move |event| {
        if let Some(seconds) = event_target_value(&event).parse::<f64>().ok().filter(|seconds| *seconds > 0.0) {
            plan.update(|plan| plan.seconds = seconds);
        }
    };
    view! {
        <div class="choices">
            {FAMILIES.map(family)} <fieldset>
                <legend>{t!(words, bench.engines)}</legend>
                {[(EngineKind::Gpu, "WebGPU"), (EngineKind::Cpu, "CPU")].map(engine)}
            </fieldset> <fieldset>
                <legend>{t!(words, bench.at_most)}</legend>
                <label>
                    <input
                        type="number"
                        min="1"
                        max="1000"
                        aria-label=move || t_string!(words, bench.passes_name)
                        prop:value=move || plan.read().passes
                        on:change=passes
                    />
                    {t!(words, bench.passes)}
                </label>
                <label>
                    <input
                        type="number"
                        min="1"
                        max="600"
                        aria-label=move || t_string!(words, bench.seconds_name)
                        prop:value=move || plan.read().seconds
                        on:change=seconds
                    />
                    {t!(words, bench.seconds)}
                </label>
            </fieldset>
        </div>
    }
}
