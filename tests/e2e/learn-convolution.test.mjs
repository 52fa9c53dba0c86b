// The lesson on convolution: its numbers agree with the command line and the paper, its window with the engine.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { button, launch, program, until } from './harness.mjs';
import { assertGood, fact, figure, openLesson, says, slide, slider } from './lesson.mjs';

/** The layers of LeNet-5 in `layerscope summary`, by name. */
const layers = Object.fromEntries(JSON.parse(execFileSync(program, ['summary', 'lenet5', '--format', 'json'], { maxBuffer: 1e9 })).layers.map((layer) => [layer.name, layer]));
const numeric = (text) => Number(text.replaceAll(',', '').replaceAll('\u2212', '-'));
const cell = (page, map, input) => page.getByRole('button', { name: `C3 map ${map} reads S2 map ${input}`, exact: true });

describe('convolution', () => {
  let browser;
  before(async () => { browser = await launch({ webgpu: false }); });
  after(() => browser.close());

  test('weights are counted shared, unshared and fully connected', async () => {
    const page = await openLesson(browser, 'convolution');
    assert.equal(await figure(page, 'Shared weights: a convolution'), layers.C1.parameters);
    // Connections as the paper counts them, including the biases.
    assert.equal(await figure(page, 'The same connections, weights not shared'), layers.C1.macs + 6 * 28 * 28);
    assert.equal(await figure(page, 'Fully connected layer'), 6 * 28 * 28 * (32 * 32 + 1));
    await page.getByText('12 parameters for 5,880 connections', { exact: false }).waitFor();
    await slide(page, 'Kernel', 7);
    await slide(page, 'Feature maps', 4);
    await says(page, 'Shared weights: a convolution', String(4 * (49 + 1)));
    assert.equal(await figure(page, 'The same connections, weights not shared'), 4 * 26 * 26 * (49 + 1));
    await until('address', () => page.url(), (url) => url.includes('kernel=7') && url.includes('maps=4'));
    await assertGood(page);
    await page.close();
  });

  test('the sum of the window is the output of the engine', async () => {
    const page = await openLesson(browser, 'convolution', '?x=12&y=10&map=3');
    await says(page, 'Value in C1', /\d/);
    const check = async () => {
      const sum = await figure(page, 'Sum of the products');
      const how = await page.getByRole('group', { name: 'Value in C1', exact: true }).locator('.mono.soft').innerText();
      const [, shown, sign, bias] = how.match(/\(([−\d.]+) ([+−]) ([\d.]+)\)/);
      assert.equal(numeric(shown), sum);
      const total = sum + (sign === '+' ? 1 : -1) * numeric(bias);
      const value = await figure(page, 'Value in C1');
      // Each of the values has two decimals.
      assert.ok(Math.abs(1.7159 * Math.tanh((2 / 3) * total) - value) < 0.03, `${how} = ${value}`);
      return value;
    };
    const before = await check();
    await slider(page, 'Column').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await until('window', () => slider(page, 'Column').inputValue(), (value) => value === '14');
    assert.notEqual(await check(), before);
    // The pointer moves the window by its centre.
    const box = await page.getByRole('img', { name: 'Digit with window' }).boundingBox();
    await page.mouse.click(box.x + (box.width * 20.5) / 32, box.y + (box.height * 7.5) / 32);
    await until('window', () => Promise.all(['Column', 'Row'].map((name) => slider(page, name).inputValue())), (at) => at.join() === '18,5');
    await check();
    await page.close();
  });

  test('Table I compared with all connections', async () => {
    const page = await openLesson(browser, 'convolution');
    assert.equal(await figure(page, 'Parameters of C3'), layers.C3.parameters);
    assert.equal(await figure(page, 'Connections'), layers.C3.macs + 1600);
    assert.equal(await fact(page, 'Different inputs').innerText(), '16 / 16');
    await says(page, 'LeNet-5 answers', /^\d$/);
    await button(page, 'All connected').click();
    await says(page, 'Parameters of C3', (16 * (6 * 25 + 1)).toLocaleString('en-US'));
    await says(page, 'Different inputs', '1 / 16');
    await button(page, 'Table I').click();
    await says(page, 'Different inputs', '16 / 16');
    // By keyboard: the first cell, then the one to its right, which Table I does not connect.
    await cell(page, 1, 1).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await says(page, 'Parameters of C3', (1516 + 25).toLocaleString('en-US'));
    assert.equal(await cell(page, 2, 1).getAttribute('aria-pressed'), 'true');
    await page.getByText('are untrained', { exact: false }).waitFor();
    await assertGood(page);
    await page.close();
  });

  test('on a phone, in Chinese', async () => {
    const page = await openLesson(browser, 'convolution', '', { locale: 'zh-CN', viewport: { width: 390, height: 844 } });
    await says(page, 'C3 的参数', '1,516');
    await says(page, 'LeNet-5 的回答', /^\d$/);
    await assertGood(page);
    await page.close();
  });
});
