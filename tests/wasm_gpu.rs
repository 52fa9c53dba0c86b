//! Tests of the GPU engine and its canvas in a real browser.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

use std::collections::BTreeMap;

use engine::gpu::{Gpu, GpuError, GpuNetwork, GpuOptions, ReadbackRequest};
use engine::{Extent, ExtentTable, OutputSlice};
use net::{NodeId, network};
use scene::paint::{
    Background, ColourScale, GpuCanvas, PaintPipeline, Painter, Ramp, Theme, Tile, TileGrid, can_show, rasterise,
};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};
use weights::Weights;

#[path = "gpu/fixture.rs"]
mod fixture;

wasm_bindgen_test_configure!(run_in_browser);

/// The same tolerance as in the native tests, in standard deviations of the fixture.
const FIXTURE_TOLERANCE: f64 = 1e-3;
/// The fragment shader against the rasteriser, per channel of eight bits.
const COLOUR: u8 = 1;

async fn gpu() -> Gpu {
    Gpu::new(&GpuOptions::default()).await.expect("should find a WebGPU adapter in the browser")
}

/// Returns slices of all outputs in the fixture.
fn everything(graph: &net::Graph, names: &[fixture::Activation]) -> Vec<OutputSlice> {
    names.iter().map(|a| OutputSlice::whole(graph, fixture::node(graph, &a.name))).collect()
}

#[wasm_bindgen_test]
async fn both_networks_agree_with_the_fixtures() {
    let gpu = gpu().await;
    for name in ["lenet5", "lenet5-modern"] {
        let graph = network(name).unwrap();
        let expected = fixture::activations(name);
        let read = ReadbackRequest { slices: everything(&graph, &expected), extents: true };
        let engine = GpuNetwork::new(&gpu, &graph, &Weights::seeded(&graph, 1)).await.unwrap();
        let reading = engine.pass(&fixture::input(&graph), &read, None).await.unwrap();
        for (activation, values) in expected.iter().zip(&reading.slices) {
            activation.compare(values, FIXTURE_TOLERANCE).unwrap();
        }
        let last = expected.iter().position(|a| a.name == "logits").unwrap();
        let scores = reading.extents[engine.maps().layer(graph.logits)];
        assert_eq!(scores, Extent::of(&reading.slices[last]));
    }
}

/// The counts are PyTorch's (`tests/fixtures/not_a_number.py`). They do not depend on the picture.
#[wasm_bindgen_test]
async fn one_nan_spreads_as_in_pytorch() {
    let counts: BTreeMap<String, BTreeMap<String, usize>> =
        serde_json::from_str(include_str!("fixtures/not-a-number.json")).unwrap();
    let gpu = gpu().await;
    for (name, counts) in counts {
        let graph = network(&name).unwrap();
        let mut tensors: BTreeMap<String, weights::Array> = Weights::seeded(&graph, 1).into_tensors().collect();
        tensors.get_mut("conv1.weight").unwrap().values[0] = f32::NAN;
        let weights = Weights::new(&graph, tensors, BTreeMap::new()).unwrap();
        let engine = GpuNetwork::new(&gpu, &graph, &weights).await.unwrap();
        let input: Vec<f32> = (0..graph.input.shape.elements()).map(|i| (i % 7) as f32 * 0.1).collect();
        let nodes: Vec<NodeId> = counts
            .keys()
            .map(|output| if output == "logits" { graph.logits } else { graph.find(output).unwrap() })
            .chain([graph.probabilities])
            .collect();
        let slices = nodes.iter().map(|&node| OutputSlice::whole(&graph, node)).collect();
        let reading = engine.pass(&input, &ReadbackRequest { slices, extents: false }, None).await.unwrap();
        let wanted = counts.iter().map(|(output, &count)| (output.as_str(), count)).chain([("probabilities", 10)]);
        for ((output, count), values) in wanted.zip(&reading.slices) {
            assert_eq!(values.iter().filter(|value| value.is_nan()).count(), count, "{name}: {output}");
        }
    }
}

#[wasm_bindgen_test]
async fn the_adapter_has_a_name() {
    let gpu = gpu().await;
    wasm_bindgen_test::console_log!("adapter: {} (software: {})", gpu.name(), gpu.is_software());
    assert_ne!(gpu.name(), "");
    // An adapter whose name marks it as software should be known as such.
    assert!(gpu.is_software() || !gpu.name().to_lowercase().contains("swiftshader"));
}

#[wasm_bindgen_test]
async fn a_lost_device_is_reported_and_another_works() {
    let graph = network("lenet5").unwrap();
    let weights = Weights::seeded(&graph, 1);
    let read = ReadbackRequest { slices: vec![OutputSlice::whole(&graph, graph.logits)], extents: false };
    let input = fixture::input(&graph);
    let first = gpu().await;
    let engine = GpuNetwork::new(&first, &graph, &weights).await.unwrap();
    let want = engine.pass(&input, &read, None).await.unwrap();
    // Destroy the device without the engine, as the browser would.
    let under_way = engine.submit(&input, &read, None).unwrap();
    let device = first.device().as_webgpu().expect("should be the browser's device");
    let destroy = js_sys::Reflect::get(device, &"destroy".into()).unwrap();
    destroy.unchecked_into::<js_sys::Function>().call0(device).unwrap();
    let broken = under_way.finish().await;
    // The running pass may have finished before the loss; the next one cannot succeed.
    assert!(matches!(&broken, Err(GpuError::Lost { .. })) || broken.is_ok(), "{broken:?}");
    let next = engine.pass(&input, &read, None).await;
    assert!(matches!(next, Err(GpuError::Lost { .. })), "{next:?}");
    assert!(first.is_lost());

    let second = gpu().await;
    let engine = GpuNetwork::new(&second, &graph, &weights).await.unwrap();
    assert_eq!(engine.pass(&input, &read, None).await.unwrap().slices, want.slices);
}

fn canvas(width: u32, height: u32) -> HtmlCanvasElement {
    let document = web_sys::window().unwrap().document().unwrap();
    let canvas: HtmlCanvasElement = document.create_element("canvas").unwrap().dyn_into().unwrap();
    canvas.set_width(width);
    canvas.set_height(height);
    canvas
}

/// Returns the bytes that a canvas shows, read through a 2D canvas.
fn seen(shown: &HtmlCanvasElement) -> Vec<u8> {
    let (width, height) = (shown.width(), shown.height());
    let copy = canvas(width, height);
    let context: CanvasRenderingContext2d = copy.get_context("2d").unwrap().unwrap().dyn_into().unwrap();
    context.draw_image_with_html_canvas_element(shown, 0.0, 0.0).unwrap();
    context.get_image_data(0.0, 0.0, f64::from(width), f64::from(height)).unwrap().data().0
}

/// Prints how long a pass takes as a page sees it, with the values that a page reads.
#[wasm_bindgen_test]
async fn a_pass_is_fast() {
    let gpu = gpu().await;
    let graph = network("lenet5").unwrap();
    let engine = GpuNetwork::new(&gpu, &graph, &Weights::seeded(&graph, 1)).await.unwrap();
    let input = fixture::input(&graph);
    let read = ReadbackRequest { slices: vec![OutputSlice::whole(&graph, graph.logits)], extents: true };
    let mut times = Vec::new();
    for _ in 0..50 {
        times.push(engine.pass(&input, &read, None).await.unwrap().elapsed_ms);
    }
    times.sort_by(f64::total_cmp);
    wasm_bindgen_test::console_log!("a pass: median {:.2} ms, p95 {:.2} ms", times[25], times[47]);
    assert!(times[25] < 1000.0, "a pass takes {} ms", times[25]);
}

/// A pass draws the input on a canvas in its own submit, and the canvas shows the same as the rasteriser. If this
/// browser leaves such canvases blank, passes must still work after the probe has found out.
#[wasm_bindgen_test]
async fn a_canvas_shows_what_a_pass_draws() {
    let shows = can_show(&GpuOptions::default()).await.unwrap();
    wasm_bindgen_test::console_log!("WebGPU canvases are shown: {shows}");
    let gpu = gpu().await;
    let graph = network("lenet5").unwrap();
    let engine = GpuNetwork::new(&gpu, &graph, &Weights::seeded(&graph, 1)).await.unwrap();
    let input = fixture::input(&graph);
    if !shows {
        engine.pass(&input, &ReadbackRequest { slices: Vec::new(), extents: true }, None).await.unwrap();
        return;
    }
    let target = canvas(10, 10);
    let mut screen = GpuCanvas::new(&gpu, target.clone()).unwrap();
    screen.resize(64, 64);
    assert_eq!((target.width(), target.height()), (64, 64));
    let mut painter = Painter::new(&PaintPipeline::new(&gpu, screen.format()), &engine);
    painter.set_size(64, 64);
    let (node, ramp, scale) = (NodeId(0), Ramp::Signed, ColourScale::Map);
    let tile = Tile {
        node,
        first: 0,
        columns: 32,
        rows: 32,
        rect: [0.0, 0.0, 64.0, 64.0],
        mosaic: TileGrid::one([0.0, 0.0, 64.0, 64.0]),
        ramp,
        scale,
        dim: 0.0,
        opacity: 1.0,
    };
    painter.set_tiles(&engine, &[tile]);
    let frame = screen.frame().unwrap();
    let mut draw = |encoder: &mut wgpu::CommandEncoder| painter.draw(encoder, frame.view(), Background::Transparent);
    let pending =
        engine.submit(&input, &ReadbackRequest { slices: Vec::new(), extents: true }, Some(&mut draw)).unwrap();
    screen.present(frame);
    // The browser takes the frame when this task ends, so read the canvas before.
    let picture = seen(&target);
    let reading = pending.finish().await.unwrap();
    let extent = tile.extent(&ExtentTable::new(&graph), &reading.extents, 0);
    let image = rasterise(&input, (32, 32), ramp, Theme::Light, extent, 0.0);
    for y in 0..64 {
        for x in 0..64 {
            let (at, cell) = ((y * 64 + x) * 4, (y / 2 * 32 + x / 2) * 4);
            for (got, want) in picture[at..at + 4].iter().zip(&image[cell..cell + 4]) {
                assert!(got.abs_diff(*want) <= COLOUR, "pixel {x},{y}: {got}, wanted {want}");
            }
        }
    }
}
