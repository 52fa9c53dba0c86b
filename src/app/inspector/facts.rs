//! The facts on a node in words: its inputs, its shape, its costs and its time.

use leptos::prelude::*;
use leptos_i18n::td_string;
use words::i18n::Locale;

use crate::app::state::Page;
use crate::app::wording::format::{arithmetic, grouped, milliseconds, percent};
use crate::app::wording::operations::title as operation;
use net::{Graph, NodeId, Op};

/// Returns a sentence that names the input maps of a channel, if it reads only some of them, as in LeNet-5.
pub(super) fn describe_connections(locale: Locale, graph: &Graph, node: NodeId, channel: usize) -> Option<String> {
    let this = graph.node(node);
    let Op::Conv2d(conv) = &this.op else { return None };
    conv.connections?;
    let input = this.inputs.first()?;
    let maps: Vec<String> = conv.connections?.get(channel)?.iter().map(|map| (map + 1).to_string()).collect();
    let (last, rest) = maps.split_last()?;
    Some(td_string!(
        locale,
        inspector.reads,
        layer = graph.node(*input).name.as_str(),
        rest = rest.join(", "),
        last = last,
        count = maps.len(),
        all = graph.input_shape(node).chw().0
    ))
}

/// Returns the time of a node in the last pass and its share of the pass, if layers were timed.
pub(super) fn time(locale: Locale, page: Page, node: NodeId) -> Option<(&'static str, String)> {
    let readout = page.run.readout().get()?;
    let all: f64 = readout.times.iter().map(|(_, ms)| ms).sum();
    let (_, own) = readout.times.iter().find(|(of, _)| *of == node)?;
    let (time, share) = (milliseconds(*own), percent((own / all.max(f64::MIN_POSITIVE)) as f32));
    let value = td_string!(locale, inspector.fact.time_value, time = time, share = share);
    Some((td_string!(locale, inspector.fact.time), value))
}

/// Returns the facts on a node as names and values, in order.
pub(super) fn facts(locale: Locale, graph: &Graph, node: NodeId, channel: usize) -> Vec<(&'static str, String)> {
    let this = graph.node(node);
    let input = graph.input_shape(node);
    let shape = match this.shape {
        net::Shape::Maps { channels, height, width } => format!("{channels} × {height} × {width}"),
        net::Shape::Vector(n) => n.to_string(),
    };
    let mut out = vec![
        (td_string!(locale, inspector.fact.operation), operation(locale, &this.op).to_owned()),
        (td_string!(locale, inspector.fact.shape), shape),
    ];
    let parameters = graph.parameters(node);
    if parameters.value() > 0 {
        let sum = format!("{} = {}", arithmetic(&parameters.to_string()), grouped(parameters.value()));
        out.push((td_string!(locale, inspector.fact.parameters), sum));
        if let Some(op) = this.op.operation() {
            let own = op.parameters_of_channel(input, channel);
            let word = if this.shape.is_flat() {
                td_string!(locale, inspector.fact.of_unit)
            } else {
                td_string!(locale, inspector.fact.of_map)
            };
            out.push((word, format!("{} = {}", arithmetic(&own.to_string()), grouped(own.value()))));
        }
    } else if node.0 > 0 {
        let none = td_string!(locale, inspector.fact.none).to_owned();
        out.push((td_string!(locale, inspector.fact.parameters), none));
    }
    let macs = graph.macs(node);
    if macs.value() > 0 {
        out.push((
            td_string!(locale, measures.macs.title),
            format!("{} = {}", arithmetic(&macs.to_string()), grouped(macs.value())),
        ));
    }
    let (_, height, _) = graph.input.shape.chw();
    let size = this.receptive.size.min(height);
    if node.0 > 0 {
        let value = td_string!(locale, inspector.fact.sees_value, size = size);
        out.push((td_string!(locale, inspector.fact.sees), value));
    }
    out
}
