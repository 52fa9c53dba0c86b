// Drawing a digit and reading the answer, on both engines.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  answerText, answers, assertNoErrors, assertNoForeignRequests, base, browsers, button, digits, draw, launch, open,
  pulses, ready, screenshot, settled, until,
} from './harness.mjs';

for (const { webgpu, name } of browsers) {
  describe(`drawing ${name}`, () => {
    let browser;
    before(async () => { browser = await launch({ webgpu }); });
    after(() => browser?.close());

    test('the engine is the requested one', async () => {
      const page = await open(browser, `?engine=${webgpu ? 'gpu' : 'cpu'}`);
      const engine = await page.evaluate(() => window.layerscope.engine());
      assert.equal(engine.name, webgpu ? 'gpu' : 'cpu', JSON.stringify(engine));
      await page.context().close();
    });

    test('the page answers even if the requested engine is not available', async () => {
      const page = await open(browser, '?engine=gpu');
      await draw(page, digits[7]);
      await answers(page, '7');
      const engine = await page.evaluate(() => window.layerscope.engine());
      if (!webgpu) assert.equal(engine.name, 'cpu');
      await page.context().close();
    });

    for (const engine of webgpu ? ['gpu', 'cpu'] : ['cpu']) {
      test(`digits drawn with the mouse are recognized by the ${engine} engine`, async () => {
        const page = await open(browser, `?engine=${engine}`);
        for (const [digit, strokes] of Object.entries(digits)) {
          await button(page, 'Clear').click();
          await answers(page, '');
          await draw(page, strokes);
          try {
            await answers(page, digit);
          } catch (error) {
            await screenshot(page, `draw-${digit}-${engine}-${webgpu}`);
            throw error;
          }
        }
        await screenshot(page, `drawn-${engine}-${webgpu}`);
        assertNoErrors(page);
        assertNoForeignRequests(page);
        await page.context().close();
      });
    }

    test('undo removes a stroke, and clear removes all', async () => {
      const page = await open(browser);
      await draw(page, digits[1]);
      await answers(page, '1');
      await settled(page);
      const input = () => page.evaluate(async () => Array.from(await window.layerscope.activation('input')));
      const one = await input();
      await draw(page, [[[0.2, 0.8], [0.8, 0.8]]]);
      await until('the stroke in the input', input, (now) => now.some((value, i) => value !== one[i]));
      await button(page, 'Undo').click();
      await until('the input as before', input, (now) => now.every((value, i) => value === one[i]));
      await button(page, 'Clear').click();
      await answers(page, '');
      await page.context().close();
    });

    test('every pass runs on the newest input, without a queue', async () => {
      const page = await open(browser);
      const before = await page.evaluate(() => window.layerscope.passes());
      await draw(page, digits[3]);
      await answers(page, '3');
      await settled(page);
      const passes = await page.evaluate(() => window.layerscope.passes()) - before;
      assert.ok(passes >= 2, `${passes} passes while a digit was drawn`);
      assert.ok(passes <= 150, `${passes} passes for a hundred pointer moves at most`);
      await page.context().close();
    });

    test('most random digits of the test set are recognized', async () => {
      const page = await open(browser);
      let right = 0;
      const tries = 10;
      for (let i = 0; i < tries; i += 1) {
        const passes = await page.evaluate(() => window.layerscope.passes());
        await button(page, 'Random digit').click();
        await until('a pass', () => page.evaluate(() => window.layerscope.passes()), (now) => now > passes);
        await settled(page);
        await answers(page, '0123456789');
        const { label } = await page.evaluate(() => window.layerscope.state());
        assert.ok(label >= 0 && label <= 9, `the label of the digit is ${label}`);
        right += Number((await answerText(page)).at(0) === String(label));
      }
      assert.ok(right >= tries - 2, `${right} of ${tries} are right`);
      await page.context().close();
    });
  });
}

test('if a browser computes with WebGPU but cannot show it, a 2D canvas shows the same picture', async () => {
  // Without the flags for compositing on a software adapter, Chromium leaves WebGPU canvases blank and reports no
  // error.
  const browser = await launch({ webgpu: false, args: ['--enable-unsafe-webgpu'] });
  try {
    const page = await open(browser, '?engine=gpu');
    await draw(page, digits[7]);
    await answers(page, '7');
    const engine = await page.evaluate(() => window.layerscope.engine());
    assert.equal(engine.name, 'gpu', JSON.stringify(engine));
    assert.equal(engine.screen, 'canvas2d', JSON.stringify(engine));
    // The maps of C1 are visible: the shown canvas has more than one colour.
    const colours = await page.evaluate(() => {
      const canvas = document.getElementById('maps-2d');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      return new Set(new Uint32Array(data.buffer)).size;
    });
    assert.ok(colours > 50, `${colours} colours`);
    // Such a browser loses its GPU during use, and with it the contents of other canvases. The page draws them again.
    const blank = () => page.evaluate(() => [...document.querySelectorAll('canvas.picture, canvas.pad-canvas')].filter((canvas) => {
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      return data.every((byte) => byte === 0);
    }).map((canvas) => canvas.ariaLabel));
    await until('every small picture is there', blank, (names) => names.length === 0);
    await screenshot(page, 'drawn-blank');
    // The progress of a long pass is visible on the 2D canvas, too.
    await page.goto(`${base}?net=resnet18&engine=gpu`);
    await ready(page);
    await settled(page);
    const places = await pulses(page);
    assert.ok(places.length >= 3, `the pulse was seen at ${places.length} places`);
    const { name, screen } = await page.evaluate(() => window.layerscope.engine());
    assert.deepEqual([name, screen], ['gpu', 'canvas2d']);
  } finally {
    await browser.close();
  }
});
