// The lesson residual-blocks: its numbers agree with the command line, and its sizes with figure 5 of the paper.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { launch, program, until } from './harness.mjs';
import { assertGood, fact, figure, openLesson, says, slide, slider } from './lesson.mjs';

const summary = (name) => JSON.parse(execFileSync(program, ['summary', name, '--format', 'json'], { maxBuffer: 1e9 }));
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();

/** Waits until the figures are those of the named network. */
async function isNetwork(page, name) {
  const { title, totals, depth } = summary(name);
  await says(page, 'Name', title);
  assert.equal(await figure(page, 'Parameters'), totals.parameters);
  assert.equal(await figure(page, 'MACs'), totals.macs);
  if (depth != null) assert.equal(await figure(page, 'Layers with weights'), depth);
}

describe('residual blocks', () => {
  let browser;
  before(async () => { browser = await launch({ webgpu: false }); });
  after(async () => { await browser.close(); });

  test('four numbers give the networks of the table', async () => {
    const page = await openLesson(browser, 'residual-blocks');
    await isNetwork(page, 'resnet18');
    for (const [stage, blocks] of [['conv2_x', 3], ['conv3_x', 4], ['conv4_x', 6], ['conv5_x', 3]]) {
      await slide(page, `Blocks in ${stage}`, blocks);
    }
    await isNetwork(page, 'resnet34');
    await press(page, '152 layers');
    await isNetwork(page, 'resnet152');
    assert.equal(await figure(page, 'Layers with weights'), 152);
    assert.equal(await page.locator('.residual-cell:not(.end)').count(), 3 + 8 + 36 + 3);
    // By keyboard, to a network that is not in the paper.
    await slider(page, 'Blocks in conv5_x').focus();
    await page.keyboard.press('ArrowRight');
    await says(page, 'Name', 'not in the paper');
    assert.equal(await figure(page, 'Layers with weights'), 155);
    await until('the address', () => page.url(), (url) => /conv4=36/.test(url) && /conv5=4/.test(url) && /kind=bottleneck/.test(url));
    await assertGood(page);
    await page.close();
  });

  test('a block has the sizes of figure 5', async () => {
    const page = await openLesson(browser, 'residual-blocks', '?width=128');
    const block = (name, network) => summary(network).layers.filter((layer) => layer.name.startsWith(`${name}.`) || layer.name === name);
    const sum = (layers, what) => layers.reduce((sum, layer) => sum + layer[what], 0);
    const isBlock = async (layers) => {
      await until('parameters', () => figure(page, 'Parameters, with BN'), (seen) => seen === sum(layers, 'parameters'));
      assert.equal(await figure(page, 'MACs of the block'), sum(layers, 'macs'));
    };
    await isBlock(block('layer2.1', 'resnet34'));
    await page.getByRole('checkbox', { name: 'First block of its stage', exact: true }).check();
    await isBlock(block('layer2.0', 'resnet34'));
    await page.getByRole('group', { name: 'Kind of block', exact: true }).getByRole('button', { name: 'Bottleneck', exact: true }).click();
    await isBlock(block('layer2.0', 'resnet50'));
    // 1x1 over 56x56 cells, 3x3 with stride 2, 1x1 to four times the channels, and a projection in parallel.
    const drawn = await page.locator('svg.residual-block').getAttribute('aria-label');
    for (const conv of ['1×1, 256→128', '3×3, 128→128 /2', '1×1, 128→512', '1×1, 256→512 /2']) assert.ok(drawn.includes(conv), `${drawn}: ${conv}`);
    await page.close();
  });

  test('small, dark and in Chinese', async () => {
    const page = await openLesson(browser, 'residual-blocks', '?kind=bottleneck&first=1', { viewport: { width: 390, height: 844 }, locale: 'zh-CN', colorScheme: 'dark' });
    await until('words', () => fact(page, '名称').innerText(), (seen) => seen === '论文中没有');
    await assertGood(page);
    await page.close();
  });
});
