// Layerscope, through `window.layerscope` (docs/api.md).

import { picture } from './seeded.mjs';

/** Loads the network with seeded weights. A pass keeps only the probabilities. */
export async function load({ network, backend, summary }) {
  const { layerscope } = window;
  const engine = backend === 'webgpu' ? 'gpu' : 'cpu';
  await layerscope.load(network, { weights: 'seed:1' });
  const input = picture(summary.input_shape.reduce((a, b) => a * b));
  let own;
  const run = async (keep) => {
    const result = await layerscope.run({ input, engine, keep });
    own = result.milliseconds;
    // The CPU engine takes over if WebGPU fails. That would be another benchmark.
    if (result.engine !== engine) throw new Error(`the ${result.engine} engine ran in place of the ${engine} engine`);
    return result;
  };
  // The CPU engine runs in a worker. Its own time excludes the messages to and from the worker.
  return { pass: () => run([]), own: () => own, scores: async () => (await run(['logits'])).outputs.logits };
}
