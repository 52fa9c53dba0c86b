// Networks that differ from their declaration: a transformed input, and files with other numbers of classes.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { answerText, assertNoErrors, browsers, launch, open, root, until } from './harness.mjs';

const FIXTURES = join(root, 'tests', 'fixtures');
const NETWORK = 'googlenet-torchvision';
const CHOICE = 'Transform the input (transform_input)';
const CIFAR = 'resnet20-cifar';

/** Returns a safetensors file whose last layer keeps its first `classes` rows. */
function cut(bytes, classes) {
  const length = Number(bytes.readBigUInt64LE());
  const header = JSON.parse(bytes.subarray(8, 8 + length));
  const { __metadata__: metadata, ...tensors } = header;
  const [head, parts] = [{ __metadata__: metadata }, []];
  let end = 0;
  for (const [name, { dtype, shape, data_offsets: [from, to] }] of Object.entries(tensors)) {
    const rows = name.startsWith('fc.') ? classes : shape[0];
    const part = bytes.subarray(8 + length + from, 8 + length + from + (to - from) / shape[0] * rows);
    head[name] = { dtype, shape: [rows, ...shape.slice(1)], data_offsets: [end, end + part.length] };
    end += part.length;
    parts.push(part);
  }
  let text = JSON.stringify(head);
  text += ' '.repeat((8 - text.length % 8) % 8);
  const start = Buffer.alloc(8);
  start.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([start, Buffer.from(text), ...parts]);
}

const layers = (page) => page.evaluate(() => window.layerscope.state().steps);
const logits = (page) => page.evaluate(async () => Array.from(await window.layerscope.activation('logits'))).catch(() => []);
const openFile = (page, name, buffer) =>
  page.getByLabel('Open a file').setInputFiles({ name, mimeType: 'application/octet-stream', buffer });

for (const { webgpu, name: title } of browsers) {
  describe(`networks with options ${title}`, () => {
    let browser;
    before(async () => { browser = await launch({ webgpu }); });
    after(() => browser?.close());

    test('scripts run GoogLeNet with the transformed input as PyTorch does', async () => {
      const { activations } = JSON.parse(await readFile(join(FIXTURES, `${NETWORK}-transform.json`), 'utf8'));
      const wanted = activations.filter(({ name }) => name === 'transform_input' || name === 'logits');
      const photo = [...await readFile(join(FIXTURES, 'cat.png'))];
      const page = await open(browser);
      const got = await page.evaluate(async ([network, values, names]) => {
        const { layerscope } = window;
        const loaded = await layerscope.load(network, { weights: 'seed:1', transformInput: true });
        const picture = await createImageBitmap(new Blob([new Uint8Array(values)]), { colorSpaceConversion: 'none' });
        const context = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
        context.drawImage(picture, 0, 0);
        const { data, width, height } = context.getImageData(0, 0, picture.width, picture.height);
        const [side, means, deviations] = [224, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]];
        const input = Float32Array.from({ length: 3 * side * side }, (_, i) => {
          const [c, y, x] = [Math.floor(i / (side * side)), Math.floor(i / side) % side, i % side];
          const at = Math.floor((2 * y + 1) * height / (2 * side)) * width + Math.floor((2 * x + 1) * width / (2 * side));
          return (data[4 * at + c] / 255 - means[c]) / deviations[c];
        });
        const { outputs } = await layerscope.run({ input, keep: names });
        return { loaded, outputs: names.map((name) => Array.from(outputs[name])) };
      }, [NETWORK, photo, wanted.map(({ name }) => name)]);
      assert.equal(got.loaded.transformInput, true);
      assert.equal(got.loaded.layers[1], 'transform_input');
      for (const [i, { name, std, samples }] of wanted.entries()) {
        for (const [at, expected] of samples) {
          const error = Math.abs(got.outputs[i][at] - expected);
          assert.ok(error <= 1e-3 * std + 1e-6, `${name}[${at}]: ${got.outputs[i][at]}, expected ${expected}`);
        }
      }
      assertNoErrors(page);
      await page.context().close();
    });

    test('the step is chosen in the panel of the weights, and is part of the link', async () => {
      const page = await open(browser, `?net=${NETWORK}`);
      const panel = page.getByRole('region', { name: 'Weights' });
      await panel.locator('summary').click();
      const choice = panel.getByRole('checkbox', { name: CHOICE });
      assert.equal(await choice.isChecked(), false);
      const [before, plain] = [await layers(page), await until('scores', () => logits(page), (scores) => scores.length === 1000)];
      await choice.check();
      await until('one step more', () => layers(page), (count) => count === before + 1);
      const changed = await until('other scores', () => logits(page), (scores) => scores.length === 1000 && scores.some((score, i) => Math.abs(score - plain[i]) > 1e-3));
      await until('the link', async () => new URL(page.url()).searchParams.get('transform'), (value) => value === '1');
      // The link opens the same network, and its layer by name.
      const other = await open(browser, `?net=${NETWORK}&transform=1&layer=transform_input`);
      assert.equal(await other.evaluate(() => window.layerscope.state().layer), 'transform_input');
      const same = await until('scores there', () => logits(other), (scores) => scores.length === 1000);
      same.forEach((score, i) => assert.ok(Math.abs(score - changed[i]) < 1e-2, `${i}: ${score}, ${changed[i]}`));
      await other.context().close();
      await choice.uncheck();
      await until('the step gone', () => layers(page), (count) => count === before);
      assertNoErrors(page);
      await page.context().close();
    });

    test('files with other numbers of classes open, and say what they answer', async () => {
      const whole = await readFile(join(root, 'static', 'weights', `${CIFAR}.safetensors`));
      const page = await open(browser, `?net=${CIFAR}`);
      await page.getByRole('region', { name: 'Weights' }).locator('summary').click();
      const all = await until('scores', () => logits(page), (scores) => scores.length === 10);
      for (const classes of [2, 1, 5]) {
        await openFile(page, `${classes}.safetensors`, cut(whole, classes));
        const scores = await until(`${classes} scores`, () => logits(page), (values) => values.length === classes);
        scores.forEach((score, i) => assert.ok(Math.abs(score - all[i]) < 1e-2, `${i}: ${score}, ${all[i]}`));
        const said = await until('the answer', () => answerText(page), (text) => (classes === 1) === /One output: .*\n*.*sigmoid is/su.test(text));
        // Their names are not known, and no probability stands for a single score.
        assert.doesNotMatch(said, /cat|dog|ship/u);
      }
      await openFile(page, 'whole.safetensors', whole);
      await until('all classes again', () => logits(page), (scores) => scores.length === 10);
      assertNoErrors(page);
      await page.context().close();
    });
  });
}
