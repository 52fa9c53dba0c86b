//! The inspector: facts, values and weights of the current layer and map.

mod histogram;
pub(super) mod pixel;

use leptos::prelude::*;
use leptos_i18n::{t, t_string, td_string};
use words::i18n::{Locale, use_i18n};

use super::ablation::{self, AblationButtons};
use super::components::deferred::Deferred;
use super::components::picture::{Cells, Picture};
use super::header::side_page::page_address;
use super::insight::InsightView;
use super::learn::title;
use super::state::{InsightValues, Page};
use super::wording::format::{arithmetic, decimal, grouped, milliseconds, percent};
use super::wording::operations::{sentence as sentence_of, title as operation};
use analysis::lesson::{lesson, lessons_at};
use engine::Extent;
use histogram::Histogram;
use net::{Graph, NodeId, Op};
use pixel::Pixel;
use scene::paint::Ramp;
use scene::{ChannelParameters, Insight, grid};

/// A picture of weights with its accessible name.
type NamedKernel = (String, KernelPicture);

/// A picture of weights.
#[derive(Clone, PartialEq)]
enum KernelPicture {
    /// Cells in the signed colours of weights, from blue to orange.
    Signed(Cells),
    /// A kernel over the three channels of a photo as colours: pixels row-major, and the count of pixels in a row.
    Coloured(Vec<[u8; 3]>, usize),
}

/// The most kernels that are shown for one map.
const MAX_KERNELS: usize = 16;

/// Returns a kernel of three channels, `[channels, height, width]`, as colours, row-major. A weight of zero is grey,
/// `most` is full light, and `-most` is no light.
fn to_colours(own: &[f32], area: usize, most: f32) -> Vec<[u8; 3]> {
    let light = |value: f32| (127.5 + 127.5 * value / most.max(f32::MIN_POSITIVE)).round() as u8;
    (0..area).map(|pixel| [0, 1, 2].map(|channel| light(own[channel * area + pixel]))).collect()
}

/// Returns the weights of one map as pictures: a picture for each kernel, or one for all inputs of a unit.
fn kernels(locale: Locale, graph: &Graph, row: &ChannelParameters) -> Vec<NamedKernel> {
    let (node, channel) = (row.node, row.channel);
    let Some(this) = graph.nodes.get(node.0) else { return Vec::new() };
    let Some(own) = row.get("weight") else { return Vec::new() };
    let most = own.iter().fold(0.0_f32, |m, v| m.max(v.abs()));
    let extent = Extent { min: -most, max: most };
    let cells = |values: &[f32], columns: usize| {
        KernelPicture::Signed(Cells { values: values.to_vec(), columns, ramp: Ramp::Weight, extent })
    };
    match &this.op {
        Op::Conv2d(conv) => {
            let area = conv.window.kernel * conv.window.kernel;
            if this.inputs.first().is_some_and(|input| input.0 == 0) && own.len() == 3 * area {
                let picture = KernelPicture::Coloured(to_colours(own, area, most), conv.window.kernel);
                return vec![(td_string!(locale, inspector.kernel_rgb).to_owned(), picture)];
            }
            graph
                .input_maps_read(node, channel)
                .enumerate()
                .take(MAX_KERNELS)
                .filter_map(|(place, map)| {
                    let start = conv.slot(place, map) * area;
                    let name = td_string!(locale, inspector.kernel, map = map + 1);
                    Some((name, cells(own.get(start..start + area)?, conv.window.kernel)))
                })
                .collect()
        }
        Op::Linear(_) => {
            let (columns, rows) = grid(net::Shape::Vector(own.len()));
            if columns * rows == own.len() {
                vec![(td_string!(locale, inspector.weights_of).to_owned(), cells(own, columns))]
            } else {
                Vec::new()
            }
        }
        _ => Vec::new(),
    }
}

/// Returns the size of the cells of a picture, in CSS pixels.
fn cell_size(columns: usize) -> f32 {
    match columns {
        0..=8 => 8.0,
        9..=40 => 6.0,
        _ => 240.0 / columns as f32,
    }
}

/// The inspector in the right column.
#[component]
pub(super) fn Inspector() -> impl IntoView {
    let (words, page) = (use_i18n(), expect_context::<Page>());
    let current = Memo::new(move |_| {
        let ((node, channel), (_, map, _)) = (page.selection.channel(), page.selection.current());
        (node, map, channel)
    });
    let heading = move || {
        let (node, map, _) = current.get();
        let graph = page.network.graph().read();
        let this = graph.node(node);
        if this.shape.is_flat() || node.0 == 0 {
            this.name.clone()
        } else {
            t_string!(words, inspector.heading, layer = this.name.clone(), map = map + 1)
        }
    };
    let sentence = move || {
        let (node, _, channel) = current.get();
        let graph = page.network.graph().read();
        let locale = words.get_locale();
        describe_connections(locale, &graph, node, channel)
            .unwrap_or_else(|| sentence_of(locale, &page.view.scene().read(), &graph, node))
    };
    let facts = move || {
        let (node, _, channel) = current.get();
        let graph = page.network.graph().read();
        let locale = words.get_locale();
        facts(locale, &graph, node, channel)
            .into_iter()
            .chain(time(locale, page, node))
            .map(|(name, value)| view! { <dt>{name}</dt><dd>{value}</dd> })
            .collect_view()
    };
    let values = Signal::derive(move || {
        let readout = page.run.readout().read();
        readout.as_ref().map(|readout| readout.map.2.clone()).unwrap_or_default()
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
                <dt>{t!(words, inspector.least)}</dt><dd>{decimal(extent.min, 3)}</dd>
                <dt>{t!(words, inspector.mean)}</dt><dd>{decimal(mean as f32, 3)}</dd>
                <dt>{t!(words, inspector.greatest)}</dt><dd>{decimal(extent.max, 3)}</dd>
            </dl>
        })
    };
    let pictures = Memo::new(move |_| {
        let (node, _, channel) = current.get();
        let row = page.ablation.row().get().filter(|row| (row.node, row.channel) == (node, channel));
        row.map(|row| kernels(words.get_locale(), &page.network.graph().read(), &row)).unwrap_or_default()
    });
    let kernel_views = move || {
        let kernels = pictures.get();
        let left_out = page
            .ablation
            .row()
            .read()
            .as_ref()
            .map_or(0, |row| count_maps_read(&page.network.graph().read(), row))
            .saturating_sub(MAX_KERNELS);
        let left_out = (kernels.len() == MAX_KERNELS && left_out > 0)
            .then(|| view! { <p class="soft small">{t_string!(words, inspector.more, count = left_out)}</p> });
        (!kernels.is_empty()).then(|| {
            view! {
                <h3 class="caps">{t!(words, inspector.weights)}</h3>
                <div class="kernels">
                    {kernels.into_iter().map(|(name, picture)| match picture {
                        KernelPicture::Signed(cells) => {
                            let scale = cell_size(cells.columns);
                            let cells = Signal::stored(Some(cells));
                            view! { <Picture cells name=name scale=scale/> }.into_any()
                        }
                        KernelPicture::Coloured(pixels, columns) => {
                            view! { <ColourKernel pixels columns name/> }.into_any()
                        }
                    }).collect_view()}
                </div>
                {left_out}
            }
        })
    };
    let insight = Memo::new(move |_| {
        let (readout, row) = (page.run.readout().get()?, page.ablation.row().get());
        let InsightValues { node, map, cell, values } = &readout.insight;
        let row = row.filter(|row| row.node == *node);
        let graph = page.network.graph().read();
        let values = ablation::with_ablations(&graph, &page.ablation.effects().read(), *node, values);
        Insight::of(&graph, *node, *map, *cell, &values, row.as_ref().map(|row| &row.tensors))
    });
    let graph = Signal::derive(move || page.network.graph().get());
    let slugs = Memo::new(move |_| lessons_at(&page.network.graph().read(), current.get().0));
    let lessons = move || {
        let slugs = slugs.get();
        let link = |slug: &&str| {
            let lesson = lesson(slug)?;
            let slug = lesson.slug;
            let address = move || page_address(&format!("/learn/{slug}"), page.language.get().as_deref());
            Some(view! { " "<a href=address>{move || title(words.get_locale(), slug)}</a> })
        };
        (!slugs.is_empty()).then(|| {
            let links = slugs.iter().map(link).collect_view();
            view! { <p class="small"><span class="soft">{t!(words, inspector.lessons)}</span>{links}</p> }
        })
    };
    view! {
        <aside class="side inspector" aria-label=move || t_string!(words, inspector.title) tabindex="0">
            <h2 class="caps">{heading}</h2>
            <p class="lead">{sentence}</p>
            <dl class="facts">{facts}</dl>
            {lessons}
            <Deferred><AblationButtons/></Deferred>
            <Deferred><InsightView graph insight/></Deferred>
            <Deferred><Pixel/></Deferred>
            <h3 class="caps">{t!(words, inspector.values)}</h3>
            <Deferred><Histogram values/></Deferred>
            {spread}
            {kernel_views}
        </aside>
    }
}

/// Returns how many maps the channel of a row reads.
fn count_maps_read(graph: &Graph, row: &ChannelParameters) -> usize {
    if row.node.0 < graph.nodes.len() { graph.input_maps_read(row.node, row.channel).len() } else { 0 }
}

/// A kernel of the first layer, in the colours that it responds to most.
#[component]
fn ColourKernel(
    /// The colours, row-major.
    pixels: Vec<[u8; 3]>,
    /// Pixels in a row.
    columns: usize,
    /// The accessible name.
    name: String,
) -> impl IntoView {
    let side = 110.0 / columns as f32;
    let rows = pixels.len() / columns.max(1);
    let squares = pixels.into_iter().enumerate().map(|(place, [r, g, b])| {
        let (x, y) = (place % columns, place / columns);
        view! { <rect x=x.to_string() y=y.to_string() width="1.02" height="1.02" fill=format!("rgb({r} {g} {b})")/> }
    });
    let size = format!("width:{:.0}px;height:{:.0}px", columns as f32 * side, rows as f32 * side);
    view! {
        <svg class="picture" role="img" aria-label=name style=size viewBox=format!("0 0 {columns} {rows}")>
            {squares.collect_view()}
        </svg>
    }
}

/// Returns a sentence that names the input maps of a channel, if it reads only some of them, as in LeNet-5.
fn describe_connections(locale: Locale, graph: &Graph, node: NodeId, channel: usize) -> Option<String> {
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
fn time(locale: Locale, page: Page, node: NodeId) -> Option<(&'static str, String)> {
    let readout = page.run.readout().get()?;
    let all: f64 = readout.times.iter().map(|(_, ms)| ms).sum();
    let (_, own) = readout.times.iter().find(|(of, _)| *of == node)?;
    let (time, share) = (milliseconds(*own), percent((own / all.max(f64::MIN_POSITIVE)) as f32));
    let value = td_string!(locale, inspector.fact.time_value, time = time, share = share);
    Some((td_string!(locale, inspector.fact.time), value))
}

/// Returns the facts on a node as names and values, in order.
fn facts(locale: Locale, graph: &Graph, node: NodeId, channel: usize) -> Vec<(&'static str, String)> {
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
