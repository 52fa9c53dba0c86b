//! The methods of `window.layerscope` that load and run networks. docs/api.md documents them.

use std::cell::RefCell;

use js_sys::{Array, Float32Array, JSON, Object, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::AbortSignal;

use super::options::{above_zero, flag, list, listener, number, signal};
use crate::app::bench;
use crate::app::browser::js::{get, is_absent, set};
use crate::app::session::{self, EngineRequest, SessionError, WeightsRequest};
use crate::app::store::{self, ProgressMonitor, remote_file};
use crate::app::worker::Step;
use engine::{EngineChoice, EngineKind};
use logic::download::Progress;
use net::order::greatest_first;
use net::{self, Classes, Graph, NodeId, Summary};

/// The default count of classes in a result.
const TOP: usize = 5;

thread_local! {
    /// The last call. Calls run one after another, in their order.
    static LAST: RefCell<Option<Promise>> = const { RefCell::new(None) };
}

/// Runs `work` after all earlier calls have ended, with or without success. Returns its promise.
fn enqueue(work: impl Future<Output = Result<JsValue, SessionError>> + 'static) -> JsValue {
    let before = LAST.take();
    let promise = future_to_promise(async move {
        if let Some(before) = before {
            let _ = JsFuture::from(before).await;
        }
        work.await.map_err(|error| fault(&error).into())
    });
    LAST.replace(Some(promise.clone()));
    promise.into()
}

/// Returns an `Error` with the message in English. The error of an aborted call has the standard name `AbortError`.
pub(in crate::app) fn fault(error: &SessionError) -> js_sys::Error {
    let said = js_sys::Error::new(&error.to_string());
    if error.is_abort() {
        said.set_name("AbortError");
    }
    said
}

/// Returns a count as a number, or `null`.
fn count(value: Option<u64>) -> JsValue {
    value.map_or(JsValue::NULL, |value| (value as f64).into())
}

/// Returns a text, or `null`.
fn text(value: Option<&str>) -> JsValue {
    value.map_or(JsValue::NULL, JsValue::from_str)
}

/// Returns a value as a plain object.
fn plain(value: &impl serde::Serialize) -> JsValue {
    let text = serde_json::to_string(value).unwrap_or_default();
    JSON::parse(&text).unwrap_or(JsValue::UNDEFINED)
}

/// Returns all networks with their totals.
pub(in crate::app) fn networks() -> JsValue {
    let all = net::names().filter_map(|name| net::network(name).ok());
    let row = |graph: Graph| {
        let summary = Summary::of(&graph);
        let object = Object::new();
        set(&object, "name", &summary.network.into());
        set(&object, "title", &summary.title.into());
        set(&object, "family", &plain(&summary.family));
        set(&object, "year", &summary.year.into());
        set(&object, "classes", &(graph.classes.count() as f64).into());
        set(&object, "input", &plain(&summary.input_shape));
        set(&object, "totals", &plain(&summary.totals));
        object
    };
    all.map(row).collect::<Array>().into()
}

/// Returns the table of the layers of a network.
///
/// # Errors
/// Returns [`SessionError::Net`] if there is no network of this name.
pub(in crate::app) fn summary(name: &JsValue) -> Result<JsValue, SessionError> {
    let graph = net::network(&name.as_string().unwrap_or_default())?;
    Ok(plain(&Summary::of(&graph)))
}

/// The method `load(name, options)`.
pub(in crate::app) fn load(name: &JsValue, options: &JsValue) -> JsValue {
    let name = name.as_string().unwrap_or_default();
    let read = || -> Result<_, SessionError> {
        let source = WeightsRequest::read(&get(options, "weights"), &get(options, "sha256"))?
            .with_transform(flag(options, "transformInput")?);
        let (tell, signal) = (listener(options)?, signal(options)?);
        let progress = Box::new(move |progress: Progress| {
            let event = Object::new();
            set(&event, "phase", &progress.phase.name().into());
            set(&event, "received", &(progress.received as f64).into());
            set(&event, "total", &count(progress.total));
            set(&event, "resumed", &(progress.resumed as f64).into());
            tell(&event);
        });
        Ok((source, ProgressMonitor { progress, signal }))
    };
    let read = read();
    enqueue(async move {
        let (source, monitor) = read?;
        let loaded = session::load(&name, source, &monitor).await?;
        let object = Object::new();
        set(&object, "network", &loaded.graph.name.into());
        set(&object, "title", &loaded.graph.title.into());
        set(&object, "input", &plain(&loaded.graph.input.shape.dims()));
        set(&object, "classes", &(loaded.graph.classes.count() as f64).into());
        set(&object, "transformInput", &loaded.graph.options.transform_input.into());
        set(&object, "layers", &names(&loaded.graph));
        set(&object, "weights", &loaded.origin.weights.into());
        set(&object, "bytes", &count(loaded.origin.bytes));
        set(&object, "sha256", &text(loaded.origin.sha256.as_deref()));
        set(&object, "kept", &loaded.origin.was_stored.into());
        set(&object, "metadata", &plain(&loaded.metadata));
        Ok(object.into())
    })
}

fn names(graph: &Graph) -> JsValue {
    graph.iter().map(|(_, node)| JsValue::from_str(&node.name)).collect::<Array>().into()
}

/// The options of the method `run`.
struct RunOptions {
    input: Vec<f32>,
    demand: EngineRequest,
    keep: Vec<String>,
    top: usize,
    signal: Option<AbortSignal>,
}

/// Reads the options of the method `run`.
///
/// # Errors
/// Returns [`SessionError::Option`] if an option is invalid.
fn read_run_options(options: &JsValue) -> Result<RunOptions, SessionError> {
    let input = get(options, "input").dyn_into::<Float32Array>();
    let input = input.map_err(|_| SessionError::Option { option: "input", expected: "a Float32Array" })?;
    let wrong = SessionError::Option { option: "engine", expected: "'gpu', 'cpu' or 'auto'" };
    let engine = match get(options, "engine") {
        none if is_absent(&none) => EngineChoice::Auto,
        some => some.as_string().as_deref().and_then(EngineChoice::named).ok_or(wrong)?,
    };
    let keep = list(options, "keep", "an array of layers' names", |name| Some(name.to_owned()))?.unwrap_or_default();
    let top = number(options, "top", "a number of classes", |count| count >= 0.0)?.map_or(TOP, |count| count as usize);
    let tune_ms = number(options, "tune", "a number of milliseconds", |ms| ms >= 0.0)?;
    Ok(RunOptions {
        input: input.to_vec(),
        demand: EngineRequest { engine, tune_ms },
        keep,
        top,
        signal: signal(options)?,
    })
}

/// The method `run(options)`.
pub(in crate::app) fn run(options: &JsValue) -> JsValue {
    // Copy the input now, because the script may change it afterwards.
    let read = read_run_options(options).and_then(|wanted| Ok((wanted, listener(options)?)));
    enqueue(async move {
        let (wanted, tell) = read?;
        let graph = session::graph()?;
        let expected = graph.input.shape.elements();
        if wanted.input.len() != expected {
            let (shape, got) = (graph.input.shape.to_string(), wanted.input.len());
            return Err(SessionError::Input { expected, shape, got });
        }
        let mut nodes = vec![graph.logits, graph.probabilities];
        for name in &wanted.keep {
            nodes.push(graph.find(name)?);
        }
        let steps = |step: Step| {
            let event = Object::new();
            set(&event, "phase", &"run".into());
            set(&event, "done", &(step.done as f64).into());
            set(&event, "total", &(step.total as f64).into());
            set(&event, "layer", &graph.node(step.node).name.as_str().into());
            set(&event, "milliseconds", &step.milliseconds.into());
            tell(&event);
        };
        let outcome = session::run(&wanted.input, &nodes, wanted.demand, wanted.signal.as_ref(), &steps).await?;
        let object = Object::new();
        set(&object, "network", &graph.name.into());
        set(&object, "engine", &outcome.engine.name().into());
        set(&object, "note", &text(outcome.note.map(|note| format!("{note}.")).as_deref()));
        set(&object, "milliseconds", &outcome.milliseconds.into());
        let mut outputs = outcome.outputs.into_iter();
        let (scores, probabilities) = (outputs.next().unwrap_or_default(), outputs.next().unwrap_or_default());
        set(&object, "top", &top(graph.classes, &scores, &probabilities, wanted.top));
        let (values, shapes) = (Object::new(), Object::new());
        for ((name, node), output) in wanted.keep.iter().zip(&nodes[2..]).zip(outputs) {
            set(&values, name, &Float32Array::from(output.as_slice()));
            set(&shapes, name, &shape(&graph, *node));
        }
        set(&object, "outputs", &values);
        set(&object, "shapes", &shapes);
        Ok(object.into())
    })
}

fn shape(graph: &Graph, node: NodeId) -> JsValue {
    plain(&graph.node(node).shape.dims())
}

/// Returns the `count` most probable classes, the most probable first. There are none if a score is not finite.
fn top(classes: Classes, scores: &[f32], probabilities: &[f32], count: usize) -> JsValue {
    if scores.iter().any(|score| !score.is_finite()) {
        return Array::new().into();
    }
    let order = greatest_first(probabilities.len(), |class| probabilities[class]);
    let row = |&class: &usize| {
        let object = Object::new();
        set(&object, "class", &(class as f64).into());
        set(&object, "name", &text(classes.name(class)));
        set(&object, "score", &scores.get(class).copied().map_or(JsValue::NULL, JsValue::from));
        set(&object, "probability", &probabilities[class].into());
        object
    };
    order.iter().take(count).map(row).collect::<Array>().into()
}

/// The method `bench(options)`.
pub(in crate::app) fn bench(options: &JsValue) -> JsValue {
    let read = || -> Result<_, SessionError> {
        let network = |name: &str| net::network(name).ok().map(|graph| graph.name.to_owned());
        let default = bench::TimingPlan::default();
        let plan = bench::TimingPlan {
            networks: list(options, "networks", "an array of networks' names", network)?.unwrap_or(default.networks),
            engines: list(options, "engines", "an array of 'gpu' and 'cpu'", EngineKind::named)?
                .unwrap_or(default.engines),
            passes: above_zero(options, "passes")?.map_or(default.passes, |passes| passes.ceil() as usize),
            seconds: above_zero(options, "seconds")?.unwrap_or(default.seconds),
        };
        Ok((plan, listener(options)?, signal(options)?))
    };
    let read = read();
    enqueue(async move {
        let (plan, tell, signal) = read?;
        let report = |doing: Option<bench::TimingProgress>, _: &bench::TimingReport| {
            if let Some(doing) = doing {
                let event = Object::new();
                set(&event, "phase", &"bench".into());
                set(&event, "doing", &doing.to_string().into());
                tell(&event);
            }
        };
        Ok(plain(&bench::run(&plan, signal.as_ref(), &report).await?))
    })
}

/// The method `stored()`.
pub(in crate::app) fn stored() -> JsValue {
    enqueue(async {
        let row = |listed: store::StoredFileInfo| {
            let object = Object::new();
            set(&object, "url", &listed.url.into());
            set(&object, "received", &(listed.received as f64).into());
            set(&object, "total", &count(listed.total));
            set(&object, "whole", &listed.is_complete.into());
            set(&object, "sha256", &text(listed.sha256.as_deref()));
            object
        };
        Ok(store::list().await?.into_iter().map(row).collect::<Array>().into())
    })
}

/// The method `forget(url)`.
pub(in crate::app) fn forget(url: &JsValue) -> JsValue {
    let wanted = remote_file(&url.as_string().unwrap_or_default());
    enqueue(async move { Ok(store::forget(&wanted?.url).await?.into()) })
}
