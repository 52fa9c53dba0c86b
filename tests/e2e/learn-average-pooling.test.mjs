// The lesson on global average pooling: its scores, computed as means, agree with the command line.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { button, launch, until } from './harness.mjs';
import { assertGood, fact, figure, openLesson, says } from './lesson.mjs';
import { activations } from './lesson-picture.mjs';

const CLASSES = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'];
const choose = (page, name) => page.getByRole('group', { name: 'Class', exact: true }).getByRole('button', { name: new RegExp(`^${name}`) }).click();

describe('lesson average-pooling', () => {
  let browser;
  before(async () => { browser = await launch({ webgpu: false }); });
  after(() => browser?.close());

  test('the mean over positions and the bias are the score of the engine', async () => {
    const page = await openLesson(browser, 'average-pooling', '?picture=31');
    await says(page, 'Weights of a fully connected layer', (7 * 7 * 1024 * 1024).toLocaleString('en-US'));
    await says(page, 'Weights of the pooling', '0');
    for (const [called, name] of [['GoogLeNet for CIFAR-10, 2×2', 'googlenet-cifar10'], ['ResNet-56 for CIFAR-10, 8×8', 'resnet56-cifar']]) {
      await button(page, called).click();
      const logits = activations(name, 31).logits.values;
      for (const class_ of [3, 9]) {
        await choose(page, CLASSES[class_]);
        await until('the score', () => fact(page, 'Score from the engine').innerText(), (text) => text.trim() === logits[class_].toFixed(3).replace('-', '−'));
        const parts = await figure(page, 'Mean over all positions') + await figure(page, 'Bias of the class');
        assert.ok(Math.abs(parts - logits[class_]) < 2e-3, `${name} ${class_}: ${parts}, ${logits[class_]}`);
        assert.ok(Math.abs(await figure(page, 'Mean plus bias') - logits[class_]) < 2e-3);
      }
    }
    await page.waitForURL(/net=resnet56-cifar.*class=9/);
    await assertGood(page);
    await page.context().close();
  });

  test('a map and its mean, by keyboard', async () => {
    const page = await openLesson(browser, 'average-pooling', '?picture=31');
    const text = page.locator('.averaged-one');
    await until('arithmetic', () => text.innerText(), (said) => /^Map \d+: mean \(/.test(said));
    const maps = activations('googlenet-cifar10', 31).inception5b.values;
    await page.locator('.averaged-map').nth(0).focus();
    await page.keyboard.press('Tab');
    const first = await text.innerText();
    await page.keyboard.press('Enter');
    const said = await until('another', () => text.innerText(), (now) => now !== first);
    const [number, mean] = said.replaceAll('−', '-').match(/Map (\d+): mean .* = (-?[\d.]+),/).slice(1).map(Number);
    const own = maps.slice((number - 1) * 4, number * 4);
    assert.ok(Math.abs(own.reduce((a, b) => a + b) / 4 - mean) < 1e-3, said);
    await page.context().close();
  });

  test('on a phone and in Chinese', async () => {
    const page = await openLesson(browser, 'average-pooling', '?lang=zh-CN', { viewport: { width: 390, height: 844 } });
    await until('a score', () => fact(page, '引擎给出的得分').innerText(), (text) => /\d/.test(text));
    await assertGood(page);
    await page.context().close();
  });
});
