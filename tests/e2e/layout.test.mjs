// Layout and accessibility of the page: widths, light and dark, keyboard, names, and no foreign requests.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  accessibility, answer, assertNoErrors, assertNoForeignRequests, browsers, button, digits, draw, launch, newPage, open,
  pad, ready, screenshot, settled, base,
} from './harness.mjs';

const sights = [
  { name: 'light', colorScheme: 'light' },
  { name: 'dark', colorScheme: 'dark' },
  { name: 'phone', colorScheme: 'light', viewport: { width: 390, height: 844 }, hasTouch: true },
  { name: 'phone-dark', colorScheme: 'dark', viewport: { width: 390, height: 844 }, hasTouch: true },
  { name: 'calm', colorScheme: 'light', reducedMotion: 'reduce' },
];
const buttons = ['Undo', 'Clear', 'Random digit', 'First step', 'Previous step', 'Next step', 'Last step'];

for (const { webgpu, name: with_ } of browsers) {
  describe(`layout ${with_}`, () => {
    let browser;
    before(async () => { browser = await launch({ webgpu }); });
    after(() => browser?.close());

    for (const { name, ...options } of sights) {
      test(name, async () => {
        const page = await open(browser, '?layer=C3&map=4&y=3&x=5', options);
        await draw(page, digits[7]);
        await settled(page);
        await screenshot(page, `${name}-${webgpu ? 'gpu' : 'cpu'}`);
        assert.deepEqual(await accessibility(page), []);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `the page is ${wide} px wider than the window`);
        assertNoErrors(page);
        assertNoForeignRequests(page);
        await page.context().close();
      });
    }

    test('every control has its name', async () => {
      const page = await open(browser);
      for (const name of buttons) assert.equal(await button(page, name).count(), 1, name);
      assert.equal(await page.getByRole('button', { name: /^(Play|Pause)$/ }).count(), 1);
      assert.equal(await pad(page).count(), 1);
      assert.ok(await page.getByLabel('Engine', { exact: true }).count() > 0);
      assert.equal(await answer(page).count(), 1);
      await page.context().close();
    });

    test('the keyboard reaches every control', async () => {
      const page = await open(browser);
      await page.evaluate(() => { document.activeElement?.blur(); });
      const missing = new Set(['Undo', 'Clear', 'Random digit', 'Play']);
      // Disabled buttons are not in the tab order. One stroke enables Undo and Clear.
      await draw(page, digits[1]);
      for (let i = 0; i < 200 && missing.size > 0; i += 1) {
        await page.keyboard.press('Tab');
        missing.delete(await page.evaluate(() =>
          document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent?.trim() ?? ''));
      }
      assert.deepEqual([...missing], []);
      await page.context().close();
    });

    test('touch draws', async () => {
      const page = await newPage(browser, { viewport: { width: 390, height: 844 }, hasTouch: true });
      await page.goto(base);
      await ready(page);
      await pad(page).scrollIntoViewIfNeeded();
      const box = await pad(page).boundingBox();
      const session = await page.context().newCDPSession(page);
      const touch = (type, points) => session.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: points.map(([x, y]) => ({ x: box.x + x * box.width, y: box.y + y * box.height })),
      });
      const [stroke] = digits[7];
      const scroll = await page.evaluate(() => scrollY);
      await touch('touchStart', [stroke[0]]);
      for (const [i, [x, y]] of stroke.slice(1).entries()) {
        const [fromX, fromY] = stroke[i];
        for (let part = 1; part <= 6; part += 1) {
          await touch('touchMove', [[fromX + (x - fromX) * part / 6, fromY + (y - fromY) * part / 6]]);
        }
      }
      await touch('touchEnd', []);
      await settled(page);
      assert.equal((await answer(page).innerText()).trim().at(0), '7');
      assert.equal(await page.evaluate(() => scrollY), scroll, 'drawing scrolls the page');
      await page.context().close();
    });
  });
}
