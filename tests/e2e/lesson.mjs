// Helpers of the lesson tests. A lesson is opened by its slug; controls and figures are found by name.

import assert from 'node:assert/strict';
import { accessibility, assertNoErrors, assertNoForeignRequests, base, newPage, until } from './harness.mjs';

/** Opens a lesson and waits until it is shown. */
export async function openLesson(browser, slug, query = '', options = {}) {
  const page = await newPage(browser, { locale: 'en-US', ...options });
  await page.goto(`${base}learn/${slug}${query}`);
  await page.locator('.lesson h1').waitFor();
  await page.evaluate(() => document.fonts.ready);
  return page;
}

export const slider = (page, name) => page.getByRole('slider', { name, exact: true });

/** Moves a slider, and waits until the page has taken the value. */
export async function slide(page, name, value) {
  await slider(page, name).fill(String(value));
  await until(`slider ${name}`, () => slider(page, name).inputValue(), (seen) => Number(seen) === value);
}

/** Returns the output of the figure with this name. */
export const fact = (page, name) => page.getByRole('group', { name, exact: true }).locator('output');

/** Waits until a figure shows the expected text. */
export const says = (page, name, expected) =>
  until(`figure ${name}`, () => fact(page, name).innerText(), (seen) =>
    (expected instanceof RegExp ? expected.test(seen) : seen.trim() === expected));

/** Returns a figure as a number, without separators. */
export const figure = async (page, name) =>
  Number((await fact(page, name).innerText()).replaceAll(',', '').replaceAll('\u2212', '-').match(/-?\d+(\.\d+)?/)[0]);

/** Asserts what every lesson guarantees: no errors, no foreign requests, no overflow, and accessibility. */
export async function assertGood(page) {
  assertNoErrors(page);
  assertNoForeignRequests(page);
  const [wide, seen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(wide <= seen, `${wide} pixels wide in ${seen}`);
  assert.deepEqual(await accessibility(page), []);
}
