// Failures are reported and survived: a lost device, a browser without WebAssembly, a module that does not arrive.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  answers, base, browsers, button, chooseEngine, digits, draw, launch, newPage, open, pad, ready, until,
} from './harness.mjs';

const trouble = (page) => page.locator('#trouble');

test('the page survives a WebGPU device lost while drawing', async () => {
  const browser = await launch({ webgpu: true });
  try {
    const page = await open(browser, '?engine=gpu');
    assert.equal((await page.evaluate(() => window.layerscope.engine())).name, 'gpu');
    const box = await pad(page).boundingBox();
    const at = ([x, y]) => [box.x + x * box.width, box.y + y * box.height];
    const [stroke] = digits[7];
    await page.mouse.move(...at(stroke[0]));
    await page.mouse.down();
    for (const [i, point] of stroke.slice(1).entries()) {
      await page.mouse.move(...at(point), { steps: 6 });
      if (i === 1) await page.evaluate(() => { window.layerscope.loseDevice(); });
    }
    await page.mouse.up();
    await answers(page, '7');
    await button(page, 'Clear').click();
    await draw(page, digits[1]);
    await answers(page, '1');
    assert.ok(await trouble(page).isHidden());
    assert.ok(!page.seen.errors.some((text) => /panicked|unreachable/.test(text)), page.seen.errors.join('\n'));
  } finally {
    await browser.close();
  }
});

test('the page survives a worker that crashes while drawing', async () => {
  const browser = await launch({ webgpu: false });
  try {
    const page = await open(browser, '?engine=cpu');
    await draw(page, digits[7]);
    await answers(page, '7');
    for (const [digit, reason] of [['1', 'memory is full'], ['0', 'unreachable']]) {
      // Like the engine's own faults: outside any call of the page.
      await page.workers()[0].evaluate((text) => { setTimeout(() => { throw new Error(text); }); }, reason);
      await button(page, 'Clear').click();
      await draw(page, digits[digit]);
      await answers(page, digit);
    }
    assert.equal(page.workers().length, 1);
    assert.ok(await trouble(page).isHidden());
  } finally {
    await browser.close();
  }
});

describe('the panel outside the WebAssembly', () => {
  let browser;
  before(async () => { browser = await launch({ webgpu: false }); });
  after(() => browser?.close());

  async function says(pattern, prepare) {
    const page = await newPage(browser);
    await prepare(page);
    await page.goto(base);
    await trouble(page).waitFor();
    assert.match(await trouble(page).innerText(), pattern);
    assert.equal(await page.getByRole('alert').count(), 1);
    await page.context().close();
  }

  test('no WebAssembly', () => says(/cannot run Layerscope[^]*needs WebAssembly/, (page) =>
    page.addInitScript(() => { delete globalThis.WebAssembly; })));
  test('WebAssembly without SIMD', () => says(/SIMD/, (page) =>
    page.addInitScript(() => { WebAssembly.validate = () => false; })));
  test('the module does not arrive', () => says(/could not be loaded/, (page) =>
    page.route('**/*.wasm', (route) => route.abort())));
  test('the module is not found', () => says(/could not be loaded/, (page) =>
    page.route('**/*.wasm', (route) => route.fulfill({ status: 404, body: 'no' }))));
  test('the script does not arrive', () => says(/could not be loaded/, (page) =>
    page.route('**/page*.js', (route) => route.abort())));

  test('no JavaScript', async () => {
    const page = await newPage(browser, { javaScriptEnabled: false });
    await page.goto(base);
    assert.match(await page.locator('noscript').innerText(), /needs JavaScript/);
    await page.context().close();
  });

  test('a panic', async () => {
    const page = await newPage(browser);
    await page.goto(base);
    await ready(page);
    assert.ok(await trouble(page).isHidden());
    await page.evaluate(() => dispatchEvent(new CustomEvent('layerscope-panic', { detail: 'at the disco' })));
    await until('the panel', () => trouble(page).innerText(), (text) => /has stopped/.test(text));
    assert.match(await page.locator('#trouble-said').textContent(), /at the disco/);
    await page.context().close();
  });
});

for (const { webgpu, name } of browsers) {
  test(`the engine can be changed and the drawing stays, ${name}`, async () => {
    const browser = await launch({ webgpu });
    try {
      const page = await open(browser);
      await draw(page, digits[0]);
      await answers(page, '0');
      for (const engine of webgpu ? ['cpu', 'gpu', 'cpu'] : ['cpu']) {
        await chooseEngine(page, engine);
        await until(engine, () => page.evaluate(() => window.layerscope.engine()), (now) => now.name === engine);
        await answers(page, '0');
        await button(page, 'Clear').click();
        await draw(page, digits[0]);
        await answers(page, '0');
      }
    } finally {
      await browser.close();
    }
  });
}
