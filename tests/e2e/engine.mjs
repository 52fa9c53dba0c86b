// What the command line's engine gives for one of the test pictures that ship, layer by layer.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { program, root } from './harness.mjs';

const COUNT = 300;
const SIDE = 32;
const pack = () => readFileSync(join(root, 'static', 'pictures', 'cifar10-test-300.bin'));

/** The class of picture `index` (`static/pictures/README.md`). */
export const classOf = (index) => pack()[index];

/** Every layer's output for picture `index`, by name. */
export function engine(network, index) {
  const folder = mkdtempSync(join(tmpdir(), 'layerscope-'));
  try {
    const [picture, dump, bytes] = [join(folder, 'picture.png'), join(folder, 'dump.safetensors'), pack()];
    const png = new PNG({ width: SIDE, height: SIDE });
    const start = COUNT + index * SIDE * SIDE * 3;
    for (let i = 0; i < SIDE * SIDE; i += 1) png.data.set([...bytes.subarray(start + 3 * i, start + 3 * i + 3), 255], 4 * i);
    writeFileSync(picture, PNG.sync.write(png));
    execFileSync(program, ['run', network, '--input', picture, '--dump', dump]);
    return tensors(readFileSync(dump));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function tensors(bytes) {
  const length = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, 8 + length));
  delete header.__metadata__;
  return Object.fromEntries(Object.entries(header).map(([name, { data_offsets: [from, to] }]) => {
    const own = Uint8Array.prototype.slice.call(bytes, 8 + length + from, 8 + length + to);
    return [name, [...new Float32Array(own.buffer)]];
  }));
}
