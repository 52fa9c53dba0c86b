// The lesson on Inception: its numbers agree with the command line and the paper, by mouse and by keyboard.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { button, launch, program, until } from './harness.mjs';
import { assertGood, figure, openLesson, says, slide, slider } from './lesson.mjs';

/** Returns the costs of module 3a of a network by the command line. */
function counted(name) {
  const [net] = [JSON.parse(execFileSync(program, ['summary', name, '--format', 'json'], { maxBuffer: 1e9 }))].flat();
  const rows = net.layers.filter((row) => row.name.startsWith('inception3a'));
  const sum = (key) => rows.reduce((all, row) => all + row[key], 0);
  return { parameters: sum('parameters'), multiplications: sum('macs'), maps: rows.at(-1).output_shape[1] };
}

const grouped = (n) => n.toLocaleString('en-US');
const panel = (page, name) => page.getByRole('group', { name, exact: true });
const inPanel = async (page, name, of) =>
  Number((await panel(page, name).getByRole('group', { name: of, exact: true }).locator('output').innerText()).replaceAll(',', ''));

describe('lesson inception', () => {
  let browser;
  before(async () => { browser = await launch({ webgpu: false }); });
  after(() => browser?.close());

  test('the costs of both modules agree with the networks, and follow the sliders', async () => {
    const page = await openLesson(browser, 'inception');
    for (const [name, network] of [['With reductions', 'googlenet'], ['Naive', 'googlenet-naive']]) {
      const expected = counted(network);
      assert.equal(await inPanel(page, name, 'Multiplications'), expected.multiplications, network);
      assert.equal(await inPanel(page, name, 'Parameters'), expected.parameters, network);
      assert.equal(await inPanel(page, name, 'Maps out'), expected.maps, network);
    }
    assert.equal(await figure(page, '5×5 over all 192 maps: multiplications'), 28 * 28 * 32 * 5 * 5 * 192);
    assert.equal(await figure(page, 'reduced to 16 maps first: multiplications'), 28 * 28 * 16 * 192 + 28 * 28 * 32 * 5 * 5 * 16);
    const [before, naive] = [await inPanel(page, 'With reductions', 'Multiplications'), await inPanel(page, 'Naive', 'Multiplications')];
    // By keyboard: one step of the reduction is four maps.
    await slider(page, '#5×5 reduce').focus();
    await page.keyboard.press('ArrowRight');
    const through = 28 * 28 * 20 * 192 + 28 * 28 * 32 * 25 * 20;
    await says(page, 'reduced to 20 maps first: multiplications', grouped(through));
    assert.equal(await inPanel(page, 'With reductions', 'Multiplications'), before + through - 12_443_648);
    assert.equal(await inPanel(page, 'Naive', 'Multiplications'), naive);
    await slide(page, '#5×5', 64);
    await says(page, '5×5 over all 192 maps: multiplications', grouped(2 * 120_422_400));
    await slide(page, 'pool proj', 64);
    await until('maps', () => inPanel(page, 'With reductions', 'Maps out'), (maps) => maps === 64 + 128 + 64 + 64);
    assert.equal(await inPanel(page, 'Naive', 'Maps out'), 64 + 128 + 64 + 192);
    await page.waitForURL(/five-reduce=20/);
    await button(page, "The paper's widths").click();
    await says(page, 'reduced to 16 maps first: multiplications', '12,443,648');
    await assertGood(page);
    await page.context().close();
  });

  test('maps of the trained branches, on a phone and in Chinese', async () => {
    const page = await openLesson(browser, 'inception', '?lang=zh-CN', { viewport: { width: 390, height: 844 } });
    await page.getByRole('img', { name: '5×5，特征图 1', exact: true }).waitFor();
    await page.getByRole('img', { name: '池化，1×1，特征图 5', exact: true }).waitFor();
    assert.match(await page.locator('.lesson-text').innerText(), /4,944/);
    await assertGood(page);
    await page.context().close();
  });
});
