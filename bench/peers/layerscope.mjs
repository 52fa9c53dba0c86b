// Ours, through `window.layerscope` as docs/api.md has it.

import { picture } from './seeded.mjs';

/** The network with seeded weights; a pass keeps nothing but the answer. */
export async function load({ network, backend, summary }) {
  const { layerscope } = window;
  const engine = backend === 'webgpu' ? 'gpu' : 'cpu';
  await layerscope.load(network, { weights: 'seed:1' });
  const input = picture(summary.input_shape.reduce((a, b) => a * b));
  let own;
  const run = async (keep) => {
    const result = await layerscope.run({ input, engine, keep });
    own = result.milliseconds;
    // The CPU takes over where WebGPU fails: that would be another benchmark.
    if (result.engine !== engine) throw new Error(`the ${result.engine} engine ran in place of the ${engine} engine`);
    return result;
  };
  // On the CPU the engine runs in a worker: what it says of itself is without the messages to it and back.
  return { pass: () => run([]), own: () => own, scores: async () => (await run(['logits'])).outputs.logits };
}
