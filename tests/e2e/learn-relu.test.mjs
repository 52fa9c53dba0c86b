// The lesson on ReLU: its arithmetic agrees with JavaScript's own, and networks are trained in the page.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, recorded, rested, stays, until } from './harness.mjs';
import { assertGood, fact, figure, openLesson, slide, slider } from './lesson.mjs';

let browser;
before(async () => { browser = await launch({ webgpu: false }); });
after(() => browser?.close());

/** Returns the cells of a function's row: value, derivative, product. */
const row = (page, name) => page.getByRole('row').filter({ has: page.getByRole('rowheader', { name, exact: true }) }).getByRole('cell').allInnerTexts();

/** Parses a number in the page's notation. */
const read = (text) => {
  const [mantissa, power = '0'] = text.replaceAll('\u2212', '-').split(' × 10⁻');
  return Number(mantissa) * 10 ** -Number([...power].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(digit) < 0 ? digit : '⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(digit)).join(''));
};

const near = (text, expected) => {
  const allowed = Math.max(Math.abs(expected) < 0.001 ? Math.abs(expected) * 0.006 : 0.00006, 1e-300);
  assert.ok(Math.abs(read(text) - expected) <= allowed, `${text}, expected ${expected}`);
};

const functions = {
  sigmoid: [(x) => 1 / (1 + Math.exp(-x)), (x) => Math.exp(-x) / (1 + Math.exp(-x)) ** 2],
  tanh: [Math.tanh, (x) => Math.cosh(x) ** -2],
  ReLU: [(x) => Math.max(0, x), (x) => (x > 0 ? 1 : 0)],
};

async function holds(page, x, layers, chained = false) {
  for (const [name, [f, slope]] of Object.entries(functions)) {
    const seen = await row(page, name);
    let [product, at] = [1, x];
    for (let layer = 0; layer < layers; layer++) {
      product *= slope(at);
      if (chained) at = f(at);
    }
    [f(x), slope(x), product].forEach((expected, cell) => near(seen[cell], expected));
  }
}

test('values, derivatives and their products agree with the functions', async () => {
  const page = await openLesson(browser, 'relu');
  await holds(page, 2, 8);
  await slide(page, 'Input x', -3.3);
  await slide(page, 'Layers n', 20);
  await holds(page, -3.3, 20);
  await page.getByRole('checkbox', { name: 'Each layer reads the output of the layer before' }).check();
  await holds(page, -3.3, 20, true);
  // By keyboard, and by dragging over the plot.
  await slider(page, 'Input x').press('ArrowRight');
  await holds(page, -3.2, 20, true);
  const plot = page.getByRole('img', { name: /^Sigmoid, tanh and ReLU/ });
  const box = await plot.boundingBox();
  const across = (share) => box.x + (24 + 226 * share) / 520 * box.width;
  await page.mouse.move(across(0.5), box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(across(0.75), box.y + box.height / 2, { steps: 4 });
  await page.mouse.up();
  await page.mouse.move(across(0.9), box.y + box.height / 2);
  await until('the place dragged to', () => slider(page, 'Input x').inputValue(), (seen) => Number(seen) === 3);
  await holds(page, 3, 20, true);
  await assertGood(page);
  await page.close();
});

const EPOCH = /epoch (\d+)/;
const epoch = async (page, name) => {
  const text = await page.getByRole('group', { name, exact: true }).innerText();
  return Number(text.match(EPOCH)[1]);
};

/** Records the epochs of a training, each of which may be shown for a moment only. */
async function epochsOf(page, name) {
  const texts = await recorded(page, (name) => document.querySelector(`[role="group"][aria-label="${name}"]`)?.textContent, name);
  return async () => (await texts()).map((text) => Number(text.match(EPOCH)[1]));
}

test('both networks are trained in workers: the error falls, and training pauses and restarts', async () => {
  const page = await openLesson(browser, 'relu');
  const [tanh, relu] = ['Training error, tanh', 'Training error, ReLU'];
  assert.equal(page.workers().length, 0);
  await page.getByRole('button', { name: 'Start' }).click();
  await until('first epochs', () => Promise.all([epoch(page, tanh), epoch(page, relu)]), (seen) => seen.every((n) => n >= 1), 60_000);
  assert.equal(page.workers().length, 2);
  const path = (name) => page.locator(`svg[aria-label^="Training error"] path.${name}:not(.drop)`).getAttribute('d');
  await until('some epochs', () => Promise.all([epoch(page, tanh), epoch(page, relu)]), (seen) => seen.every((n) => n >= 8), 90_000);

  await page.getByRole('button', { name: 'Pause' }).click();
  // The epochs that were under way may still end.
  const epochs = () => Promise.all([epoch(page, tanh), epoch(page, relu)]);
  const paused = await rested(page, 'both trainings', epochs, 30);
  for (let time = 0; time < 3; time += 1) await stays(page, epochs, paused);

  // One point per epoch; its height is the error.
  const heights = (d) => d.match(/[\d.]+ [\d.]+/g).map((point) => Number(point.split(' ')[1]));
  const first = [];
  for (const [place, name] of ['tanh', 'relu'].entries()) {
    const seen = heights(await path(name));
    assert.equal(seen.length, paused[place]);
    const errors = seen.map((y) => 1 - (y - 8) / 146);
    first.push(errors[0]);
    assert.ok(errors.at(-1) < errors[0] - 0.15, `${name}: ${errors.map((error) => error.toFixed(2))}`);
    const said = await figure(page, place === 0 ? tanh : relu) / 100;
    assert.ok(Math.abs(said - errors.at(-1)) < 0.002, `${said} said, ${errors.at(-1)} drawn`);
  }
  await page.getByRole('button', { name: 'Continue' }).click();
  await until('another epoch', () => epoch(page, relu), (seen) => seen > paused[1], 30_000);

  const slopes = (await fact(page, 'Mean f′, tanh / ReLU').innerText()).split(' / ').map(Number);
  assert.ok(slopes.length === 2 && slopes.every((slope) => slope > 0 && slope < 1), `${slopes}`);

  // The same seed gives the same first epoch.
  const repeated = await epochsOf(page, relu);
  await page.getByRole('button', { name: 'Repeat' }).click();
  await until('anew', repeated, (seen) => seen.some((n, at) => n < seen[at - 1]));
  await until('its first epoch', async () => (await path('relu')) ?? '', (d) => d.includes('M'), 30_000);
  assert.ok(Math.abs(1 - (heights(await path('relu'))[0] - 8) / 146 - first[1]) < 1e-9);

  // A new learning rate restarts that network.
  await until('a few', () => Promise.all([epoch(page, tanh), epoch(page, relu)]), (seen) => seen.every((n) => n >= 2), 60_000);
  const restarted = await epochsOf(page, tanh);
  await slider(page, 'Learning rate, tanh').press('ArrowLeft');
  await until('tanh anew', restarted, (seen) => seen.some((n, at) => n < seen[at - 1]));
  assert.ok(await epoch(page, relu) >= 2);

  // Leaving the lesson ends the workers.
  await page.locator('header .elsewhere').click();
  await until('no workers', () => page.workers().length, (count) => count === 0);
  await page.close();
});

test('in Chinese on a phone', async () => {
  const page = await openLesson(browser, 'relu', '', { locale: 'zh-CN', viewport: { width: 390, height: 844 } });
  await page.getByRole('button', { name: '开始' }).waitFor();
  await assertGood(page);
  await page.close();
});
