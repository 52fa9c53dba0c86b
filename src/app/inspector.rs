//! What is to be known of the layer and the map in focus.

use leptos::prelude::*;

use super::format::{arithmetic, decimal, grouped};
use super::histogram::Histogram;
use super::lab::Lab;
use super::picture::{Cells, Picture};
use super::pixel::Pixel;
use crate::engine::Extent;
use crate::net::{Graph, NodeId, Op};
use crate::paint::Ramp;
use crate::stage::grid;
use crate::weights::Weights;

/// One picture of weights: of which input map, and its cells.
type Kernel = (String, Cells);

/// The most kernels shown of one map.
const MOST_KERNELS: usize = 16;

/// The weights that make one map, as pictures.
fn kernels(graph: &Graph, weights: &Weights, node: NodeId, channel: usize) -> Vec<Kernel> {
    let this = graph.node(node);
    let Some(array) = weights.get(&format!("{}.weight", this.name)) else { return Vec::new() };
    let per_channel: usize = array.dims.iter().skip(1).product();
    let Some(own) = array.values.get(channel * per_channel..(channel + 1) * per_channel) else { return Vec::new() };
    let most = own.iter().fold(0.0_f32, |m, v| m.max(v.abs()));
    let extent = Extent { min: -most, max: most };
    let input = graph.input_shape(node);
    let cells = |values: &[f32], columns: usize| Cells { values: values.to_vec(), columns, ramp: Ramp::Weight, extent };
    match &this.op {
        Op::Conv2d(conv) => {
            let area = conv.window.kernel * conv.window.kernel;
            let read = this.op.operation().map(|op| op.channels_read(&[input], 0, channel)).unwrap_or_default();
            let slot = |place: usize, map: usize| if conv.connections.is_some() { map } else { place };
            read.iter()
                .enumerate()
                .take(MOST_KERNELS)
                .filter_map(|(place, &map)| {
                    let start = slot(place, map) * area;
                    let name = format!("kernel for input map {}", map + 1);
                    Some((name, cells(own.get(start..start + area)?, conv.window.kernel)))
                })
                .collect()
        }
        Op::Linear(_) => {
            let (columns, rows) = grid(crate::net::Shape::Vector(own.len()));
            if columns * rows == own.len() { vec![("its weights".to_owned(), cells(own, columns))] } else { Vec::new() }
        }
        _ => Vec::new(),
    }
}

/// The right column.
#[component]
pub(super) fn Inspector() -> impl IntoView {
    let lab = expect_context::<Lab>();
    let focus = Memo::new(move |_| {
        let (node, map, _) = lab.focus();
        let graph = lab.graph.read();
        let node = if node.0 < graph.nodes.len() { node } else { NodeId(0) };
        let channel = lab.spot().and_then(|s| s.locate(&graph)).map_or(map, |(channel, ..)| channel);
        (node, map, channel.min(graph.node(node).shape.chw().0 - 1))
    });
    let title = move || {
        let (node, map, _) = focus.get();
        let graph = lab.graph.read();
        let this = graph.node(node);
        if this.shape.is_flat() || node.0 == 0 {
            this.name.clone()
        } else {
            format!("{} · map {}", this.name, map + 1)
        }
    };
    let sentence = move || {
        let (node, _, channel) = focus.get();
        let graph = lab.graph.read();
        reads(&graph, node, channel).unwrap_or_else(|| graph.sentence(node))
    };
    let facts = move || {
        let (node, _, channel) = focus.get();
        let graph = lab.graph.read();
        facts(&graph, node, channel)
            .into_iter()
            .map(|(name, value)| view! { <dt>{name}</dt><dd>{value}</dd> })
            .collect_view()
    };
    let values = Signal::derive(move || {
        let frame = lab.frame.read();
        frame.as_ref().map(|f| f.map.2.clone()).unwrap_or_default()
    });
    let spread = move || {
        let values = values.read();
        let extent = Extent::of(&values);
        if extent.is_empty() {
            return None;
        }
        let mean = values.iter().map(|&v| f64::from(v)).sum::<f64>() / values.len() as f64;
        Some(view! {
            <dl class="facts spread">
                <dt>"least"</dt><dd>{decimal(extent.min, 3)}</dd>
                <dt>"mean"</dt><dd>{decimal(mean as f32, 3)}</dd>
                <dt>"greatest"</dt><dd>{decimal(extent.max, 3)}</dd>
            </dl>
        })
    };
    let pictures = Memo::new(move |_| {
        let (node, _, channel) = focus.get();
        lab.weights.get().map(|weights| kernels(&lab.graph.read(), &weights, node, channel)).unwrap_or_default()
    });
    let kernel_views = move || {
        let kernels = pictures.get();
        (!kernels.is_empty()).then(|| {
            let scale = if kernels.iter().any(|(_, c)| c.columns > 8) { 6.0 } else { 8.0 };
            view! {
                <h3 class="caps">"Weights"</h3>
                <div class="kernels">
                    {kernels.into_iter().map(|(name, cells)| {
                        let cells = Signal::stored(Some(cells));
                        view! { <Picture cells name=name scale/> }
                    }).collect_view()}
                </div>
            }
        })
    };
    view! {
        <aside class="side inspector" aria-label="Inspector">
            <h2 class="caps">{title}</h2>
            <p class="lead">{sentence}</p>
            <dl class="facts">{facts}</dl>
            <Pixel/>
            <h3 class="caps">"Values of this map"</h3>
            <Histogram values/>
            {spread}
            {kernel_views}
        </aside>
    }
}

/// For a map that reads only some maps before it: which.
fn reads(graph: &Graph, node: NodeId, channel: usize) -> Option<String> {
    let this = graph.node(node);
    let Op::Conv2d(conv) = &this.op else { return None };
    conv.connections?;
    let input = this.inputs.first()?;
    let maps: Vec<String> = conv.connections?.get(channel)?.iter().map(|map| (map + 1).to_string()).collect();
    let (last, rest) = maps.split_last()?;
    Some(format!(
        "Reads {} maps {} and {last}: {} of {}, by Table I of the paper.",
        graph.node(*input).name,
        rest.join(", "),
        maps.len(),
        graph.input_shape(node).chw().0
    ))
}

/// Names and values, in order.
fn facts(graph: &Graph, node: NodeId, channel: usize) -> Vec<(&'static str, String)> {
    let this = graph.node(node);
    let input = graph.input_shape(node);
    let shape = match this.shape {
        crate::net::Shape::Maps { channels, height, width } => format!("{channels} × {height} × {width}"),
        crate::net::Shape::Vector(n) => n.to_string(),
    };
    let mut out = vec![("Operation", this.op.title().to_owned()), ("Shape", shape)];
    let parameters = graph.parameters(node);
    if parameters.value() > 0 {
        out.push(("Parameters", format!("{} = {}", arithmetic(&parameters.to_string()), grouped(parameters.value()))));
        if let Some(op) = this.op.operation() {
            let own = op.parameters_of_channel(input, channel);
            let word = if this.shape.is_flat() { "of this unit" } else { "of this map" };
            out.push((word, format!("{} = {}", arithmetic(&own.to_string()), grouped(own.value()))));
        }
    } else if node.0 > 0 {
        out.push(("Parameters", "none to train".to_owned()));
    }
    let macs = graph.macs(node);
    if macs.value() > 0 {
        out.push(("MACs", format!("{} = {}", arithmetic(&macs.to_string()), grouped(macs.value()))));
    }
    let (_, height, _) = graph.input.shape.chw();
    let size = this.receptive.size.min(height);
    if node.0 > 0 {
        out.push(("Sees", format!("{size} × {size} of the input")));
    }
    out
}
