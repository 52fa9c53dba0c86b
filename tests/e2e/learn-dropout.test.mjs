// The lesson on dropout: its masks agree with an independent SplitMix64, its answers with the command line for that
// picture.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { button, launch, until } from './harness.mjs';
import { activations } from './lesson-picture.mjs';
import { assertGood, figure, openLesson, says, slide, slider } from './lesson.mjs';

const WORD = (1n << 64n) - 1n;

/** Returns, for each unit, true if mask number `pass` of `seed` keeps it at `rate`. */
function mask(units, rate, seed, pass = 0) {
  return Array.from({ length: units }, (_, unit) => {
    const i = BigInt(pass * units + unit);
    let z = (BigInt(seed) + (i + 1n) * 0x9E3779B97F4A7C15n) & WORD;
    z = ((z ^ (z >> 30n)) * 0xBF58476D1CE4E5B9n) & WORD;
    z = ((z ^ (z >> 27n)) * 0x94D049BB133111EBn) & WORD;
    z ^= z >> 31n;
    return Number(z >> 40n) / 2 ** 24 >= rate;
  });
}

/** Returns a column of the answers, as fractions of one. */
const column = async (page, number) =>
  (await page.locator(`.answers tbody td:nth-of-type(${number})`).allInnerTexts()).map((text) => Number.parseFloat(text) / 100);
const MASK = 1;
const MEAN = 2;
const OWN = 3;
const near = (seen, expected, by) => seen.length === expected.length && seen.every((value, i) => Math.abs(value - expected[i]) <= by);

describe('the lesson on dropout', () => {
  let browser;
  let pass;
  before(async () => {
    browser = await launch({ webgpu: false });
    pass = activations('alexnet-cifar10', 12);
  });
  after(() => browser?.close());

  test('without a mask, the answer is that of inference', async () => {
    const page = await openLesson(browser, 'dropout', '?rate=0&picture=12');
    const own = [...pass.softmax.values];
    for (const number of [MASK, MEAN, OWN]) {
      await until(`column ${number}`, () => column(page, number), (seen) => near(seen, own, 0.00051));
    }
    await says(page, 'Units kept', '512 / 512');
    await says(page, 'Largest difference between a mean probability and that in use', '0.000');
    await page.context().close();
  });

  test('a mask follows from its seed, and scales the units that it keeps', async () => {
    const page = await openLesson(browser, 'dropout', '?picture=12');
    const units = [...pass.relu6.values];
    const check = async (rate, seed) => {
      const kept = mask(512, rate, seed);
      await says(page, 'Units kept', `${kept.filter(Boolean).length} / 512`);
      const sum = units.reduce((all, value, i) => all + (kept[i] ? value / (1 - rate) : 0), 0);
      await until('sum', () => figure(page, 'Their sum ÷ (1 − p)'), (seen) => Math.abs(seen - sum) < 0.0051);
    };
    await check(0.5, 1);
    await button(page, 'Another mask').click();
    await check(0.5, 2);
    await slide(page, 'Rate p', 0.8);
    await check(0.8, 2);
    assert.ok(Math.abs(await figure(page, 'Sum of all units') - units.reduce((all, value) => all + value, 0)) < 0.0051);
    await until('address', () => page.url(), (url) => url.includes('seed=2') && url.includes('rate=0.8'));
    await assertGood(page);
    await page.context().close();
  });

  test('the mean over many masks approaches inference', async () => {
    const page = await openLesson(browser, 'dropout', '?picture=12&mean=geometric');
    await button(page, '1').click();
    // With one mask, the mean is the answer of that mask.
    await until('one mask', async () => [await column(page, MASK), await column(page, MEAN)], ([one, mean]) =>
      one.some((value) => value > 0.05) && near(mean, one, 1e-9));
    await button(page, '200').click();
    await page.getByRole('columnheader', { name: 'Mean over masks: 200' }).waitFor();
    await until('200 masks', () => page.getByRole('group', { name: 'Masks with the same answer as in use' }).innerText(), (text) => text.includes('/ 200'));
    const own = [...pass.softmax.values];
    assert.ok(near(await column(page, MEAN), own, 0.04), `${await column(page, MEAN)}`);
    assert.ok((await figure(page, 'Masks with the same answer as in use')) > 100);
    await page.context().close();
  });

  test('by keyboard, narrow and in Chinese', async () => {
    const page = await openLesson(browser, 'dropout', '?lang=zh', { viewport: { width: 390, height: 844 } });
    await slider(page, '丢弃率 p').focus();
    await page.keyboard.press('ArrowRight');
    await says(page, '保留的单元', `${mask(512, 0.55, 1).filter(Boolean).length} / 512`);
    await assertGood(page);
    await page.context().close();
  });
});
