// The command line's results for the CIFAR-10 pictures in the lessons. The page is compared with them.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { program, root, tensors } from './harness.mjs';

const COUNT = 300;
const SIDE = 32;

const pack = () => readFileSync(join(root, 'static', 'pictures', 'cifar10-test-300.bin'));

/** Returns the class of test picture number `index` (`static/pictures/README.md`). */
export const classOf = (index) => pack()[index];

/** Returns the output of every layer for test picture number `index`, by name, as computed by `layerscope run`. */
export function activations(network, index) {
  const bytes = pack();
  const png = new PNG({ width: SIDE, height: SIDE });
  for (let i = 0; i < SIDE * SIDE; i += 1) {
    const from = COUNT + (index * SIDE * SIDE + i) * 3;
    bytes.copy(png.data, i * 4, from, from + 3);
    png.data[i * 4 + 3] = 255;
  }
  const folder = mkdtempSync(join(tmpdir(), 'layerscope-lesson-'));
  try {
    const [picture, dump] = [join(folder, 'picture.png'), join(folder, 'dump.safetensors')];
    writeFileSync(picture, PNG.sync.write(png));
    execFileSync(program, ['run', network, '--input', picture, '--dump', dump]);
    return tensors(readFileSync(dump));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Returns a layer's row of `layerscope summary`. */
export function layer(network, name) {
  const summary = JSON.parse(execFileSync(program, ['summary', network, '--format', 'json'], { maxBuffer: 1e8 }));
  return summary.layers.find((one) => one.name === name);
}
