// Export: other programs (PIL, numpy, safetensors, an XML parser) can read every file. Also the link, the frame for
// another page, and that frame in a page of another origin.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import {
  accessibility, assertNoErrors, base, browsers, button, launch, newPage, open, python, ready, screenshot, settled,
  still, until,
} from './harness.mjs';

const activation = (page, name) => page.evaluate(async (node) => Array.from(await window.layerscope.activation(node)), name);
const stateOf = (page) => page.evaluate(() => window.layerscope.state());

/** Opens the panel. */
const unfold = (page) => page.getByText('Save and share', { exact: true }).click();

/** Presses a button that saves a file. Returns the name and the path of the file. */
async function take(page, name, folder) {
  const [download] = await Promise.all([page.waitForEvent('download'), button(page, name).click()]);
  const file = download.suggestedFilename();
  const path = join(folder, file);
  await download.saveAs(path);
  await page.getByRole('status', { name: 'What was saved or copied' }).getByText(`${file} is saved.`).waitFor();
  return { file, path };
}

/** Runs Python code with the paths as arguments, and parses its output as JSON. */
async function read(lines, ...paths) {
  const { stdout } = await promisify(execFile)(python, ['-c', lines.join('\n'), ...paths], { maxBuffer: 1 << 28 });
  return JSON.parse(stdout);
}

describe('export', () => {
  let folder;
  before(async () => { folder = await mkdtemp(join(tmpdir(), 'layerscope-take-')); });
  after(() => rm(folder, { recursive: true }));

  for (const { webgpu, name } of browsers) {
    describe(name, () => {
      let browser;
      before(async () => { browser = await launch({ webgpu }); });
      after(() => browser?.close());
      const engine = webgpu ? 'gpu' : 'cpu';

      test('a map as PNG, CSV and .npy', async () => {
        const page = await open(browser, `?net=resnet20-cifar&engine=${engine}&unfolded=stem&layer=relu&map=5`);
        await settled(page);
        await unfold(page);
        const map = (await activation(page, 'relu')).slice(5 * 1024, 6 * 1024);
        const npy = await take(page, 'Save this map as .npy', folder);
        assert.equal(npy.file, 'resnet20-cifar-relu-map6.npy');
        const array = await read(['import numpy, json, sys', 'a = numpy.load(sys.argv[1], allow_pickle=False)',
          'print(json.dumps({"shape": a.shape, "type": str(a.dtype), "values": a.ravel().astype(float).tolist()}))'], npy.path);
        assert.deepEqual([array.shape, array.type], [[32, 32], 'float32']);
        assert.deepEqual(array.values, map);
        const csv = await take(page, 'Save this map as CSV', folder);
        const table = await read(['import numpy, json, sys', 'a = numpy.loadtxt(sys.argv[1], delimiter=",", dtype=numpy.float32)',
          'print(json.dumps({"shape": a.shape, "values": a.ravel().astype(float).tolist()}))'], csv.path);
        assert.deepEqual([table.shape, table.values], [[32, 32], map]);
        const png = await take(page, 'Save this map as PNG', folder);
        const picture = await read(['import json, sys', 'from PIL import Image', 'i = Image.open(sys.argv[1]); i.load()',
          'n = i.width // 32; c = i.convert("RGB")',
          'cells = [c.getpixel((x * n + n // 2, y * n + n // 2)) for y in range(32) for x in range(32)]',
          'print(json.dumps({"format": i.format, "size": i.size, "cells": cells}))'], png.path);
        assert.deepEqual([picture.format, picture.size], ['PNG', [512, 512]]);
        // Equal values have equal colours, and in the light theme greater values are not lighter.
        const order = map.map((value, i) => [value, picture.cells[i].reduce((a, b) => a + b)]).sort(([a], [b]) => a - b);
        order.slice(1).forEach(([, light], i) => assert.ok(light <= order[i][1] + 3, `${i}: ${light} after ${order[i][1]}`));
        assert.ok(order[0][1] - order.at(-1)[1] > 200);
        assertNoErrors(page);
        await page.context().close();
      });

      test('the architecture as SVG', async () => {
        const page = await open(browser, `?net=googlenet&weights=seed:1&engine=cpu&unfolded=inception3a&cut=inception4b/lane2`);
        await unfold(page);
        const { path, file } = await take(page, 'Save the architecture as SVG', folder);
        assert.equal(file, 'googlenet.svg');
        const found = await read(['import json, sys', 'import xml.etree.ElementTree as tree', 'root = tree.parse(sys.argv[1]).getroot()',
          'words = ["".join(e.itertext()) for e in root.iter() if e.tag.endswith("}text")]',
          'tags = sorted({e.tag.split("}")[1] for e in root.iter()})',
          'print(json.dumps({"tag": root.tag, "box": root.get("viewBox"), "words": words, "tags": tags}))'], path);
        assert.equal(found.tag, '{http://www.w3.org/2000/svg}svg');
        assert.match(found.box, /^[\d. -]+$/);
        for (const word of ['GoogLeNet', 'branch2_reduce', 'inception5b', 'aux1', 'switched off']) {
          assert.ok(found.words.some((text) => text.includes(word)), `${word} is not among ${found.words}`);
        }
        assert.ok(!found.tags.some((tag) => ['script', 'foreignObject', 'image'].includes(tag)), `${found.tags}`);
        // The browser draws the file as it is.
        const drawn = await page.evaluate(async (text) => {
          const image = new Image();
          image.src = `data:image/svg+xml,${encodeURIComponent(text)}`;
          await image.decode();
          return [image.naturalWidth, image.naturalHeight];
        }, await readFile(path, 'utf8'));
        assert.ok(drawn.every((side) => side > 300), `${drawn}`);
        await page.context().close();
      });

      test('all activations, with an ablation', async () => {
        const page = await open(browser, `?net=resnet18-cifar10&engine=${engine}&cut=layer2.0/shortcut`);
        await settled(page);
        await unfold(page);
        const { path, file } = await take(page, 'Save all activations as .safetensors', folder);
        assert.equal(file, 'resnet18-cifar10-activations.safetensors');
        const found = await read(['import json, sys', 'from safetensors import safe_open',
          'with safe_open(sys.argv[1], framework="numpy") as f:',
          '    shapes = {k: list(f.get_slice(k).get_shape()) for k in f.keys()}',
          '    print(json.dumps({"shapes": shapes, "metadata": f.metadata(), "logits": f.get_tensor("logits").ravel().astype(float).tolist(), "inner": f.get_tensor("layer2.0.bn1").ravel().astype(float).tolist()}))'], path);
        assert.deepEqual(found.shapes['layer2.0'], [1, 64, 8, 8]);
        assert.deepEqual(found.shapes.logits, [1, 10]);
        assert.equal(found.metadata.network, 'resnet18-cifar10');
        assert.equal(found.metadata.cut, 'layer2.0/shortcut');
        assert.ok(Object.keys(found.shapes).length > 60);
        const close = (seen, wanted) => seen.forEach((value, i) => assert.ok(Math.abs(value - wanted[i]) < 1e-4 * Math.max(1, Math.abs(wanted[i])), `${value}, not ${wanted[i]}`));
        close(found.logits, await activation(page, 'logits'));
        close(found.inner, await activation(page, 'layer2.0.bn1'));
        await page.context().close();
      });

      test('the stage as shown', async () => {
        const page = await open(browser, `?net=lenet5&engine=${engine}&digit=3&layer=C3`);
        await settled(page);
        await unfold(page);
        await still(page, page.locator('.stage-area'));
        const { path } = await take(page, 'Save the stage as PNG', folder);
        const box = await page.locator('.stage-area').boundingBox();
        const shot = join(folder, `stage-${engine}.png`);
        await writeFile(shot, await page.screenshot({ clip: box }));
        const { size, same } = await read(['import json, sys, numpy', 'from PIL import Image',
          'taken, seen = [Image.open(p).convert("RGB") for p in sys.argv[1:3]]', 'size = taken.size',
          'taken = taken.resize(seen.size, Image.BOX)',
          'off = numpy.abs(numpy.asarray(taken, float) - numpy.asarray(seen, float)).max(axis=2)',
          'print(json.dumps({"size": size, "same": float((off < 60).mean())}))'], path, shot);
        assert.ok(Math.abs(size[0] - 2 * box.width) < 3 && Math.abs(size[1] - 2 * box.height) < 3, `${size}`);
        // Buttons over the stage are left out, and text is smoothed differently. The rest is what the page shows.
        assert.ok(same > 0.95, `${same} of the pixels`);
        assertNoErrors(page);
        await page.context().close();
      });

      test('the link, and the frame in a page of another origin', async () => {
        const page = await open(browser, `?net=lenet5&engine=${engine}&digit=7&layer=S2&map=3&cut=C1:0`, { permissions: ['clipboard-read', 'clipboard-write'] });
        await settled(page);
        await unfold(page);
        const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
        await button(page, 'Copy the link').click();
        await page.getByText('The link was copied to the clipboard.').waitFor();
        const link = new URL(await clipboard());
        assert.deepEqual(['net', 'layer', 'map', 'digit', 'cut'].map((name) => link.searchParams.get(name)), ['lenet5', 'S2', '3', '7', 'C1:0']);
        await button(page, 'Copy a frame for another page').click();
        await page.getByText('The frame was copied to the clipboard: paste it into your page.').waitFor();
        const frame = await clipboard();
        assert.match(frame, /^<iframe src="[^"]*&amp;embed=" title="Layerscope" width="960" height="600"><\/iframe>$/);
        await page.context().close();

        const server = createServer((_, response) => {
          response.setHeader('content-type', 'text/html');
          response.end(`<!doctype html><title>A page of others</title><h1>A page of others</h1>${frame}`);
        });
        await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
        try {
          const other = await newPage(browser);
          await other.goto(`http://localhost:${server.address().port}/`);
          assert.notEqual(new URL(other.url()).origin, new URL(base).origin);
          const inner = await until('the frame', () => other.frames().find((one) => one.url().startsWith(base)), Boolean);
          await ready(inner);
          await settled(inner);
          const state = await stateOf(inner);
          assert.deepEqual([state.net, state.layer, state.cut], ['lenet5', 'S2', 'C1:0']);
          await inner.getByRole('region', { name: 'Stage' }).waitFor();
          await inner.getByRole('status', { name: 'Answer', exact: true }).waitFor();
          assert.equal(await inner.getByRole('navigation', { name: 'Families' }).isVisible(), false);
          assert.equal(await inner.getByRole('complementary', { name: 'Inspector' }).isVisible(), false);
          await inner.getByRole('button', { name: 'Next step' }).click();
          assert.equal((await stateOf(inner)).layer, 'C3');
          const open = inner.getByRole('link', { name: 'Open in Layerscope' });
          await until('the way out', () => open.getAttribute('href'), (href) => href.includes('layer=C3') && !href.includes('embed'));
          await screenshot(other, `embed-${engine}`);
          assertNoErrors(other);
          await other.context().close();
        } finally {
          server.close();
        }
      });

      test('the panel is accessible', async () => {
        const page = await open(browser, `?net=lenet5&engine=${engine}&digit=7`);
        await unfold(page);
        assert.deepEqual(await accessibility(page), []);
        await page.context().close();
      });
    });
  }
});
