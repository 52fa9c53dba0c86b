//! A trained network, the size of F(x) in each of its blocks, and its answer with summands of blocks cut.

use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use words::i18n::use_i18n;

use super::tally::{PICTURES, best, count_right};
use crate::app::learn::address::{Knob, Knobs};
use crate::app::learn::control::Choice;
use crate::app::learn::figure::Fact;
use crate::app::learn::network::{Example, Trained, example};
use crate::app::learn::numbers::{count, decimal, percent};
use crate::app::learn::picture::{PictureChooser, picture_knob};
use crate::app::learn::shown::{Shown, failure};
use crate::app::said::classes::cifar10;
use analysis::lesson::{ratio, summand_ablation, summands};
use net::network;

/// The networks that can be looked at.
const NETWORKS: [(&str, &str); 2] = [("resnet20", "resnet20-cifar"), ("resnet56", "resnet56-cifar")];
/// The summands that can be switched off, as `Ablations::read` calls them.
const PARTS: [(&str, &str); 2] = [("shortcut", "shortcut"), ("branch", "branch")];
/// The most blocks that one of them has; each is a bit of what is cut.
const MAX_BLOCKS: u32 = 27;
/// The least ratio that fills a bar: that of a branch as large as its shortcut.
const LEAST_FULL: f64 = 1.0;

/// A block of the network as it is without cuts.
#[derive(Debug, Clone, PartialEq)]
struct BlockSize {
    name: String,
    ratio: Option<f64>,
}

/// What the whole network makes of a picture.
struct Whole {
    example: Example,
    blocks: Vec<BlockSize>,
    answer: Vec<f32>,
}

async fn whole(name: &'static str, index: usize) -> Result<Whole, crate::app::learn::network::LessonError> {
    let network = Trained::open(name).await?;
    let example = example(&network.graph, index).await?;
    let all = summands(&network.graph);
    let called = |id| network.graph.node(id).name.as_str();
    let names: Vec<&str> =
        all.iter().flat_map(|one| [called(one.branch), called(one.shortcut)]).chain(["softmax"]).collect();
    let mut outputs = network.pass(&example.input, &names, "").await?;
    let answer = outputs.pop().unwrap_or_default();
    let sizes = all.iter().zip(outputs.chunks(2)).map(|(one, pair)| BlockSize {
        name: one.block.clone(),
        ratio: pair.first().zip(pair.get(1)).and_then(|(f, x)| ratio(f, x)),
    });
    Ok(Whole { blocks: sizes.collect(), example, answer })
}

/// Bits of what is cut.
fn bits(knob: Knob) -> u64 {
    knob.get() as u64
}

/// The blocks of a network with the size of F(x) in each; pressed, one is cut.
#[component]
pub(super) fn Live(
    /// What can be moved.
    knobs: Knobs,
) -> impl IntoView {
    let words = use_i18n();
    let name = knobs.choice("network", &NETWORKS);
    let part = knobs.choice("cut", &PARTS);
    let mask = knobs.whole("blocks", 0, [0, (1 << MAX_BLOCKS) - 1]);
    let picture = picture_knob(knobs, 0);
    let blocks = Memo::new(move |_| network(name.get()).map(|graph| summands(&graph)).unwrap_or_default());
    let cuts = Memo::new(move |_| blocks.with(|blocks| summand_ablation(blocks, bits(mask), part.get())));
    let uncut = Shown::new(move || whole(name.get(), picture.whole()));
    let answer = Shown::new(move || {
        let (name, index, cuts) = (name.get(), picture.whole(), cuts.get());
        async move {
            let network = Trained::open(name).await?;
            let example = example(&network.graph, index).await?;
            let answer = network.pass(&example.input, &["softmax"], &cuts).await?.pop().unwrap_or_default();
            Ok((answer, example.class))
        }
    });
    let tally = count_right(Memo::new(move |_| (name.get(), cuts.get())));
    let all = move || blocks.with(|blocks| (1_u64 << blocks.len()) - 1);
    let said = move |values: &[f32]| {
        let locale = words.get_locale();
        let class = best(values)?;
        Some(format!("{} {}", cifar10(locale, class), percent(locale, f64::from(values[class]), 1)))
    };
    let right = move |values: &[f32], class: usize| {
        if best(values) == Some(class) { t_string!(words, shortcut.right) } else { t_string!(words, shortcut.wrong) }
    };
    let fact = move |said: Option<String>| said.unwrap_or_else(|| "–".to_owned());
    let of_whole = Signal::derive(move || fact(uncut.with(|whole| said(&whole.answer)).flatten()));
    let of_whole_right = Signal::derive(move || {
        uncut.with(|whole| right(&whole.answer, whole.example.class).to_owned()).unwrap_or_default()
    });
    let of_cut = Signal::derive(move || fact(answer.with(|(values, _)| said(values)).flatten()));
    let of_cut_right =
        Signal::derive(move || answer.with(|(values, class)| right(values, *class).to_owned()).unwrap_or_default());
    let counted = Signal::derive(move || {
        let (locale, tally) = (words.get_locale(), tally.get());
        format!("{} / {}", count(locale, tally.right as u64), count(locale, tally.seen as u64))
    });
    let of_count = Signal::derive(move || {
        let (seen, all) = (tally.get().seen, count(words.get_locale(), PICTURES as u64));
        if seen < PICTURES { t_string!(words, shortcut.counting, all = all) } else { String::new() }
    });
    let one = move |place: usize, block: &str| {
        let size = move || uncut.with(|whole| whole.blocks.get(place).and_then(|block| block.ratio)).flatten();
        let is_cut = move || bits(mask) >> place & 1 == 1;
        let number = move || size().map_or_else(|| "–".to_owned(), |size| decimal(words.get_locale(), size, 2));
        let block = block.to_owned();
        let called = {
            let block = block.clone();
            move || t_string!(words, shortcut.block, block = block.clone(), ratio = number())
        };
        let full = move || {
            let ratios = |whole: &Whole| whole.blocks.iter().filter_map(|block| block.ratio).fold(LEAST_FULL, f64::max);
            uncut.with(ratios).unwrap_or(LEAST_FULL)
        };
        let tall = move || format!("height:{:.1}%", size().unwrap_or(0.0) / full() * 100.0);
        let as_large = move || format!("bottom:{:.1}%", 100.0 / full());
        view! {
            <button type="button" class="cut-block" aria-pressed=move || if is_cut() { "true" } else { "false" } aria-label=called.clone() title=called
                on:click=move |_| mask.set((bits(mask) ^ 1 << place) as f64)>
                <span class="cut-bar"><span style=tall></span><i style=as_large></i></span>
                <span class="cut-number mono">{number}</span>
            </button>
        }
    };
    let stages = move || {
        blocks.with(|blocks| {
            let each = (blocks.len() / 3).max(1);
            let stage = |(at, stage): (usize, &[analysis::lesson::Summands])| {
                let inside = stage.iter().enumerate().map(|(place, block)| one(at * each + place, &block.block));
                view! {
                    <div class="cut-stage" class:dense={each > 3}>
                        <span class="small soft mono" aria-hidden="true">{format!("layer{}", at + 1)}</span>
                        <div class="cut-blocks">{inside.collect_view()}</div>
                    </div>
                }
            };
            blocks.chunks(each).enumerate().map(stage).collect_view()
        })
    };
    let networks = NETWORKS.map(|(_, name)| {
        let title = network(name).map_or(name, |graph| graph.title);
        (name, Signal::stored(title.split(' ').next().unwrap_or(title).to_owned()))
    });
    let parts = vec![
        ("shortcut", Signal::derive(move || t_string!(words, shortcut.cut_shortcut).to_owned())),
        ("branch", Signal::derive(move || t_string!(words, shortcut.cut_branch).to_owned())),
    ];
    view! {
        <div class="live-head">
            <PictureChooser knob=picture example=Signal::derive(move || uncut.with(|whole| whole.example.clone()))/>
            <div class="live-controls">
                <div class="live-choices">
                    <Choice value=name name=Signal::derive(move || t_string!(words, shortcut.network).to_owned()) options=networks.to_vec()/>
                    <Choice value=part name=Signal::derive(move || t_string!(words, shortcut.cut_what).to_owned()) options=parts/>
                    <div class="choice">
                        <button type="button" on:click=move |_| mask.set(all() as f64)>{t!(words, shortcut.all)}</button>
                        <button type="button" on:click=move |_| mask.set(0.0)>{t!(words, shortcut.none)}</button>
                    </div>
                </div>
            </div>
        </div>
        <p class="small soft">{t!(words, shortcut.press)}</p>
        <div class="cut-stages" role="group" aria-label=move || t_string!(words, shortcut.blocks)>{stages}</div>
        <div class="facts">
            <Fact name=Signal::derive(move || t_string!(words, shortcut.whole).to_owned()) value=of_whole how=of_whole_right/>
            <Fact name=Signal::derive(move || t_string!(words, shortcut.with_cuts).to_owned()) value=of_cut how=of_cut_right/>
            <Fact name=Signal::derive(move || t_string!(words, shortcut.tally).to_owned()) value=counted how=of_count/>
        </div>
        {failure(uncut.error())}
        {failure(answer.error())}
    }
}
