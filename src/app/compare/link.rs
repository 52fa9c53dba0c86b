//! The comparison as an address.

use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::UrlSearchParams;

use super::charts::BARS;
use super::notice::Notice;
use super::{Comparison, FEWEST, MOST, NETWORKS};
use crate::app::language::PARAMETER;
use analysis::compare::chart::Scaling;
use analysis::compare::{Cost, Measure, SortOrder};
use net;

/// Takes the comparison from the address, and gives what of it cannot be taken.
pub(super) fn open(comparison: Comparison) -> Vec<Notice> {
    let search = window().location().search().unwrap_or_default();
    let mut notices = Vec::new();
    let Ok(parameters) = UrlSearchParams::new_with_str(&search) else { return notices };
    let get = |name: &str| parameters.get(name);
    if let Some(asked) = get("net") {
        let asked: Vec<&str> = asked.split(',').filter(|name| !name.is_empty()).collect();
        let mut known: Vec<&'static str> = net::names().filter(|name| asked.contains(name)).collect();
        let unknown: Vec<&str> = asked.iter().filter(|name| !known.contains(name)).copied().collect();
        if !unknown.is_empty() {
            notices.push(Notice::Unknown(unknown.join(", ")));
        }
        if known.len() > MOST {
            known.truncate(MOST);
            notices.push(Notice::TooMany);
        }
        if known.len() < FEWEST {
            notices.push(Notice::TooFew);
            known = NETWORKS.to_vec();
        }
        comparison.chosen.set(known);
    }
    if let Some(order) = get("sort").and_then(|text| SortOrder::from_link(&text)) {
        comparison.order.set(order);
    }
    let chosen = comparison.chosen.get_untracked();
    comparison.baseline.set(get("base").filter(|name| chosen.iter().any(|known| known == name)));
    comparison.side.set(get("side").as_deref() != Some("0"));
    if get("scale").as_deref() == Some(Scaling::Log.name()) {
        comparison.scaling.set(Scaling::Log);
    }
    if let Some(measure) = get("bars").and_then(|name| Measure::named(&name)).filter(|measure| BARS.contains(measure)) {
        comparison.measure.set(measure);
    }
    if let Some(cost) = get("along").and_then(|name| Cost::named(&name)) {
        comparison.cost.set(cost);
    }
    comparison.shared.set(get("shared").as_deref() == Some("1"));
    let pairs = get("blocks").unwrap_or_default();
    let pair = |text: &str| {
        let (network, block) = text.split_once(':')?;
        let shown = untrack(|| comparison.find(network))?;
        shown.blocks.iter().any(|known| known.name == block).then(|| (network.to_owned(), block.to_owned()))
    };
    comparison.blocks.set(pairs.split(',').filter_map(pair).collect());
    notices
}

/// The comparison as the part of an address after the path.
fn address(comparison: Comparison, language: Option<&str>) -> String {
    let mut parts = vec![format!("net={}", comparison.chosen.read().join(","))];
    parts.extend(comparison.order.get().to_link().map(|order| format!("sort={order}")));
    // A file of one device means nothing on another.
    let baseline = comparison.baseline.get().filter(|key| !key.starts_with('/'));
    parts.extend(baseline.map(|name| format!("base={name}")));
    parts.extend((!comparison.side.get()).then(|| "side=0".to_owned()));
    let (scaling, measure, cost) = (comparison.scaling.get(), comparison.measure.get(), comparison.cost.get());
    parts.extend((scaling != Scaling::default()).then(|| format!("scale={}", scaling.name())));
    parts.extend((measure != Measure::Parameters).then(|| format!("bars={}", measure.name())));
    parts.extend((cost != Cost::Parameters).then(|| format!("along={}", cost.name())));
    parts.extend(comparison.shared.get().then(|| "shared=1".to_owned()));
    let blocks = comparison.blocks.read();
    let chosen = blocks.iter().filter(|(network, _)| comparison.chosen.read().contains(&network.as_str()));
    let pairs: Vec<String> = chosen.map(|(network, block)| format!("{network}:{block}")).collect();
    parts.extend((!pairs.is_empty()).then(|| format!("blocks={}", pairs.join(","))));
    parts.extend(language.map(|language| format!("{PARAMETER}={language}")));
    format!("?{}", parts.join("&"))
}

/// Has the address follow the comparison and the language that a person has chosen; what was wrong with the one it was opened by is then no longer said.
pub(super) fn keep(comparison: Comparison, language: Signal<Option<String>>, notices: RwSignal<Vec<Notice>>) {
    let written = Memo::new(move |_| (address(comparison, None), address(comparison, language.read().as_deref())));
    Effect::new(move |before: Option<(String, String)>| {
        let now = written.get();
        // The address with which the page was opened is left as it is until something changes.
        if let Some(before) = before.filter(|before| *before != now) {
            if before.0 != now.0 {
                notices.set(Vec::new());
            }
            if let Ok(history) = window().history() {
                // An address that stays behind is no loss to what is shown.
                let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&now.1));
            }
        }
        now
    });
}
