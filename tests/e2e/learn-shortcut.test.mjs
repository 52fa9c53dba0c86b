// The lesson on the shortcut: its errors agree with the training logs, its powers with arithmetic, and its answers with
// the command line.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { launch, root, until } from './harness.mjs';
import { assertGood, fact, figure, openLesson, says, slide, slider } from './lesson.mjs';

const names = { 'Plain-20': 'plain20-cifar', 'Plain-56': 'plain56-cifar', 'ResNet-20': 'resnet20-cifar', 'ResNet-56': 'resnet56-cifar' };
const errors = (name, epoch) => {
  const [head, ...lines] = readFileSync(join(root, 'static/weights', `${name}.csv`), 'utf8').trim().split('\n');
  const cells = lines[epoch - 1].split(',');
  return Object.fromEntries(head.split(',').map((column, place) => [column, Number(cells[place])]));
};
const blocks = (page) => page.getByRole('group', { name: /^Blocks, each/ }).getByRole('button');

describe('shortcut', () => {
  let browser;
  before(async () => { browser = await launch({ webgpu: false }); });
  after(async () => { await browser.close(); });

  test('errors agree with the training logs', async () => {
    const page = await openLesson(browser, 'shortcut');
    const isAt = async (epoch, column) => {
      for (const [title, name] of Object.entries(names)) {
        const expected = errors(name, epoch)[column];
        await says(page, title, /%/);
        // Half of the last digit shown, plus the rounding of binary fractions.
        await until(`${title} at ${epoch}`, () => figure(page, title), (seen) => Math.abs(seen - expected) <= 0.00501);
      }
    };
    await isAt(100, 'train_error');
    assert.ok(await figure(page, 'Plain-56') > await figure(page, 'Plain-20'));
    await slide(page, 'Epoch', 37);
    await page.getByRole('button', { name: 'Test error', exact: true }).click();
    await isAt(37, 'test_error');
    await slider(page, 'Epoch').focus();
    await page.keyboard.press('ArrowRight');
    await isAt(38, 'test_error');
    await page.close();
  });

  test('the identity needs a weight of one, or of zero', async () => {
    const page = await openLesson(browser, 'shortcut');
    const [plain, shortcut] = ['w·x, layer after layer', 'x + w·x, layer after layer'];
    await slide(page, 'Layers', 3);
    await slide(page, 'Weight w', 0.5);
    await says(page, plain, '0.125');
    await says(page, shortcut, '3.375');
    await slide(page, 'Weight w', 0);
    await says(page, plain, '0.000');
    await says(page, shortcut, '1.000');
    await slide(page, 'Weight w', 0.1);
    await slide(page, 'Layers', 10);
    await says(page, plain, '1.0·10⁻¹⁰');
    await page.close();
  });

  test('without shortcuts, the answers are guesses', async () => {
    const page = await openLesson(browser, 'shortcut');
    await until('sizes', () => blocks(page).first().getAttribute('aria-label'), (seen) => /layer1\.0: \|F\(x\)\| is \d+\.\d+ times/.test(seen));
    assert.equal(await blocks(page).count(), 9);
    const counted = async () => (await fact(page, 'Correct among the first pictures').innerText()).split('/').map(Number);
    const [whole] = await until('all pictures', counted, ([, seen]) => seen === 40);
    assert.ok(whole >= 36, `${whole} of 40`);
    await page.getByRole('button', { name: 'All blocks', exact: true }).click();
    assert.equal(await page.locator('.ablation-block[aria-pressed="true"]').count(), 9);
    const [cut] = await until('all pictures anew', counted, ([right, seen]) => seen === 40 && right !== whole);
    assert.ok(cut <= 8, `${cut} of 40`);
    await page.getByRole('button', { name: 'None', exact: true }).click();
    await blocks(page).nth(3).focus();
    await page.keyboard.press('Enter');
    await until('the address', () => page.url(), (url) => /blocks=8(&|$)/.test(url));
    await page.close();
  });

  test('small, dark and in Chinese', async () => {
    const page = await openLesson(browser, 'shortcut', '?network=resnet56', { viewport: { width: 390, height: 844 }, locale: 'zh-CN', colorScheme: 'dark' });
    await until('sizes', () => page.locator('.ablation-block').last().innerText(), (seen) => /\d/.test(seen));
    assert.equal(await page.locator('.ablation-block').count(), 27);
    await assertGood(page);
    await page.close();
  });
});
