//! What the lanes of a trained module give for a picture.

use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use words::i18n::use_i18n;

use super::LANES;
use crate::app::learn::address::Knob;
use crate::app::learn::figure::{MapStrip, Maps};
use crate::app::learn::network::{Trained, example};
use crate::app::learn::picture::PictureChooser;
use crate::app::learn::shown::{Shown, failure};
use scene::paint::Ramp;

/// The network, and its module.
const NETWORK: &str = "googlenet-cifar10";
/// What is read: what the module reads, then its lanes.
const READ: [&str; 5] =
    ["pool2", "inception3a.branch1", "inception3a.branch2", "inception3a.branch3", "inception3a.branch4"];
/// So many maps of each are drawn, each so many CSS pixels wide.
const DRAWN: usize = 5;
const SIDE: f32 = 28.0;

/// The first maps of each lane.
#[component]
pub(super) fn Seen(
    /// The number of the picture.
    picture: Knob,
) -> impl IntoView {
    let words = use_i18n();
    let maps = Shown::new(move || {
        let index = picture.whole();
        async move {
            let network = Trained::open(NETWORK).await?;
            let example = example(&network.graph, index).await?;
            let values = network.pass(&example.input, &READ, "").await?;
            let mut all = Vec::new();
            for (name, values) in READ.iter().zip(values) {
                let (_, height, width) = network.graph.node(network.graph.find(name)?).shape.chw();
                all.push(Maps::new(values, (height, width), Ramp::Rectified));
            }
            Ok((example, all))
        }
    });
    let strip = move |place: usize| Signal::derive(move || maps.with(|(_, all)| all.get(place).cloned()).flatten());
    let lane = move |place: usize| {
        let (class, kernel) = LANES[place];
        let title = move || {
            if kernel.is_empty() { t_string!(words, inception.pool_lane).to_owned() } else { kernel.to_owned() }
        };
        let name = move || t_string!(words, inception.maps_of, lane = title());
        view! {
            <div class=format!("inception-lane {class}")>
                <span class="caps">{title}</span>
                <MapStrip maps=strip(place + 1) most=DRAWN side=SIDE name=Signal::derive(name)/>
            </div>
        }
    };
    view! {
        <h2 class="caps">{t!(words, inception.seen)}</h2>
        <div class="inception-seen">
            <PictureChooser knob=picture example=Signal::derive(move || maps.with(|(example, _)| example.clone()))/>
            <div class="inception-lane lane-in">
                <span class="caps">{t!(words, inception.input)}</span>
                <MapStrip maps=strip(0) most=DRAWN side=SIDE name=Signal::derive(move || t_string!(words, inception.input).to_owned())/>
            </div>
            {(0..4).map(lane).collect_view()}
        </div>
        {failure(maps.error())}
    }
}
