//! A trained ResNet, the size of F(x) in each block, and its prediction with parts of blocks switched off.

use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use words::i18n::use_i18n;

use super::accuracy::{PICTURES, measure_accuracy};
use super::unablated::UnablatedPass;
use crate::controls::ChoiceButtons;
use crate::examples::example;
use crate::fact::Fact;
use crate::latest::LatestResult;
use crate::network::TrainedNetwork;
use crate::notices::error_notice;
use crate::picture_chooser::{PictureChooser, picture_setting};
use crate::settings::{NumberSetting, Settings};
use crate::text::{dash, network_title};
use analysis::lesson::auxiliary::best;
use analysis::lesson::{summand_ablation, summands};
use layerscope::app::wording::classes::cifar10;
use layerscope::app::wording::numbers::{count, decimal, percent};
use net::network;

/// The networks.
const NETWORKS: [(&str, &str); 2] = [("resnet20", "resnet20-cifar"), ("resnet56", "resnet56-cifar")];
/// The parts that can be switched off, as `Ablations::read` calls them.
const PARTS: [(&str, &str); 2] = [("shortcut", "shortcut"), ("branch", "branch")];
/// The most blocks of a network; each is one bit of the mask.
const MAX_BLOCKS: u32 = 27;
/// The least ratio that fills a bar: a branch as large as its shortcut.
const MIN_FULL: f64 = 1.0;

/// Returns the mask of the blocks that are switched off.
fn ablated_blocks(setting: NumberSetting) -> u64 {
    setting.get() as u64
}

/// The blocks with the size of F(x) in each. A press switches one off or on.
#[component]
pub(super) fn BlockAblation(
    /// The settings of the lesson.
    settings: Settings,
) -> impl IntoView {
    let words = use_i18n();
    let name = settings.choice("network", &NETWORKS);
    let part = settings.choice("cut", &PARTS);
    let mask = settings.whole("blocks", 0, [0, (1 << MAX_BLOCKS) - 1]);
    let picture = picture_setting(settings, 0);
    let blocks = Memo::new(move |_| network(name.get()).map(|graph| summands(&graph)).unwrap_or_default());
    let ablations =
        Memo::new(move |_| blocks.with(|blocks| summand_ablation(blocks, ablated_blocks(mask), part.get())));
    let uncut = LatestResult::new(move || UnablatedPass::run(name.get(), picture.whole()));
    let answer = LatestResult::new(move || {
        let (name, index, ablations) = (name.get(), picture.whole(), ablations.get());
        async move {
            let network = TrainedNetwork::open(name).await?;
            let example = example(&network.graph, index).await?;
            let answer = network.pass(&example.input, &["softmax"], &ablations).await?.pop().unwrap_or_default();
            Ok((answer, example.class))
        }
    });
    let accuracy = measure_accuracy(Memo::new(move |_| (name.get(), ablations.get())));
    let all_blocks = move || blocks.with(|blocks| (1_u64 << blocks.len()) - 1);
    let prediction = move |values: &[f32]| {
        let locale = words.get_locale();
        let class = best(values)?;
        Some(format!("{} {}", cifar10(locale, class), percent(locale, f64::from(values[class]), 1)))
    };
    let verdict = move |values: &[f32], class: usize| {
        if best(values) == Some(class) { t_string!(words, shortcut.right) } else { t_string!(words, shortcut.wrong) }
    };
    let unablated_text =
        Signal::derive(move || uncut.with(|whole| prediction(&whole.probabilities)).flatten().unwrap_or_else(dash));
    let unablated_verdict = Signal::derive(move || {
        uncut.with(|whole| verdict(&whole.probabilities, whole.example.class).to_owned()).unwrap_or_default()
    });
    let ablated_text =
        Signal::derive(move || answer.with(|(values, _)| prediction(values)).flatten().unwrap_or_else(dash));
    let ablated_verdict =
        Signal::derive(move || answer.with(|(values, class)| verdict(values, *class).to_owned()).unwrap_or_default());
    let accuracy_text = Signal::derive(move || {
        let (locale, accuracy) = (words.get_locale(), accuracy.get());
        format!("{} / {}", count(locale, accuracy.correct as u64), count(locale, accuracy.seen as u64))
    });
    let counting_text = Signal::derive(move || {
        let (seen, all) = (accuracy.get().seen, count(words.get_locale(), PICTURES as u64));
        if seen < PICTURES { t_string!(words, shortcut.counting, all = all) } else { String::new() }
    });
    let block_button = move |place: usize, block: &str| {
        let size = move || uncut.with(|whole| whole.ratios.get(place).copied().flatten()).flatten();
        let is_cut = move || ablated_blocks(mask) >> place & 1 == 1;
        let number = move || size().map_or_else(dash, |size| decimal(words.get_locale(), size, 2));
        let block = block.to_owned();
        let block_name = {
            let block = block.clone();
            move || t_string!(words, shortcut.block, block = block.clone(), ratio = number())
        };
        let full = move || {
            let ratios = |whole: &UnablatedPass| whole.ratios.iter().flatten().copied().fold(MIN_FULL, f64::max);
            uncut.with(ratios).unwrap_or(MIN_FULL)
        };
        let height = move || format!("height:{:.1}%", size().unwrap_or(0.0) / full() * 100.0);
        let full_mark = move || format!("bottom:{:.1}%", 100.0 / full());
        view! {
            <button
                type="button"
                class="ablation-block"
                aria-pressed=move || is_cut().to_string()
                aria-label=block_name.clone()
                title=block_name
                on:click=move |_| mask.set((ablated_blocks(mask) ^ 1 << place) as f64)
            >
                <span class="ablation-bar">
                    <span style=height></span>
                    <i style=full_mark></i>
                </span>
                <span class="ablation-number mono">{number}</span>
            </button>
        }
    };
    let stages = move || {
        blocks.with(|blocks| {
            let each = (blocks.len() / 3).max(1);
            let is_dense = each > 3;
            let stage = |(at, stage): (usize, &[analysis::lesson::Summands])| {
                let inside =
                    stage.iter().enumerate().map(|(place, block)| block_button(at * each + place, &block.block));
                view! {
                    <div class="ablation-stage" class:dense=is_dense>
                        <span class="small soft mono" aria-hidden="true">
                            {format!("layer{}", at + 1)}
                        </span>
                        <div class="ablation-blocks">{inside.collect_view()}</div>
                    </div>
                }
            };
            blocks.chunks(each).enumerate().map(stage).collect_view()
        })
    };
    let networks = NETWORKS.map(|(_, name)| {
        let title = network_title(name);
        (name, Signal::stored(title.split(' ').next().unwrap_or(title).to_owned()))
    });
    let parts = vec![
        ("shortcut", Signal::derive(move || t_string!(words, shortcut.cut_shortcut).to_owned())),
        ("branch", Signal::derive(move || t_string!(words, shortcut.cut_branch).to_owned())),
    ];
    view! {
        <div class="live-head">
            <PictureChooser setting=picture example=Signal::derive(move || uncut.with(|whole| whole.example.clone())) />
            <div class="live-controls">
                <div class="live-choices">
                    <ChoiceButtons
                        value=name
                        name=move || t_string!(words, shortcut.network)
                        options=networks.to_vec()
                    />
                    <ChoiceButtons value=part name=move || t_string!(words, shortcut.cut_what) options=parts />
                    <div class="choice">
                        <button type="button" on:click=move |_| mask.set(all_blocks() as f64)>
                            {t!(words, shortcut.all)}
                        </button>
                        <button type="button" on:click=move |_| mask.set(0.0)>
                            {t!(words, shortcut.none)}
                        </button>
                    </div>
                </div>
            </div>
        </div>
        <p class="small soft">{t!(words, shortcut.press)}</p>
        <div class="ablation-stages" role="group" aria-label=move || t_string!(words, shortcut.blocks)>
            {stages}
        </div>
        <div class="facts">
            <Fact name=move || t_string!(words, shortcut.whole) value=unablated_text how=unablated_verdict />
            <Fact name=move || t_string!(words, shortcut.with_cuts) value=ablated_text how=ablated_verdict />
            <Fact name=move || t_string!(words, shortcut.tally) value=accuracy_text how=counting_text />
        </div>
        {error_notice(uncut.error())}
        {error_notice(answer.error())}
    }
}
