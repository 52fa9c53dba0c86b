// The lesson on halving the resolution: its stages agree with the command line, its experiment with arithmetic.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { button, launch, program, until } from './harness.mjs';
import { assertGood, openLesson, says, slide, slider } from './lesson.mjs';

const summary = (name) => JSON.parse(execFileSync(program, ['summary', name, '--format', 'json'], { maxBuffer: 1e9 }));

/** Returns maps and MACs by the side of the maps. The layers of a residual block count with the side of its output. */
function stages(name) {
  const [found, { layers }] = [new Map(), summary(name)];
  for (const layer of layers.filter(({ output_shape }) => output_shape.length === 4)) {
    const block = layers.find((other) => other.name === layer.name.match(/^layer\d+\.\d+/)?.[0]) ?? layer;
    const [maps, side] = [layer.output_shape[1], block.output_shape[2]];
    const stage = found.get(side) ?? { side, convolutions: 0, macs: 0 };
    found.set(side, { side, maps, convolutions: stage.convolutions + (layer.operation === 'convolution'), macs: stage.macs + layer.macs });
  }
  return [...found.values()].filter((stage) => stage.convolutions > 0);
}

const row = (page, name) => page.locator('.stages tbody tr').filter({ has: page.getByRole('rowheader', { name, exact: true }) }).locator('td').evaluateAll((cells) => cells.map((cell) => (cell.dataset.value ? Number(cell.dataset.value) : null)));
const costs = (page) => page.locator('.rung output').evaluateAll((outputs) => outputs.map((output) => Number(output.dataset.value)));

describe('halving', () => {
  let browser;
  before(async () => { browser = await launch({ webgpu: false }); });
  after(() => browser.close());

  test('stages agree with the layers', async () => {
    const page = await openLesson(browser, 'halving');
    for (const [title, name] of [['ResNet-50', 'resnet50'], ['VGG-16 (D)', 'vgg16'], ['AlexNet', 'alexnet'], ['LeNet-5', 'lenet5'], ['ResNet-18', 'resnet18']]) {
      await button(page, title).click();
      const expected = stages(name);
      await until(name, () => row(page, 'Side'), (sides) => sides.join() === expected.map(({ side }) => side).join());
      assert.deepEqual(await row(page, 'Maps at its end'), expected.map(({ maps }) => maps));
      assert.deepEqual(await row(page, 'Convolutions'), expected.map(({ convolutions }) => convolutions));
      assert.deepEqual(await row(page, 'MACs of the stage'), expected.map(({ macs }) => macs));
    }
    // ResNet's rule: a layer costs the same in all four stages.
    assert.deepEqual(await row(page, 'MACs of a 3×3 layer'), [null, ...Array(4).fill(56 * 56 * 64 * 64 * 9)]);
    await page.getByRole('button', { name: /^Stage 4:/ }).press('Enter');
    await says(page, 'MACs of a 3×3 layer', '×1');
    await says(page, 'Side', '×0.5');
    await says(page, 'Maps at its end', '×2');
    await until('address', () => page.url(), (url) => url.includes('stage=4'));
    await assertGood(page);
    await page.close();
  });

  test('only doubling keeps the cost', async () => {
    const page = await openLesson(browser, 'halving');
    const first = 56 * 56 * 64 * 64 * 9;
    assert.deepEqual(await costs(page), Array(4).fill(first));
    await slide(page, 'Maps at each halving', 1);
    assert.deepEqual(await costs(page), [first, first / 4, first / 16, first / 64]);
    await slide(page, 'Maps at each halving', 4);
    assert.deepEqual(await costs(page), [first, first * 4, first * 16, first * 64]);
    await slide(page, 'Maps at each halving', 2);
    await slider(page, 'Maps in the first stage').focus();
    await page.keyboard.press('ArrowRight');
    await until('width', () => costs(page), (all) => all.every((cost) => cost === 56 * 56 * 65 * 65 * 9));
    await page.close();
  });

  test('on a phone, in Chinese', async () => {
    const page = await openLesson(browser, 'halving', '?net=vgg19', { locale: 'zh-CN', viewport: { width: 390, height: 844 } });
    assert.deepEqual(await row(page, '边长'), [224, 112, 56, 28, 14]);
    await assertGood(page);
    await page.close();
  });
});
