// Motion on the stage: a pass as it proceeds, blocks as they unfold, and flights of the camera. These tests look at
// frames, so they run alone.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  assertNoErrors, browsers, button, launch, open, pulses, ready, screenshot, settled, until,
} from './harness.mjs';

const stateOf = (page) => page.evaluate(() => window.layerscope.state());

/** Waits until the camera has not moved for a dozen frames; a flight moves it in every frame. Returns the page's state. */
async function rested(page) {
  let view;
  await until('a camera at rest', async () => {
    const before = view;
    await page.evaluate(async () => {
      for (let frame = 0; frame < 12; frame += 1) await new Promise((resolve) => { requestAnimationFrame(resolve); });
    });
    ({ view } = await stateOf(page));
    return view === before;
  }, Boolean);
  return stateOf(page);
}

describe('motion', () => {
  for (const { webgpu, name } of browsers) {
    describe(name, () => {
      let browser;
      before(async () => { browser = await launch({ webgpu }); });
      after(() => browser?.close());

      test('a pass is visible as it proceeds, and the time of each layer is shown', async () => {
        // Networks that are slow enough on their engine for the pass to be visible.
        const page = await open(browser, webgpu ? '?net=resnet18&engine=gpu' : '?net=resnet101&engine=cpu');
        await settled(page);
        assert.equal(await page.locator('.pulse').getAttribute('d'), '');
        const places = await pulses(page);
        assert.ok(places.length >= 3, `the pulse was seen at ${places.length} places`);
        await until('that it has arrived', () => page.locator('.pulse').getAttribute('d'), (place) => place === '');
        const timed = !webgpu || await page.evaluate(async () => (await navigator.gpu.requestAdapter()).features.has('timestamp-query'));
        const time = page.getByRole('complementary', { name: 'Inspector' }).locator('dt', { hasText: 'Time' }).locator('+ dd');
        assert.equal(await time.count(), timed ? 1 : 0);
        if (timed) assert.match(await time.innerText(), /ms, .*%/);
        await page.context().close();
      });

      test('blocks unfold and fold, the camera moves, and the link reproduces both', async () => {
        const page = await open(browser, '?net=googlenet&engine=cpu&layer=inception3a');
        const { steps } = await stateOf(page);
        await page.keyboard.press('f');
        const unfolded = await until('more steps', () => stateOf(page), (state) => state.steps > steps);
        assert.equal(unfolded.unfolded, 'inception3a');
        await page.waitForTimeout(500);
        await screenshot(page, `inception-${webgpu}`);
        await button(page, 'Zoom in').click();
        await until('a nearer camera', () => stateOf(page), (state) => state.view !== unfolded.view);
        const near = await rested(page);
        const link = await until('the camera in the address', async () => page.url(), (url) =>
          new URL(url).searchParams.get('view') === near.view && url.includes('unfolded=inception3a'));
        const other = await page.context().newPage();
        await other.goto(link);
        await ready(other);
        const again = await until('the same sight', () => stateOf(other), (state) => state.steps === near.steps && state.unfolded === 'inception3a');
        assert.equal(again.view, near.view);
        await button(page, 'Whole network').click();
        await page.keyboard.press('f');
        await until('as many steps as before', () => stateOf(page), (state) => state.steps === steps);
        assertNoErrors(page);
        await page.context().close();
      });
    });
  }
});
