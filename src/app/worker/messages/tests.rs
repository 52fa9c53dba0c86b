//! Tests of the messages of workers, in a browser.

use js_sys::Float32Array;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Blob;

use super::*;

/// Writes a command and reads it.
fn carried(command: &WorkerCommand) -> WorkerCommand {
    let message = write(&Numbered { id: 7, body: command }).expect("should be written");
    let Numbered { id, body } = read(message).expect("should be read");
    assert_eq!(id, 7);
    body
}

#[wasm_bindgen_test]
fn a_seed_of_any_size_and_a_blob_reach_the_worker() {
    let options = GraphOptions { transform_input: true, classes: Some(5), without_auxiliary: true };
    let load = |weights| WorkerCommand::Load { network: "lenet5".to_owned(), options, weights };
    let seed = carried(&load(SendableWeights::Seed(u64::MAX)));
    assert!(matches!(seed, WorkerCommand::Load { weights: SendableWeights::Seed(u64::MAX), .. }));
    let blob = Blob::new().expect("should be a blob");
    let WorkerCommand::Load { network, options: sent, weights: SendableWeights::Blob(read) } =
        carried(&load(SendableWeights::Blob(blob.clone())))
    else {
        panic!("another command");
    };
    assert_eq!(sent, options);
    assert_eq!((network.as_str(), JsValue::from(read)), ("lenet5", JsValue::from(blob)));
    assert!(matches!(carried(&WorkerCommand::Cancel), WorkerCommand::Cancel));
}

#[wasm_bindgen_test]
fn the_input_of_a_pass_moves_without_a_copy() {
    let values = Float32Array::from([0.5, -1.0].as_slice());
    let pass = WorkerCommand::Pass {
        input: Values(values.clone()),
        nodes: vec![NodeId(3)],
        streaming: true,
        effects: None,
        stale: None,
    };
    assert_eq!(pass.transferred().get(0), JsValue::from(values.buffer()));
    let WorkerCommand::Pass { input, nodes, streaming, effects, stale } = carried(&pass) else {
        panic!("another command");
    };
    assert_eq!((nodes, streaming, effects, stale), (vec![NodeId(3)], true, None, None));
    // The message contains the array itself.
    assert_eq!(JsValue::from(input.0), JsValue::from(values));
}

#[wasm_bindgen_test]
fn ablations_of_every_kind_reach_the_worker() {
    for (name, text) in [("lenet5", "C1:0=0.5,C3:5/1"), ("resnet20-cifar", "layer2.0/shortcut,layer1.0/branch=0.25")] {
        let graph = net::network(name).expect("should be a network");
        let sent = net::Ablations::read(&graph, text).expect("should be ablations").effects(&graph);
        assert_ne!(sent, AblationFactors::default());
        let pass = WorkerCommand::Pass {
            input: Values(Float32Array::new_with_length(1)),
            nodes: Vec::new(),
            streaming: false,
            effects: Some(sent.clone()),
            stale: None,
        };
        let WorkerCommand::Pass { effects, .. } = carried(&pass) else { panic!("another command") };
        assert_eq!(effects, Some(sent), "{text}");
    }
}

#[wasm_bindgen_test]
fn steps_and_outputs_reach_the_page() {
    let values = Float32Array::from([1.5].as_slice());
    let step = Step { done: 1, total: 8, node: NodeId(2), milliseconds: 0.25 };
    let reply = WorkerReply::Steps([step].as_slice().into(), vec![(NodeId(2), Values(values.clone()))]);
    assert_eq!(reply.transferred().get(0), JsValue::from(values.buffer()));
    let message = write(&FromWorker::Reply(Numbered { id: 1, body: &reply })).expect("should be written");
    let Some(FromWorker::Reply(Numbered { id: 1, body: WorkerReply::Steps(steps, outputs) })) = read(message) else {
        panic!("another reply");
    };
    assert_eq!(steps.steps(), [step]);
    assert_eq!((outputs[0].0, outputs[0].1.0.to_vec()), (NodeId(2), vec![1.5]));
}

#[wasm_bindgen_test]
fn the_end_of_a_worker_is_read_as_its_script_writes_it() {
    // `static/worker.mjs` writes this message.
    let died = js_sys::JSON::parse(r#"{"died":"out of memory"}"#).expect("should be JSON");
    assert!(matches!(read(died), Some(FromWorker::<()>::Died(reason)) if reason == "out of memory"));
    let ready = write(&FromWorker::<()>::Ready).expect("should be written");
    assert!(matches!(read(ready), Some(FromWorker::<Numbered<WorkerReply>>::Ready)));
    assert!(read::<FromWorker<Numbered<WorkerReply>>>(JsValue::UNDEFINED).is_none());
}
