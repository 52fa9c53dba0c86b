// Networks are changed while the page is still loading weights and building engines.
//
// The engine that is being built for the old network must never run under the new one.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  assertNoErrors, base, browsers, launch, newPage, ready, settled, until,
} from './harness.mjs';

/** The families' buttons, by the year that each of them shows. */
const FAMILIES = [/^LeNet/, /^AlexNet/, /^VGG/, /^GoogLeNet/, /^ResNet/];
/** Bytes a second on a line of 20 Mbit/s. */
const SLOW_LINE = 20e6 / 8;

const state = (page) => page.evaluate(() => window.layerscope.state());
const engine = (page) => page.evaluate(() => window.layerscope.engine());

/** A generator of numbers from 0 to 1 (mulberry32), so that a trial that fails can be repeated. */
function random(seed) {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The page has not stopped, runs the network that it shows, and says nothing of a network that was left. */
async function isAlive(page) {
  assert.ok(await page.locator('#trouble').isHidden(), page.seen.errors.join('\n'));
  await until('an engine', () => engine(page), ({ name, busy }) => ['cpu', 'gpu'].includes(name) && !busy);
  await settled(page);
  const [scores, classes] = await page.evaluate(async () => {
    const { net } = window.layerscope.state();
    const { classes } = window.layerscope.networks().find(({ name }) => name === net);
    return [(await window.layerscope.activation('logits')).length, classes];
  });
  assert.equal(scores, classes);
  assert.equal(await page.getByRole('alert').filter({ hasText: /values, and the network takes/ }).count(), 0);
  assertNoErrors(page);
}

for (const { webgpu, name } of browsers) {
  describe(`networks change while they load, ${name}`, () => {
    let browser;
    before(async () => { browser = await launch({ webgpu }); });
    after(() => browser?.close());

    for (const kind of webgpu ? ['gpu', 'cpu'] : ['cpu']) {
      test(`an engine whose network was left is not put under the next one, ${kind}`, async () => {
        const page = await newPage(browser);
        await page.goto(`${base}?engine=${kind}`);
        await ready(page);
        await page.route('**/resnet20-cifar*.safetensors', async (route) => {
          await new Promise((resolve) => { setTimeout(resolve, 2500); });
          await route.continue();
        });
        const weights = page.waitForResponse((response) => /vgg16-cifar10.*\.safetensors/.test(response.url()));
        await page.evaluate(() => { window.layerscope.open('vgg16-cifar10'); });
        await (await weights).finished();
        // From here on the page builds VGG-16; every moment of that is tried.
        const moments = [0, 40, 120, 300, 700];
        for (const moment of moments) {
          await page.waitForTimeout(moment);
          await page.evaluate(() => { window.layerscope.open('resnet20-cifar'); });
          await until('the network that was opened last', () => state(page), ({ net }) => net === 'resnet20-cifar');
          await isAlive(page);
          if (moment === moments.at(-1)) break;
          await page.evaluate(() => { window.layerscope.open('vgg16-cifar10'); });
        }
        await page.context().close();
      });
    }

    // They spend their time between clicks, so they run side by side.
    describe('fourteen clicks on families on a slow line', { concurrency: 3 }, () => {
      for (const seed of [1, 2, 3]) {
        test(`trial ${seed}`, async () => {
          const page = await newPage(browser);
          const chosen = random(seed);
          await page.goto(base);
          await ready(page);
          const line = await page.context().newCDPSession(page);
          await line.send('Network.enable');
          await line.send('Network.emulateNetworkConditions', {
            offline: false, latency: 20, downloadThroughput: SLOW_LINE, uploadThroughput: SLOW_LINE,
          });
          for (let click = 0; click < 14; click += 1) {
            const family = FAMILIES[Math.floor(chosen() * FAMILIES.length)];
            await page.getByRole('button', { name: family }).first().click();
            // What a person takes between two clicks.
            await page.waitForTimeout(200 + 2500 * chosen());
          }
          await isAlive(page);
          await page.context().close();
        });
      }
    });
  });
}
