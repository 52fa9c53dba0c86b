// Compares screenshots of every family with the pictures in screenshots/. `LAYERSCOPE_SCREENSHOTS=write` writes new ones.
// Differences are saved in out/, next to the screenshots.

import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';
import { assertNoErrors, base, here, launch, newPage, open, out, settled, still } from './harness.mjs';

/**
 * The tolerated distance from the kept colour (0 to 1, as pixelmatch counts), and the fraction of pixels that may
 * exceed it.
 */
const TOLERANCE = { colour: 0.12, pixels: 0.01 };

const kept = join(here, 'screenshots');
const networks = {
  lenet5: '?digit=3&layer=C3&map=4&y=3&x=5',
  alexnet: '?net=alexnet',
  vgg16: '?net=vgg16',
  googlenet: '?net=googlenet&layer=inception3a.branch2&map=3&y=5&x=9',
  resnet18: '?net=resnet18&layer=layer2.0',
};
const sights = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  phone: { colorScheme: 'light', viewport: { width: 390, height: 844 }, hasTouch: true },
  'phone-dark': { colorScheme: 'dark', viewport: { width: 390, height: 844 }, hasTouch: true },
};

/** The elements that depend on the machine: times, and its memory. */
const machine = (page) => ['.badge .time', '.inspector > .facts', '.memory dl'].map((place) => page.locator(place).first());

/** The parts of the page /compare that are compared, by their headings. */
const parts = { table: 'Side by side', depth: 'Along the depth', homes: 'Where the parameters are', blocks: 'Block against block' };

/** Compares a screenshot of the page with the kept picture. */
async function compare(page, name) {
  // Values that are read after a pass (parameters, texts about a layer) appear a moment later, and so do charts.
  const seen = await still(page, page, { mask: machine(page), maskColor: '#888888' }, 15);
  if (process.env.LAYERSCOPE_SCREENSHOTS === 'write') {
    await mkdir(kept, { recursive: true });
    await writeFile(join(kept, name), seen);
    return;
  }
  const [a, b] = [PNG.sync.read(seen), PNG.sync.read(await readFile(join(kept, name)))];
  assert.deepEqual([a.width, a.height], [b.width, b.height]);
  const difference = new PNG({ width: a.width, height: a.height });
  const { colour: threshold, pixels } = TOLERANCE;
  const far = pixelmatch(a.data, b.data, difference.data, a.width, a.height, { threshold }) / (a.width * a.height);
  if (far > pixels) {
    await mkdir(out, { recursive: true });
    await writeFile(join(out, `seen-${name}`), seen);
    await writeFile(join(out, `difference-${name}`), PNG.sync.write(difference));
  }
  assert.ok(far <= pixels, `${(100 * far).toFixed(2)} % of the pixels differ; see out/difference-${name}`);
}

describe('screenshots', () => {
  let browser;
  before(async () => { browser = await launch({ webgpu: false }); });
  after(() => browser?.close());

  for (const [network, query] of Object.entries(networks)) {
    for (const [sight, options] of Object.entries(sights)) {
      test(`${network}, ${sight}`, async () => {
        const page = await open(browser, `${query}&engine=cpu`, { reducedMotion: 'reduce', ...options });
        await settled(page);
        await page.evaluate(() => document.fonts.ready);
        if (options.viewport) await page.locator('.stage').scrollIntoViewIfNeeded();
        await compare(page, `${network}-${sight}.png`);
        assertNoErrors(page);
        await page.context().close();
      });
    }
  }

  for (const [sight, options] of Object.entries(sights)) {
    test(`side by side, ${sight}`, async () => {
      const page = await newPage(browser, { reducedMotion: 'reduce', ...options });
      await page.goto(`${base}compare?base=resnet50`);
      for (const [part, heading] of Object.entries(parts)) {
        await page.getByRole('heading', { name: heading, exact: true }).evaluate((found) => found.scrollIntoView({ block: 'start' }));
        await page.evaluate(() => document.fonts.ready);
        await compare(page, `compare-${part}-${sight}.png`);
      }
      assertNoErrors(page);
      await page.context().close();
    });
  }

  test('a wrong picture is detected', async () => {
    const page = await open(browser, `${networks.lenet5}&engine=cpu`, { reducedMotion: 'reduce', colorScheme: 'light' });
    await settled(page);
    await page.addStyleTag({ content: '.stage-canvas { visibility: hidden }' });
    const mask = machine(page);
    const a = PNG.sync.read(await page.screenshot({ mask, maskColor: '#888888' }));
    const b = PNG.sync.read(await readFile(join(kept, 'lenet5-light.png')));
    const far = pixelmatch(a.data, b.data, undefined, a.width, a.height, { threshold: TOLERANCE.colour });
    assert.ok(far / (a.width * a.height) > TOLERANCE.pixels, `${far} pixels`);
    await page.context().close();
  });
});
