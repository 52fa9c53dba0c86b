//! Two at once: a second stage in a frame of this same page, which is given the same input and the same steps.

use leptos_i18n::{Locale as _, t, t_string};
use std::sync::Arc;

use js_sys::{Float32Array, Function, Object, Reflect, Uint8Array};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlIFrameElement, UrlSearchParams};

use super::api::set;
use super::clock::frame;
use super::lab::{Choice, Lab};
use super::language::PARAMETER;
use super::link;
use super::medium::Medium;
use input::{Crop, Drawing, Photo, Shot};
use net;

/// Frames of the browser after which a second stage that is not there is given up: about a minute.
const MOST_FRAMES: usize = 3600;
/// Numbers of a square: left, top and side, in parts of the photo's shorter side.
const CROP_NUMBERS: usize = 3;

/// The second stage.
#[derive(Clone, Copy)]
pub(super) struct Second {
    /// Its state, as an address has it: network, cuts and weights; none where there is one stage.
    pub(super) state: RwSignal<Option<String>>,
    /// Counts when it is there, and there anew.
    there: RwSignal<u32>,
    /// The photo that it has.
    photo: StoredValue<Option<Arc<Photo>>>,
}

impl Second {
    pub(super) fn new() -> Self {
        Self { state: RwSignal::new(None), there: RwSignal::new(0), photo: StoredValue::new(None) }
    }

    fn get(self, name: &str) -> Option<String> {
        let state = self.state.get()?;
        UrlSearchParams::new_with_str(&state).ok()?.get(name)
    }

    /// Sets a part of its state, or takes it out.
    fn set(self, name: &str, value: Option<&str>) {
        let Some(Ok(state)) = self.state.get_untracked().map(|state| UrlSearchParams::new_with_str(&state)) else {
            return;
        };
        match value {
            Some(value) => state.set(name, value),
            None => state.delete(name),
        }
        self.state.set(Some(state.to_string().into()));
    }
}

/// `window.layerscope` of the page in a frame.
fn inner(frame: &HtmlIFrameElement) -> Option<JsValue> {
    let window = frame.content_window()?;
    let object = Reflect::get(&window, &"layerscope".into()).ok()?;
    object.is_object().then_some(object)
}

/// Calls a method of it. A second stage that is going away hears nothing, and needs to hear nothing.
fn tell(frame: &HtmlIFrameElement, method: &str, argument: &JsValue) {
    let Some(object) = inner(frame) else { return };
    if let Ok(method) = Reflect::get(&object, &method.into())
        && let Some(method) = method.dyn_ref::<Function>()
    {
        let _ = method.call1(&object, argument);
    }
}

/// What is shown, as the other page takes it.
fn input(lab: Lab) -> Object {
    let out = Object::new();
    let medium = if lab.medium() == Medium::Photo { "photo" } else { "drawing" };
    set(&out, "medium", &medium.into());
    let drawing = lab.drawing.get();
    set(&out, "ink", &drawing.encode().into());
    set(&out, "digit", &drawing.digit.map_or(JsValue::NULL, |digit| (digit as f64).into()));
    if let Some(shot) = lab.shot.get() {
        set(&out, "name", &shot.name.clone().into());
        let crop = shot.crop.map(|Crop { left, top, side }| Float32Array::from([left, top, side].as_slice()));
        set(&out, "crop", &crop.map_or(JsValue::NULL, JsValue::from));
        // A photo is large, and is sent once.
        let is_new =
            lab.second.photo.with_value(|known| known.as_ref().is_none_or(|known| !Arc::ptr_eq(known, &shot.photo)));
        if is_new {
            set(&out, "rgba", &Uint8Array::from(shot.photo.rgba().as_slice()));
            set(&out, "width", &(shot.photo.width() as f64).into());
            set(&out, "height", &(shot.photo.height() as f64).into());
            lab.second.photo.set_value(Some(Arc::clone(&shot.photo)));
        }
    }
    out
}

/// Takes what the other page shows: for the page in the frame.
///
/// # Errors
/// A sentence, where it is no such thing.
pub(super) fn show(lab: Lab, given: &JsValue) -> Result<(), String> {
    let get = |name: &str| Reflect::get(given, &name.into()).unwrap_or(JsValue::UNDEFINED);
    let medium = match get("medium").as_string().as_deref() {
        Some("photo") => Medium::Photo,
        Some("drawing") => Medium::Drawing,
        _ => return Err("show takes an object whose medium is \"drawing\" or \"photo\"".to_owned()),
    };
    let strokes = Drawing::decode(&get("ink").as_string().unwrap_or_default()).map_err(|error| error.to_string())?;
    let digit = get("digit").as_f64().map(|digit| digit as usize);
    // Arrays of another page are of another kind than this page's: they are copied, whatever they are.
    let given = |name: &str| Some(get(name)).filter(JsValue::is_object);
    let crop = given("crop").map(|crop| Float32Array::new(&crop).to_vec()).filter(|crop| crop.len() == CROP_NUMBERS);
    let crop = crop.map(|crop| Crop { left: crop[0], top: crop[1], side: crop[2] });
    let shot = match given("rgba") {
        Some(rgba) => {
            let side = |name: &str| get(name).as_f64().unwrap_or(0.0) as usize;
            let photo = Photo::from_rgba(side("width"), side("height"), &Uint8Array::new(&rgba).to_vec());
            let photo = photo.ok_or("the photo has not as many bytes as its sides say")?;
            Some(Shot::new(photo, get("name").as_string().unwrap_or_default()))
        }
        None => lab.shot.get_untracked().map(|shot| Shot::clone(&shot)),
    };
    lab.photo_comes.set(false);
    if let Some(shot) = shot {
        lab.shot.set(Some(Arc::new(shot.with_crop(crop))));
    }
    lab.drawing.set(Drawing { digit, strokes });
    lab.wished_medium.set(Some(medium));
    Ok(())
}

/// Goes to the step at a part of the way, from 0 to 1.
pub(super) fn step_to(lab: Lab, part: f64) {
    let last = lab.steps.read_untracked().len().saturating_sub(1);
    lab.go((part.clamp(0.0, 1.0) * last as f64).round() as usize);
}

/// Sets a second stage beside the first: the same network, whole.
fn begin(lab: Lab) {
    let name = lab.graph.read_untracked().name;
    lab.second.state.set(Some(format!("net={name}")));
}

/// Exchanges the networks of both stages, with what is cut of them.
fn exchange(lab: Lab) {
    let second = lab.second;
    let Some(Ok(theirs)) = second.state.get_untracked().map(|state| UrlSearchParams::new_with_str(&state)) else {
        return;
    };
    let mine = untrack(|| link::state(lab));
    let Ok(next) = UrlSearchParams::new() else { return };
    for (name, value) in mine.iter().filter(|(name, _)| ["net", "cut", "weights"].contains(name)) {
        // What ships is what a network opens with.
        if value != "bundled" {
            next.set(name, value);
        }
    }
    // The picture stays where it is.
    for (name, value) in mine.iter().filter(|(name, _)| ["input", "photo", "crop", "digit", "ink"].contains(name)) {
        theirs.set(name, value);
    }
    link::go(lab, &theirs);
    second.state.set(Some(next.to_string().into()));
}

/// The button that sets a second stage beside the first.
#[component]
pub(super) fn SecondButton() -> impl IntoView {
    let lab = expect_context::<Lab>();
    move || {
        lab.second.state.read().is_none().then(|| {
            view! { <button class="two-button" on:click=move |_| begin(lab)>{t!(lab.words, second.begin)}</button> }
        })
    }
}

/// What is to be chosen of the second stage.
fn controls(lab: Lab) -> impl IntoView {
    let (words, second) = (lab.words, lab.second);
    let name = Memo::new(move |_| second.get("net").unwrap_or_default());
    let choose = move |event| {
        second.set("cut", None);
        second.set("net", Some(&event_target_value(&event)));
    };
    let option = |name: &'static str| {
        let title = net::network(name).map_or(name, |graph| graph.title);
        view! { <option value=name>{title}</option> }
    };
    let networks = net::names().map(option).collect_view();
    let weights = move || second.get("weights").unwrap_or_default();
    let weigh = move |event| {
        let value = event_target_value(&event);
        second.set("weights", Some(value.as_str()).filter(|value| !value.is_empty()));
    };
    let same = Memo::new(move |_| lab.graph.read().name == name.get());
    let has_cuts = Memo::new(move |_| second.get("cut").is_some());
    let cuts = move || {
        (same.get() || has_cuts.get()).then(|| {
            let toggle = move |_| {
                let cuts = lab.cutting.cuts.read_untracked().write(&lab.graph.read_untracked());
                let wanted = !has_cuts.get_untracked() && !cuts.is_empty();
                second.set("cut", wanted.then_some(cuts.as_str()));
            };
            let name = move || {
                if has_cuts.get() { t_string!(words, second.whole) } else { t_string!(words, second.same_cuts) }
            };
            let none = move || !has_cuts.get() && lab.cutting.cuts.read().is_empty();
            view! { <button disabled=none on:click=toggle>{name}</button> }
        })
    };
    view! {
        <select aria-label=move || t_string!(words, second.network) prop:value=move || name.get() on:change=choose>{networks}</select>
        <select aria-label=move || t_string!(words, second.weights) prop:value=weights on:change=weigh>
            <option value="">{t!(words, second.own)}</option>
            <option value="seed:1">{t!(words, second.untrained)}</option>
        </select>
        {cuts}
        <button on:click=move |_| exchange(lab)>{t!(words, second.exchange)}</button>
        <button class="icon" aria-label=move || t_string!(words, second.close) on:click=move |_| second.state.set(None)>"×"</button>
    }
}

/// The second stage, where there is one.
#[component]
pub(super) fn SecondStage() -> impl IntoView {
    let lab = expect_context::<Lab>();
    let (words, second) = (lab.words, lab.second);
    let is_open = Memo::new(move |_| second.state.read().is_some());
    let node = NodeRef::<html::Iframe>::new();
    // The frame is loaded once; then it is told.
    Effect::new(move |told: Option<(u32, Option<String>)>| {
        let (state, there) = (second.state.get(), second.there.get());
        if let (Some(frame), Some(state), true) = (node.get_untracked(), &state, there > 0)
            && told.is_some_and(|(before, old)| before == there && old.as_ref() != Some(state))
        {
            tell(&frame, "go", &state.into());
            // What is gone to begins with the input of its own.
            tell(&frame, "show", &untrack(|| input(lab)));
        }
        (there, state)
    });
    Effect::new(move |_| {
        let there = second.there.get();
        let input = input(lab);
        if let (Some(frame), true) = (node.get_untracked(), there > 0) {
            tell(&frame, "show", &input);
        }
    });
    Effect::new(move |_| {
        let (there, step, last) = (second.there.get(), lab.step.get(), lab.steps.read().len().saturating_sub(1));
        if let (Some(frame), true) = (node.get_untracked(), there > 0) {
            tell(&frame, "stepTo", &(step as f64 / last.max(1) as f64).into());
        }
    });
    let loaded = move |_| {
        let Some(inside) = node.get_untracked() else { return };
        spawn_local(async move {
            for _ in 0..MOST_FRAMES {
                if inner(&inside).is_some() {
                    second.photo.set_value(None);
                    second.there.update(|there| *there += 1);
                    return;
                }
                frame().await;
            }
        });
    };
    move || {
        if !is_open.get() {
            second.there.set(0);
            return None;
        }
        let state = second.state.get_untracked().unwrap_or_default();
        // Whoever chose an engine chose it for both.
        let engine = match lab.choice.get_untracked() {
            Choice::Auto => "",
            Choice::Gpu => "&engine=gpu",
            Choice::Cpu => "&engine=cpu",
        };
        // A later choice of the language reaches the frame by what the browser remembers of it.
        let language = lab.words.get_locale_untracked().as_str();
        let address = format!("/?{state}{engine}&embed=second&{PARAMETER}={language}");
        Some(view! {
            <section class="second" aria-label=move || t_string!(words, second.name)>
                <div class="second-head">{controls(lab)}</div>
                <iframe node_ref=node title=move || t_string!(words, second.name) src=address on:load=loaded></iframe>
            </section>
        })
    }
}
