// One cell of C3: the page shows the values that the command line computes from the same drawing.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import {
  base, browsers, digits, draw, launch, map, number, open, pixel, program, ready, rested, root, settled, tensors, until,
} from './harness.mjs';

const SIZE = 28;

/** Returns a seven of one-pixel strokes with a soft edge, as bytes: both sides can represent it exactly. */
function seven() {
  const image = new Uint8Array(SIZE * SIZE);
  const put = (x, y, value) => { image[y * SIZE + x] = Math.max(image[y * SIZE + x], value); };
  const dot = (x, y) => {
    for (let dy = -1; dy <= 1; dy += 1) {
      for (let dx = -1; dx <= 1; dx += 1) put(x + dx, y + dy, dx && dy ? 90 : dx || dy ? 190 : 253);
    }
  };
  for (let x = 7; x <= 20; x += 1) dot(x, 6);
  for (let y = 6; y <= 23; y += 1) dot(Math.round(20 - (y - 6) * 0.45), y);
  return image;
}

/** Returns an IDX file with one image, in the format of MNIST. */
function idx(image) {
  const header = Buffer.alloc(16);
  [0x0803, 1, SIZE, SIZE].forEach((word, i) => header.writeUInt32BE(word, 4 * i));
  return Buffer.concat([header, image]);
}

/** Returns the outputs of the command line's pass over an image, by name. */
async function reference(image) {
  const folder = await mkdtemp(join(tmpdir(), 'layerscope-'));
  try {
    const input = join(folder, 'seven-images-idx3-ubyte');
    const dump = join(folder, 'dump.safetensors');
    await writeFile(input, idx(image));
    await promisify(execFile)(program, [
      'run', 'lenet5', '--weights', 'bundled', '--input', input, '--index', '0', '--engine', 'cpu', '--dump', dump,
    ], { cwd: root });
    return tensors(await readFile(dump));
  } finally {
    await rm(folder, { recursive: true });
  }
}

for (const { webgpu, name } of browsers) {
  describe(`one cell ${name}`, () => {
    const image = seven();
    let browser, expected;
    before(async () => {
      expected = await reference(image);
      browser = await launch({ webgpu });
    });
    after(() => browser?.close());

    async function opened() {
      const page = await open(browser, `?engine=${webgpu ? 'gpu' : 'cpu'}`);
      await page.evaluate((bytes) => window.layerscope.setInput(Float32Array.from(bytes, (byte) => byte / 255)), [...image]);
      await settled(page);
      return page;
    }

    test('every layer agrees with the command line', async () => {
      const page = await opened();
      // The tolerances of the engines are 1e-4 (CPU) and 1e-3 (GPU) of a layer's spread; activations are within ±1.72.
      const tolerance = webgpu ? 2e-3 : 2e-4;
      for (const [layer, { values }] of Object.entries(expected)) {
        const shown = await page.evaluate(async (node) => Array.from(await window.layerscope.activation(node)), layer);
        assert.equal(shown.length, values.length, layer);
        const scale = Math.max(1, ...values.map(Math.abs));
        shown.forEach((value, i) => assert.ok(Math.abs(value - values[i]) <= tolerance * scale, `${layer}[${i}]: ${value}, not ${values[i]}`));
      }
      await page.context().close();
    });

    test('pointing at a cell of C3 shows its sum', async () => {
      const page = await opened();
      const [, maps, height, width] = expected.C3.shape;
      for (const [index, y, x] of [[0, 2, 3], [9, 5, 5], [maps - 1, height - 1, width - 1]]) {
        const element = map(page, 'C3', index);
        await element.scrollIntoViewIfNeeded();
        const box = await element.boundingBox();
        await page.mouse.move(box.x + (x + 0.5) / width * box.width, box.y + (y + 0.5) / height * box.height);
        const state = await until('the pixel under the pointer', () => page.evaluate(() => window.layerscope.state()), (now) =>
          now.layer === 'C3' && now.map === index && now.y === y && now.x === x);
        const value = expected.C3.values[(state.map * height + state.y) * width + state.x];
        const close = (seen) => Math.abs(number(seen) - value) <= 6e-3;
        await until(`C3 map ${index} at ${y}, ${x} is ${value}`, () => pixel(page, 'output').innerText(), close);
        // The output is the activation function of the sum: 1.7159 tanh(2/3 a).
        const sum = number(await pixel(page, 'sum').innerText());
        assert.ok(Math.abs(1.7159 * Math.tanh(2 / 3 * sum) - value) <= 1e-2, `sum ${sum}, output ${value}`);
      }
      await page.context().close();
    });

    test('a link restores the same view', async () => {
      const page = await open(browser, `?engine=${webgpu ? 'gpu' : 'cpu'}&layer=C3&map=4&y=3&x=5`);
      await draw(page, digits[3]);
      await settled(page);
      const sight = async (on) => ({
        answer: (await on.getByRole('status', { name: 'Answer', exact: true }).innerText()).trim(),
        output: await pixel(on, 'output').innerText(),
        sum: await pixel(on, 'sum').innerText(),
        state: await on.evaluate(() => window.layerscope.state()),
      });
      // The pointer is still on the pad after drawing. The selection of the address must stay.
      const first = await rested(page, 'the sight', () => sight(page));
      assert.equal(first.state.layer, 'C3');
      assert.deepEqual([first.state.map, first.state.y, first.state.x], [4, 3, 5]);
      const link = await until('the drawing in the address', async () => page.url(), (url) => url.includes('ink='));
      assert.ok(link.startsWith(base), link);
      assert.ok(link.length < 8000, `an address of ${link.length} characters`);
      const other = await page.context().newPage();
      await other.goto(link);
      await ready(other);
      await until('the same sight', () => sight(other), (now) =>
        now.answer.at(0) === first.answer.at(0) && now.output === first.output && now.sum === first.sum
        && ['net', 'layer', 'map', 'y', 'x', 'step', 'ink'].every((key) => now.state[key] === first.state[key]));
      await page.context().close();
    });
  });
}
