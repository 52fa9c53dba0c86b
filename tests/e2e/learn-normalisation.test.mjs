// The lesson on local response normalization: it agrees with the paper's formula, computed here from the command line's
// output of the first convolution.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { button, launch, program, until } from './harness.mjs';
import { activations } from './lesson-picture.mjs';
import { assertGood, fact, figure, openLesson, says, slide, slider } from './lesson.mjs';

const [CHANNELS, SIDE] = [48, 32];
const AREA = SIDE * SIDE;
const relu = (values) => values.map((value) => Math.max(0, value));

/** The formula of section 3.3, with maps counted from 0. */
function normalise(values, { k = 2, n = 5, alpha = 1e-4, beta = 0.75 } = {}) {
  return values.map((value, at) => {
    const [channel, place] = [Math.floor(at / AREA), at % AREA];
    let sum = 0;
    for (let c = Math.max(0, channel - Math.floor(n / 2)); c < Math.min(CHANNELS, channel + Math.ceil(n / 2)); c += 1) {
      sum += values[c * AREA + place] ** 2;
    }
    return value / (k + alpha * sum) ** beta;
  });
}

/** Max pooling with windows of 3x3 and stride 2. */
function pool(values) {
  const side = (SIDE - 3) / 2 + 1 | 0;
  return Array.from({ length: CHANNELS * side * side }, (_, at) => {
    const [channel, row, column] = [Math.floor(at / side / side), Math.floor(at / side) % side, at % side];
    let best = -Infinity;
    for (let y = 0; y < 3; y += 1) {
      for (let x = 0; x < 3; x += 1) best = Math.max(best, values[channel * AREA + (2 * row + y) * SIDE + 2 * column + x]);
    }
    return best;
  });
}

function factors(before, after) {
  const all = before.map((value, i) => (value === 0 ? null : after[i] / value)).filter((factor) => factor !== null);
  return { least: all.reduce((a, b) => Math.min(a, b)), mean: all.reduce((a, b) => a + b) / all.length };
}

const result = (text) => Number(text.split('=').at(-1).replaceAll('\u2212', '-'));

describe('the lesson on local response normalization', () => {
  let browser;
  let conv;
  before(async () => {
    browser = await launch({ webgpu: false });
    conv = [...activations('alexnet-cifar10', 12).conv1.values];
  });
  after(() => browser?.close());
  const factor = async (page, name, expected) =>
    until(name, () => fact(page, name).innerText(), (text) => Math.abs(Number(text.slice(1)) - expected) < 1e-4);

  test('the result is that of the formula', async () => {
    const page = await openLesson(browser, 'normalisation', '?picture=12&row=9&column=4&map=20');
    const read = relu(conv);
    for (const alpha of [1e-4, 0.1]) {
      await slide(page, 'α', Math.log10(alpha));
      const after = normalise(read, { alpha });
      const { least, mean } = factors(read, after);
      await factor(page, 'Left by k alone', 2 ** -0.75);
      await factor(page, 'Left on average', mean);
      await factor(page, 'Least that is left', least);
      const expected = after[20 * AREA + 9 * SIDE + 4];
      await until('one value', () => page.getByLabel('One value').innerText(), (text) => Math.abs(result(text) - expected) < 6e-4);
    }
    await slide(page, 'n', 9);
    await factor(page, 'Least that is left', factors(read, normalise(read, { alpha: 0.1, n: 9 })).least);
    await assertGood(page);
    await page.context().close();
  });

  test('the two orders differ by the stated amount', async () => {
    const page = await openLesson(browser, 'normalisation', '?picture=12&alpha=-1');
    const first = pool(normalise(relu(conv), { alpha: 0.1 }));
    const last = relu(pool(normalise(conv, { alpha: 0.1 })));
    const apart = first.map((value, i) => Math.abs(value - last[i]));
    const greatest = apart.reduce((a, b) => Math.max(a, b));
    // Differences below the precision of F32 do not count.
    const share = apart.filter((by) => by > 1e-8).length / apart.length;
    await says(page, 'Values that the order changes', /\d/);
    await until('share', () => figure(page, 'Values that the order changes'), (seen) => Math.abs(seen / 100 - share) < 0.02);
    const how = await page.getByRole('group', { name: 'Values that the order changes' }).innerText();
    assert.ok(Math.abs(Number(how.match(/by at most ([\d.]+)/)[1]) / greatest - 1) < 0.06, `${how}: ${greatest}`);
    await button(page, 'LRN → pooling → ReLU').click();
    await factor(page, 'Left on average', factors(conv, normalise(conv, { alpha: 0.1 })).mean);
    await page.context().close();
  });

  test('the results of VGG are the published ones', async () => {
    const page = await openLesson(browser, 'normalisation');
    const text = await page.locator('.lesson-text').innerText();
    const summary = (...net) => JSON.parse(execFileSync(program, ['summary', ...net, '--format', 'json'], { maxBuffer: 1e9 }));
    const columns = summary().filter(({ network }) => ['vgg11', 'vgg11-lrn'].includes(network));
    assert.equal(columns.length, 2);
    for (const { marks } of columns) assert.ok(text.includes(`${marks[0].top1}%`) && text.includes(`${marks[0].top5}%`), text);
    const layer = summary('vgg11-lrn').layers.find((one) => one.operation === 'local response normalization');
    assert.ok(text.includes(`${(layer.activation_bytes / 1e6).toFixed(1)}M`), text);
    await page.context().close();
  });

  test('by keyboard, narrow and in Chinese', async () => {
    const page = await openLesson(browser, 'normalisation', '?lang=zh', { viewport: { width: 390, height: 844 } });
    await slider(page, 'k').focus();
    await page.keyboard.press('ArrowRight');
    await says(page, '仅由 k 保留', `×${(2.5 ** -0.75).toFixed(4)}`);
    await assertGood(page);
    await page.context().close();
  });
});
