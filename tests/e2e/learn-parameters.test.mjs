// The lesson on the location of parameters: its numbers agree with the command line, and pooling removes the right
// share.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { button, launch, program } from './harness.mjs';
import { assertGood, fact, figure, openLesson, says, slide, slider } from './lesson.mjs';

const summary = (name) => [JSON.parse(execFileSync(program, ['summary', name, '--format', 'json'], { maxBuffer: 1e9 }))].flat()[0];
const grouped = (n) => n.toLocaleString('en-US');
const how = (page, name) => page.getByRole('group', { name, exact: true }).locator('.soft.mono').innerText();

describe('lesson parameters', () => {
  let browser;
  before(async () => { browser = await launch({ webgpu: false }); });
  after(() => browser?.close());

  test('parameters and multiplications agree with the command line', async () => {
    const page = await openLesson(browser, 'parameters');
    const net = summary('vgg16');
    const layers = net.layers.filter((row) => row.parameters > 0);
    // The lesson opens with the largest layer.
    await says(page, 'Its parameters', '102,764,544');
    assert.equal(await how(page, 'Its parameters'), '7×7×512×4096 + 4096');
    assert.equal(await figure(page, 'All parameters'), net.totals.parameters);
    assert.equal((await fact(page, 'Share of the network').innerText()).trim(), `${(100 * 102_764_544 / net.totals.parameters).toFixed(1)}%`);
    await slider(page, 'Layer').focus();
    await page.keyboard.press('Home');
    for (const layer of layers.slice(0, 3)) {
      await says(page, 'Its parameters', grouped(layer.parameters));
      await says(page, 'Its multiplications', grouped(layer.macs));
      await page.keyboard.press('ArrowRight');
    }
    await page.waitForURL(/layer=4/);
    await button(page, 'ResNet-50').click();
    await says(page, 'All parameters', grouped(summary('resnet50').totals.parameters));
    await page.getByText('already averages its last maps to 1×1').waitFor();
    await button(page, 'GoogLeNet').click();
    await says(page, 'All parameters', '6,998,552');
    await page.getByRole('checkbox', { name: 'Logarithmic scale' }).check();
    await assertGood(page);
    await page.context().close();
  });

  test('pooling divides the weights by the square of the side', async () => {
    const page = await openLesson(browser, 'parameters');
    await says(page, 'Saved', '0.0%');
    const rest = summary('vgg16').totals.parameters - 102_764_544;
    for (const side of [5, 2, 1]) {
      await slide(page, 'Side of the last maps', side);
      await says(page, 'First fully connected layer', grouped(side * side * 512 * 4096 + 4096));
      assert.equal(await figure(page, 'All parameters'), rest + side * side * 512 * 4096 + 4096);
    }
    await button(page, 'A single one').click();
    await says(page, 'First fully connected layer', grouped(512 * 1000 + 1000));
    // The convolutions alone, as in the columns of the paper.
    await says(page, 'All parameters', grouped(14_714_688 + 513_000));
    assert.match(page.url(), /parameters/);
    await page.context().close();
  });

  test('on a phone and in Chinese', async () => {
    const page = await openLesson(browser, 'parameters', '?lang=zh-CN&net=alexnet&side=3', { viewport: { width: 390, height: 844 } });
    await says(page, '第一个全连接层', grouped(3 * 3 * 256 * 4096 + 4096));
    await assertGood(page);
    await page.context().close();
  });
});
