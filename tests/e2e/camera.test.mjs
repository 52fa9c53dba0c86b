// The stage's camera: wheel, drag, pinch, keys, buttons and minimap. Also unfolding by double click, and values in
// cells.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';
import {
  assertNoErrors, browsers, frames, launch, number, open, pixel, ready, rested, settled, still, until,
} from './harness.mjs';

/** Returns the camera: the point of the scene in the middle, and the scale; null if nobody has moved it. */
const camera = (page) => page.evaluate(() => {
  const { view } = window.layerscope.state();
  if (!view) return null;
  const [x, y, scale] = view.split(',').map(Number);
  return { x, y, scale };
});

/** Waits until the camera rests and returns it. */
async function rest(page) {
  await until('a camera', () => camera(page), (now) => now !== null);
  return rested(page, 'a camera', () => camera(page));
}

for (const { webgpu, name } of browsers) {
  describe(`the camera ${name}`, () => {
    let browser;
    before(async () => { browser = await launch({ webgpu }); });
    after(() => browser?.close());

    test('wheel, drag, keys, buttons and the minimap move it', async () => {
      const page = await open(browser, '?net=resnet20-cifar&engine=cpu');
      await settled(page);
      const box = await page.locator('.stage-area').boundingBox();
      const at = { x: box.x + 0.4 * box.width, y: box.y + 0.5 * box.height };
      await page.mouse.move(at.x, at.y);
      await page.mouse.wheel(0, -600);
      const near = await rest(page);
      await page.mouse.wheel(0, -600);
      const nearer = await until('nearer', () => camera(page), (now) => now.scale > near.scale * 1.5);
      // The point under the pointer stays there.
      const under = ({ x, scale }) => x + (at.x - box.x - box.width / 2) / scale;
      assert.ok(Math.abs(under(near) - under(nearer)) < 3, `${under(near)} and ${under(nearer)}`);

      await page.mouse.down();
      await page.mouse.move(at.x - 150, at.y, { steps: 5 });
      await page.mouse.up();
      const dragged = await rest(page);
      assert.ok(Math.abs(dragged.x - nearer.x - 150 / nearer.scale) < 3, JSON.stringify([nearer, dragged]));
      // A drag selects nothing.
      assert.equal((await page.evaluate(() => window.layerscope.state())).step, 1);

      await page.keyboard.press('Shift+ArrowLeft');
      await until('further to the left', () => camera(page), (now) => now.x < dragged.x);
      await rest(page);
      await page.keyboard.press('-');
      await until('farther', () => camera(page), (now) => now.scale < dragged.scale);
      const farther = await rest(page);
      await page.keyboard.press('+');
      await until('nearer again', () => camera(page), (now) => now.scale > farther.scale);
      await rest(page);
      const map = await page.locator('.minimap').boundingBox();
      await page.mouse.click(map.x + map.width * 0.9, map.y + map.height / 2);
      await until('where the minimap says', () => camera(page), (now) => now.x > dragged.x);
      await page.keyboard.press('0');
      await until('the whole', () => camera(page), (now) => now.scale < farther.scale);
      await rest(page);
      assert.ok(await page.locator('.minimap').isHidden());
      assertNoErrors(page);
      await page.context().close();
    });

    test('after a drag, the moved picture equals a complete redraw', async () => {
      const page = await open(browser, `?net=resnet20-cifar&engine=${webgpu ? 'gpu' : 'cpu'}`, { colorScheme: 'light' });
      await settled(page);
      const area = page.locator('.stage-area');
      const box = await area.boundingBox();
      await page.mouse.move(box.x + 0.6 * box.width, box.y + 0.5 * box.height);
      await page.mouse.wheel(0, -1500);
      await rest(page);
      const seen = async () => PNG.sync.read(await still(page, area));
      const before = await seen();
      await page.mouse.down();
      // To the right and up, in steps that are unrelated to the size of the window.
      for (let step = 1; step <= 23; step += 1) {
        await page.mouse.move(box.x + 0.6 * box.width + 7 * step, box.y + 0.5 * box.height - 5 * step);
        await frames(page, 1);
      }
      await page.mouse.up();
      await page.mouse.move(2, 2);
      await rest(page);
      const moved = await seen();
      // A change of colours redraws everything.
      await page.emulateMedia({ colorScheme: 'dark' });
      await seen();
      await page.emulateMedia({ colorScheme: 'light' });
      const anew = await seen();
      const differ = (a, b) => pixelmatch(a.data, b.data, undefined, a.width, a.height, { threshold: 0.05 }) / (a.width * a.height);
      assert.ok(differ(before, anew) > 0.1, 'nothing was moved');
      assert.ok(differ(moved, anew) < 1e-3, `${differ(moved, anew)} of the pixels differ`);
      assertNoErrors(page);
      await page.context().close();
    });

    test('the pointed-at cell stays the same while the wheel turns', async () => {
      const page = await open(browser, '?net=resnet20-cifar&engine=cpu');
      await settled(page);
      const box = await page.locator('.stage-area').boundingBox();
      await page.mouse.move(box.x + 0.5 * box.width, box.y + 0.5 * box.height);
      await page.mouse.wheel(0, -1500);
      await rest(page);
      const told = () => page.getByRole('complementary', { name: 'Inspector' }).innerText();
      const heard = await page.evaluate(async () => {
        const [texts, inspector] = [new Set(), document.querySelector('.inspector')];
        // Pan until another map is under the pointer. Further on, the pointer would end between two maps.
        for (let i = 0; i < 40; i += 1) {
          document.querySelector('.stage-area').dispatchEvent(new WheelEvent('wheel', {
            deltaX: 8, shiftKey: true, bubbles: true, cancelable: true, clientX: innerWidth / 2, clientY: innerHeight / 2,
          }));
          await new Promise((resolve) => requestAnimationFrame(resolve));
          texts.add(inspector.innerText);
        }
        return [...texts];
      });
      assert.equal(heard.length, 1, heard.join('\n---\n'));
      await until('that what it has brought there is pointed at', told, (text) => text !== heard[0]);
      await page.context().close();
    });

    test('two fingers zoom, one finger pans, and the page scrolls', async () => {
      const page = await open(browser, '?net=resnet20-cifar&engine=cpu', { viewport: { width: 390, height: 844 }, hasTouch: true });
      await settled(page);
      await page.locator('.stage-area').scrollIntoViewIfNeeded();
      const box = await page.locator('.stage-area').boundingBox();
      const session = await page.context().newCDPSession(page);
      const touch = (type, ...points) => session.send('Input.dispatchTouchEvent', {
        type, touchPoints: points.map(([x, y], id) => ({ x: box.x + x, y: box.y + y, id })),
      });
      await touch('touchStart', [120, 200]);
      for (let x = 120; x >= 60; x -= 10) await touch('touchMove', [x, 200]);
      await touch('touchEnd');
      const moved = await rest(page);
      await touch('touchStart', [150, 200], [190, 200]);
      for (let apart = 20; apart <= 80; apart += 10) await touch('touchMove', [170 - apart, 200], [170 + apart, 200]);
      await touch('touchEnd');
      const zoomed = await rest(page);
      assert.ok(zoomed.scale > 2 * moved.scale, JSON.stringify([moved, zoomed]));
      assertNoErrors(page);
      await page.context().close();
    });

    test('a double click unfolds a block, and zooms to a map until its values are readable', async () => {
      const page = await open(browser, '?net=resnet20-cifar&engine=cpu&layer=layer1.0');
      await settled(page);
      const state = () => page.evaluate(() => window.layerscope.state());
      const { steps } = await state();
      const map = page.locator('[data-layer="layer1.0"][data-map="0"]');
      await map.dblclick({ position: { x: 3, y: 3 } });
      const { unfolded } = await until('more steps', state, (now) => now.steps > steps);
      assert.equal(unfolded, 'layer1.0');
      await rest(page);
      await page.goto(`${page.url().split('?')[0]}?digit=3&engine=cpu&layer=C3&map=4&y=3&x=5`);
      await ready(page);
      await page.locator('[data-layer="C3"][data-map="4"]').dblclick({ position: { x: 9, y: 9 } });
      const shown = await until('numbers in cells', () => page.locator('.cell-numbers text').allTextContents(), (texts) => texts.length === 100);
      const values = await page.evaluate(async () => Array.from(await window.layerscope.activation('C3')));
      shown.forEach((text, i) => assert.ok(Math.abs(number(text) - values[4 * 100 + i]) <= 0.006, `cell ${i}: ${text}, not ${values[400 + i]}`));
      assertNoErrors(page);
      await page.context().close();
    });
  });
}

test('the texts about additions and concatenations agree with the activations', async () => {
  const browser = await launch({ webgpu: false });
  try {
    const page = await open(browser, '?net=resnet18&engine=cpu&layer=layer1.0');
    await settled(page);
    const norm = (node) => page.evaluate(async (name) =>
      Math.sqrt((await window.layerscope.activation(name)).reduce((sum, value) => sum + value * value, 0)), node);
    const ratio = await norm('layer1.0.bn2') / await norm('maxpool');
    const told = page.getByRole('region', { name: 'What happens here' });
    const text = await until('what is told', () => told.innerText(), (words) => /\|F\(x\)\| \/ \|x\| = /.test(words));
    const seen = Number(text.match(/\|F\(x\)\| \/ \|x\| = ([\d.]+)/)[1].replace(/\.$/, ''));
    assert.ok(Math.abs(seen - ratio) <= 2e-3 * ratio + 6e-4, `${seen}, not ${ratio}`);

    await page.goto(`${page.url().split('?')[0]}?net=googlenet&engine=cpu&layer=inception3a`);
    await ready(page);
    const energies = await page.evaluate(async () => {
      const values = await window.layerscope.activation('inception3a');
      const area = 28 * 28;
      const ends = [0, 64, 192, 224, 256];
      const of = ends.slice(1).map((end, lane) => values.subarray(ends[lane] * area, end * area).reduce((sum, value) => sum + value * value, 0));
      const all = of.reduce((a, b) => a + b);
      return of.map((energy) => energy / all);
    });
    const rows = await until('four lanes', () => told.getByRole('row').allInnerTexts(), (found) => found.length === 5);
    energies.forEach((share, lane) => {
      const percents = [...rows[lane + 1].matchAll(/([\d.]+)\s*%/g)].map((found) => Number(found[1]));
      const maps = [64, 128, 32, 32][lane] / 2.56;
      assert.ok(Math.abs(percents[0] - maps) <= 0.6 && Math.abs(percents[1] - 100 * share) <= 0.6, `${rows[lane + 1]}: ${maps}, ${100 * share}`);
    });
    assert.ok(await pixel(page, 'output').count() === 0);
    assertNoErrors(page);
  } finally {
    await browser.close();
  }
});
