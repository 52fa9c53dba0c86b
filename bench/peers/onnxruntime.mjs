// onnxruntime-web: the network as an ONNX model.

import { picture } from './seeded.mjs';

const DIST = new URL('../modules/onnxruntime-web/dist/', import.meta.url).href;

/** Creates a session on one thread, or on WebGPU alone. Every pass reads the scores back. */
export async function load({ network, backend, summary }) {
  const ort = await import(`${DIST}${backend === 'webgpu' ? 'ort.webgpu.min.mjs' : 'ort.wasm.min.mjs'}`);
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.simd = true;
  ort.env.wasm.wasmPaths = DIST;
  ort.env.logLevel = 'error';
  const model = await fetch(new URL(`../models/${network}.onnx`, import.meta.url));
  if (!model.ok) throw new Error(`there is no ${network}.onnx: write it with bench/export.py`);
  const bytes = new Uint8Array(await model.arrayBuffer());
  const session = await ort.InferenceSession.create(bytes, { executionProviders: [backend], graphOptimizationLevel: 'all' });
  const dims = summary.input_shape;
  const values = picture(dims.reduce((a, b) => a * b));
  const [input] = session.inputNames, [output] = session.outputNames;
  const pass = async () => {
    const results = await session.run({ [input]: new ort.Tensor('float32', values, dims) });
    return results[output].getData();
  };
  return { pass };
}
