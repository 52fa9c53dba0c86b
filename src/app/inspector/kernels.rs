//! Pictures of the weights of one map.

use leptos::prelude::*;
use leptos_i18n::{t, t_string, td_string};
use words::i18n::{Locale, use_i18n};

use crate::app::components::picture::{Cells, Picture};
use crate::app::state::Page;
use engine::Extent;
use net::{Graph, NodeId, Op};
use scene::paint::Ramp;
use scene::{ChannelParameters, grid};

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
        view! { <rect x=x.to_string() y=y.to_string() width="1.02" height="1.02" fill=format!("rgb({r} {g} {b})") /> }
    });
    let size = format!("width:{:.0}px;height:{:.0}px", columns as f32 * side, rows as f32 * side);
    view! {
        <svg class="picture" role="img" aria-label=name style=size viewBox=format!("0 0 {columns} {rows}")>
            {squares.collect_view()}
        </svg>
    }
}

/// The pictures of the weights of the current map, if its operation has weights that make a picture.
#[component]
pub(super) fn Kernels(
    /// The current node, and the map and the channel that are selected in it.
    current: Memo<(NodeId, usize, usize)>,
) -> impl IntoView {
    let (words, page) = (use_i18n(), expect_context::<Page>());
    let pictures = Memo::new(move |_| {
        let (node, _, channel) = current.get();
        let row = page.ablation.row().get().filter(|row| (row.node, row.channel) == (node, channel));
        row.map(|row| kernels(words.get_locale(), &page.network.graph().read(), &row)).unwrap_or_default()
    });
    move || {
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
                    {kernels
                        .into_iter()
                        .map(|(name, picture)| match picture {
                            KernelPicture::Signed(cells) => {
                                let scale = cell_size(cells.columns);
                                let cells = Signal::stored(Some(cells));
                                view! { <Picture cells name=name scale=scale /> }.into_any()
                            }
                            KernelPicture::Coloured(pixels, columns) => {
                                view! { <ColourKernel pixels columns name /> }.into_any()
                            }
                        })
                        .collect_view()}
                </div>
                {left_out}
            }
        })
    }
}
