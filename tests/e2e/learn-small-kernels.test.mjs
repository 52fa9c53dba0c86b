// The lesson on small kernels: its numbers of weights agree with the paper, its receptive fields with those of VGG.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { button, launch, program, until } from './harness.mjs';
import { assertGood, fact, figure, openLesson, says, slide, slider } from './lesson.mjs';

const seen = (page) => page.getByRole('img', { name: /^The input from above/ }).getAttribute('aria-label').then((label) => Number(label.match(/receptive field: (\d+)/)[1]));

describe('small kernels', () => {
  let browser;
  before(async () => { browser = await launch({ webgpu: false }); });
  after(() => browser.close());

  test('the ratio is the same for any number of channels', async () => {
    const page = await openLesson(browser, 'small-kernels');
    for (const c of [64, 1, 333, 512]) {
      await slide(page, 'Channels C', c);
      await says(page, '3 × 3×3', (27 * c * c).toLocaleString('en-US'));
      assert.equal(await figure(page, '1 × 7×7'), 49 * c * c);
      // The paper says: 81% more.
      assert.equal(await fact(page, 'One large layer against the stack').innerText(), '+81.5%');
    }
    assert.equal(await fact(page, 'ReLUs').innerText(), '3 : 1');
    await button(page, '5×5').click();
    await says(page, '1 × 5×5', (25 * 512 * 512).toLocaleString('en-US'));
    await page.getByText('larger than the 5×5', { exact: false }).waitFor();
    await slider(page, 'Layers of 3×3').focus();
    await page.keyboard.press('ArrowLeft');
    await says(page, '2 × 3×3', (18 * 512 * 512).toLocaleString('en-US'));
    await page.getByText('the same as that of the one large kernel', { exact: false }).waitFor();
    await assertGood(page);
    await page.close();
  });

  test('the receptive field grows step by step, to that of VGG', async () => {
    const page = await openLesson(browser, 'small-kernels', '?layers=2');
    const { layers } = JSON.parse(execFileSync(program, ['summary', 'vgg16', '--format', 'json'], { maxBuffer: 1e9 }));
    const two = layers.filter((layer) => layer.op.conv2d ?? layer.operation === 'convolution')[1];
    assert.equal(await seen(page), two.receptive_field.size ** 2);
    for (const [followed, expected] of [[0, 1], [1, 9], [2, 14], [10, 25]]) {
      await slide(page, 'Pixels traced back', followed);
      await until('field', () => seen(page), (count) => count === expected);
    }
    await slide(page, 'Layers of 3×3', 5);
    await slide(page, 'Pixels traced back', 165);
    await until('field', () => seen(page), (count) => count === 121);
    await page.close();
  });

  test('on a phone, in Chinese', async () => {
    const page = await openLesson(browser, 'small-kernels', '', { locale: 'zh-CN', viewport: { width: 390, height: 844 } });
    await says(page, '3 个 3×3', (27 * 64 * 64).toLocaleString('en-US'));
    await assertGood(page);
    await page.close();
  });
});
