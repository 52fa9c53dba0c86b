//! The feature maps of a trained module, branch by branch.

use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use words::i18n::use_i18n;

use super::branches::BRANCHES;
use crate::examples::example;
use crate::latest::LatestResult;
use crate::maps::{MapStrip, Maps};
use crate::network::TrainedNetwork;
use crate::notices::error_notice;
use crate::picture_chooser::PictureChooser;
use crate::settings::NumberSetting;
use scene::paint::Ramp;

/// The network.
const NETWORK: &str = "googlenet-cifar10";
/// The layers: the input of the module, then its branches.
const READ: [&str; 5] =
    ["pool2", "inception3a.branch1", "inception3a.branch2", "inception3a.branch3", "inception3a.branch4"];
/// The number of maps per branch, and the width of each in CSS pixels.
const DRAWN: usize = 5;
const SIDE: f32 = 28.0;

/// The first maps of each branch.
#[component]
pub(super) fn BranchMaps(
    /// The number of the picture.
    picture: NumberSetting,
) -> impl IntoView {
    let words = use_i18n();
    let maps = LatestResult::new(move || {
        let index = picture.whole();
        async move {
            let network = TrainedNetwork::open(NETWORK).await?;
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
    let branch = move |place: usize| {
        let (class, kernel) = BRANCHES[place];
        let title = move || {
            if kernel.is_empty() { t_string!(words, inception.pool_branch).to_owned() } else { kernel.to_owned() }
        };
        let name = move || t_string!(words, inception.maps_of, branch = title());
        view! {
            <div class=format!("inception-branch {class}")>
                <span class="caps">{title}</span>
                <MapStrip maps=strip(place + 1) max=DRAWN side=SIDE name=name />
            </div>
        }
    };
    view! {
        <h2 class="caps">{t!(words, inception.seen)}</h2>
        <div class="inception-seen">
            <PictureChooser setting=picture example=Signal::derive(move || maps.with(|(example, _)| example.clone())) />
            <div class="inception-branch branch-in">
                <span class="caps">{t!(words, inception.input)}</span>
                <MapStrip maps=strip(0) max=DRAWN side=SIDE name=move || t_string!(words, inception.input) />
            </div>
            {(0..4).map(branch).collect_view()}
        </div>
        {error_notice(maps.error())}
    }
}
