// Motion on the stage: a pass as it proceeds, blocks as they unfold, and flights of the camera. These tests look at
// frames, so they run alone.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  assertNoErrors, base, browsers, button, launch, open, newPage, pulses, ready, rested, screenshot, settled, until,
} from './harness.mjs';

const stateOf = (page) => page.evaluate(() => window.layerscope.state());

/** Waits until the camera has not moved for a dozen frames; a flight moves it in every frame. Returns the page's state. */
const landed = (page) => rested(page, 'a camera', () => stateOf(page));

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

      test('nothing is animated while a page rests', async () => {
        const page = await newPage(browser);
        const animated = () => page.evaluate(() => document.getAnimations().map((animation) =>
          `${animation.animationName ?? animation.transitionProperty} of .${animation.effect.target.getAttribute('class')}`));
        for (const place of ['?net=lenet5', '?net=googlenet-cifar10', '?net=resnet18&layer=layer2.0']) {
          await page.goto(`${base}${place}&engine=${webgpu ? 'gpu' : 'cpu'}`);
          await ready(page);
          await settled(page);
          await until(`no animation on ${place}`, animated, (list) => list.length === 0, 5000);
        }
        for (const place of ['compare/', 'learn/', 'learn/relu', 'bench']) {
          await page.goto(base + place);
          await page.getByRole('heading', { level: 1 }).first().waitFor();
          await until(`no animation on ${place}`, animated, (list) => list.length === 0, 5000);
        }
        await page.context().close();
      });

      test('blocks unfold and fold, the camera moves, and the link reproduces both', async () => {
        const page = await open(browser, '?net=googlenet&engine=cpu&layer=inception3a');
        const { steps } = await stateOf(page);
        await page.keyboard.press('f');
        const unfolded = await until('more steps', () => stateOf(page), (state) => state.steps > steps);
        assert.equal(unfolded.unfolded, 'inception3a');
        await landed(page);
        await screenshot(page, `inception-${webgpu}`);
        await button(page, 'Zoom in').click();
        await until('a nearer camera', () => stateOf(page), (state) => state.view !== unfolded.view);
        const near = await landed(page);
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
