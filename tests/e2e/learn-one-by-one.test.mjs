// The lesson on 1x1 convolutions: the sum of a pixel agrees with the command line for that picture, the numbers with
// the graph, and the network's own weights with its file.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { button, launch, until } from './harness.mjs';
import { activations, layer } from './lesson-picture.mjs';
import { assertGood, openLesson, says, slide, slider } from './lesson.mjs';

const said = (page, output) => page.getByLabel('One pixel').getByLabel(`Output ${output}`, { exact: true });
const saysSum = (page, output, holds) => until(`output ${output}`, () => said(page, output).innerText(), holds);
const result = (text) => Number(text.split('=').at(-1).replaceAll('\u2212', '-'));

describe('the lesson on 1x1 convolutions', () => {
  let browser;
  let norm;
  before(async () => {
    browser = await launch({ webgpu: false });
    norm = activations('googlenet-cifar10', 12).norm1.values;
  });
  after(() => browser?.close());
  /** Returns the value of map `map` (from 0) at a pixel; maps are 16x16. */
  const at = (map, row, column) => norm[map * 256 + row * 16 + column];

  test('a pixel is the weighted sum of that pixel in all maps', async () => {
    const page = await openLesson(browser, 'one-by-one', '?row=5&column=6&picture=12');
    // At first, the second output is the mean of the four maps.
    const mean = [30, 16, 18, 1].reduce((sum, map) => sum + at(map, 5, 6), 0) / 4;
    await saysSum(page, 2, (text) => Math.abs(result(text) - mean) < 6e-4);
    await slide(page, 'Weight from Map 17 to Output 2', -0.6);
    await slide(page, 'Bias of Output 2', 0.1);
    const moved = mean + (-0.6 - 0.25) * at(16, 5, 6) + 0.1;
    await saysSum(page, 2, (text) => Math.abs(result(text) - moved) < 6e-4);
    await slide(page, 'Row', 9);
    const other = ([30, 18, 1].reduce((sum, map) => sum + at(map, 9, 6), 0)) / 4 - 0.6 * at(16, 9, 6) + 0.1;
    await saysSum(page, 2, (text) => Math.abs(result(text) - other) < 6e-4);
    await until('address', () => page.url(), (url) => url.includes('w22=-0.6') && url.includes('row=9'));
    await slide(page, 'Bias of Output 2', -1);
    await page.getByLabel('ReLU after the sum').check();
    await saysSum(page, 2, (text) => text.startsWith('max(0,') && result(text) === Math.max(0, Number((other - 1.1).toFixed(3))));
    await assertGood(page);
    await page.context().close();
  });

  test('numbers agree with the graph, and presets do what their names say', async () => {
    const page = await openLesson(browser, 'one-by-one', '?picture=12');
    await says(page, 'Here, with biases', '4 → 3');
    for (const [name, reduce] of [['inception3a, before 3×3', 'branch2_reduce'], ['inception3a, before 5×5', 'branch3_reduce']]) {
      const one = layer('googlenet', `inception3a.${reduce}`);
      const before = layer('googlenet', 'pool2');
      await says(page, name, `${before.output_shape[1]} → ${one.output_shape[1]}`);
      const how = await page.getByRole('group', { name, exact: true }).innerText();
      assert.ok(how.includes(`${one.parameters_arithmetic.replaceAll('*', '×')} = ${one.parameters.toLocaleString('en')}`), how);
    }
    await until('here', () => page.getByRole('group', { name: 'Here, with biases' }).innerText(), (text) => text.includes('3×(4×1+1) = 15'));
    const macs = (network, names) => names.reduce((sum, name) => sum + layer(network, name).macs, 0);
    const with5 = macs('googlenet', ['inception3a.branch3_reduce', 'inception3a.branch3']);
    const without = macs('googlenet-naive', ['inception3a.branch3']);
    const text = await page.locator('.lesson-text').innerText();
    for (const n of [with5, without]) assert.ok(text.includes(`${(n / 1e6).toFixed(1)}M`), `${n} in ${text}`);
    await button(page, 'Identity').click();
    await until('identity', () => slider(page, 'Weight from Map 19 to Output 3').inputValue(), (value) => value === '1');
    assert.equal(await button(page, 'Identity').getAttribute('aria-pressed'), 'true');
    await saysSum(page, 3, (seen) => Math.abs(result(seen) - at(18, 7, 9)) < 6e-4);
    await button(page, 'The network\'s own').click();
    await until('own', () => slider(page, 'Weight from Map 19 to Output 3').inputValue(), (value) => value !== '1');
    assert.equal(await button(page, 'Identity').getAttribute('aria-pressed'), 'false');
    await page.context().close();
  });

  test('by keyboard, by pressing a map, narrow and in Chinese', async () => {
    const page = await openLesson(browser, 'one-by-one', '?lang=zh', { viewport: { width: 390, height: 844 } });
    const weight = page.getByRole('slider').first();
    await weight.focus();
    await page.keyboard.press('ArrowLeft');
    await until('address', () => page.url(), (url) => url.includes('w11=0.99'));
    const map = page.getByRole('img', { name: '特征图 31', exact: true });
    await map.scrollIntoViewIfNeeded();
    const box = await map.boundingBox();
    await page.mouse.click(box.x + box.width * 0.1, box.y + box.height * 0.9);
    await until('pixel', () => page.url(), (url) => url.includes('row=14') && url.includes('column=1'));
    await assertGood(page);
    await page.context().close();
  });
});
