// Every family on the page: opened by its year, run on a photo, stepped through, unfolded, and opened again from its
// link.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import {
  accessibility, answer, answers, assertNoErrors, assertNoForeignRequests, base, browsers, button, digits, draw,
  launch, newPage, number, open, pad, pixel, program, ready, root, screenshot, settled, stays, tensors, until,
} from './harness.mjs';

const stateOf = (page) => page.evaluate(() => window.layerscope.state());
const activation = (page, name) => page.evaluate(async (node) => Array.from(await window.layerscope.activation(node)), name);

/** A family: its button, its first network, a network for large photos, and a cell of one of its layers. */
const families = [
  { title: 'AlexNet', first: 'alexnet-cifar10', network: 'alexnet', layer: 'conv3', map: 7, y: 4, x: 6 },
  { title: 'VGG', first: 'vgg16-cifar10', network: 'vgg16', layer: 'features.7', map: 3, y: 20, x: 31 },
  { title: 'GoogLeNet', first: 'googlenet-cifar10', network: 'googlenet', layer: 'inception3a', map: 70, y: 11, x: 9 },
  { title: 'ResNet', first: 'resnet18-cifar10', network: 'resnet18', layer: 'layer1.0', map: 5, y: 17, x: 40 },
];

/** Returns outputs of the command line's pass over the page's first sample photo, by name. */
async function reference(network) {
  const folder = await mkdtemp(join(tmpdir(), 'layerscope-'));
  try {
    const dump = join(folder, 'dump.safetensors');
    await promisify(execFile)(program, [
      'run', network, '--weights', 'seed:1', '--input', join(root, 'static', 'photos', 'cat.png'), '--engine', 'cpu',
      '--dump', dump,
    ], { cwd: root });
    return tensors(await readFile(dump));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Returns the largest difference of two lists, as a fraction of the spread of the second. */
function difference(seen, wanted) {
  assert.equal(seen.length, wanted.length);
  let [least, most, worst] = [Infinity, -Infinity, 0];
  for (let i = 0; i < wanted.length; i += 1) {
    least = Math.min(least, wanted[i]);
    most = Math.max(most, wanted[i]);
    worst = Math.max(worst, Math.abs(seen[i] - wanted[i]));
  }
  return worst / Math.max(most - least, 1e-6);
}

/** Counts the bytes of the page's GPU buffers: those created minus those destroyed. */
function countBuffers() {
  const alive = new Map();
  window.bufferBytes = () => [...alive.values()].reduce((sum, bytes) => sum + bytes, 0);
  if (!window.GPUDevice) return;
  const { createBuffer } = GPUDevice.prototype;
  GPUDevice.prototype.createBuffer = function (descriptor) {
    const buffer = createBuffer.call(this, descriptor);
    alive.set(buffer, descriptor.size);
    return buffer;
  };
  const { destroy } = GPUBuffer.prototype;
  GPUBuffer.prototype.destroy = function () {
    alive.delete(this);
    destroy.call(this);
  };
}

describe('families', () => {
  const expected = new Map();
  before(async () => {
    for (const { network } of families) expected.set(network, await reference(network));
  });

  for (const { webgpu, name } of browsers) {
    describe(name, () => {
      let browser;
      before(async () => { browser = await launch({ webgpu }); });
      after(() => browser?.close());

      for (const { title, first } of families) {
        test(`${title} is opened by its year and recognizes photos`, async () => {
          const page = await newPage(browser);
          const weights = [];
          page.on('request', (request) => weights.push(...request.url().match(/weights\/.*/) ?? []));
          await page.goto(`${base}?engine=${webgpu ? 'gpu' : 'cpu'}`);
          await ready(page);
          await page.getByRole('navigation', { name: 'Families' }).getByRole('button', { name: new RegExp(`^${title} `) }).click();
          await until(title, () => stateOf(page), (state) => state.net === first);
          // The page starts with the cat, resampled to 32 × 32. The text names the ten classes.
          await until('a cat', () => answer(page).locator('li').first().innerText(), (text) => /^cat/.test(text));
          assert.match(await page.locator('.answer').innerText(), /ten classes, those of CIFAR-10: airplane, automobile.*truck\. Whatever/s);
          assert.doesNotMatch(await page.locator('.answer').innerText(), /untrained/);
          const list = page.getByRole('listbox', { name: 'Test pictures' });
          await list.getByRole('option', { name: 'ship 2', exact: true }).click();
          await until('a ship', () => page.locator('.answer').innerText(), (text) => /Right: ship\./.test(text));
          await until('the picture in the address', async () => page.url(), (url) => url.includes('photo=cifar10-18'));
          // Only the weights of opened networks are fetched.
          assert.deepEqual(weights, ['weights/lenet5.safetensors', `weights/${first}.safetensors`]);
          assertNoErrors(page);
          assertNoForeignRequests(page);
          await page.context().close();
        });
      }

      for (const { title, first, network, layer, map, y, x } of families) {
        test(`${title} for large photos is chosen, stepped through and inspected`, async () => {
          const engine = webgpu ? 'gpu' : 'cpu';
          const page = await open(browser, `?net=${first}&engine=${engine}`);
          await page.getByRole('combobox', { name: 'Variant' }).selectOption(network);
          await until(title, () => stateOf(page), (state) => state.net === network);
          await until('its answer', () => answer(page).innerText(), (text) => /%/.test(text));
          await until('that it says it is untrained', () => page.locator('.answer').innerText(), (text) => /untrained/.test(text));
          await settled(page);
          // The engine is requested: with a software adapter, the page would choose the CPU by itself.
          assert.equal(await page.evaluate(() => window.layerscope.engine().name), engine);

          const wanted = expected.get(network);
          for (const node of ['input', layer, 'logits']) {
            const { values } = wanted[node] ?? wanted[Object.keys(wanted).findLast((key) => wanted[key].shape.join() === '1,1000')];
            const far = difference(await activation(page, node), values);
            assert.ok(far <= 2e-3, `${node} is off by ${far} of its spread`);
          }

          const { step, steps } = await stateOf(page);
          await page.keyboard.press('ArrowRight');
          await until('the next step', async () => (await stateOf(page)).step, (at) => at === step + 1);
          assert.ok(steps >= 8, `${steps} steps`);

          await page.goto(`${base}?net=${network}&engine=${engine}&weights=seed%3A1&layer=${layer}&map=${map}&y=${y}&x=${x}`);
          await ready(page);
          const { shape: [, , height, width], values } = wanted[layer];
          const value = values[(map * height + y) * width + x];
          await until(`${layer} map ${map} at ${y}, ${x} is ${value}`, () => pixel(page, 'output').innerText().catch(() => '0'), (text) =>
            Math.abs(number(text) - value) <= 2e-2 * Math.max(1, Math.abs(value)));
          assertNoErrors(page);
          assertNoForeignRequests(page);
          await page.context().close();
        });
      }

      test('ResNet takes a drawing, and LeNet-5 takes a photo', async () => {
        const page = await open(browser, '?net=resnet20-cifar&engine=cpu');
        await settled(page);
        const photo = await activation(page, 'input');
        await button(page, 'Draw').click();
        await draw(page, digits[7]);
        await settled(page);
        const drawn = await activation(page, 'input');
        assert.ok(drawn.some((value, i) => Math.abs(value - photo[i]) > 0.1));
        await page.goto(`${base}?net=lenet5&engine=cpu&input=photo`);
        await ready(page);
        await answers(page, '0123456789');
        assert.ok(new Set(await activation(page, 'input')).size > 50);
        await button(page, 'Draw').click();
        assert.equal(await pad(page).count(), 1);
        assertNoErrors(page);
        await page.context().close();
      });

      test('eighty changes of the network do not leak memory', async () => {
        const page = await newPage(browser);
        await page.addInitScript(countBuffers);
        await page.goto(`${base}?engine=${webgpu ? 'gpu' : 'cpu'}`);
        await ready(page);
        const networks = ['resnet20-cifar', 'lenet5-modern', 'plain20-cifar', 'lenet5'];
        const memory = () => page.evaluate(() => window.layerscope.memory());
        const buffers = () => page.evaluate(() => window.bufferBytes());
        const sizes = [];
        const onGpu = { before: [], after: [] };
        for (let turn = 0; turn < 80; turn += 1) {
          await page.evaluate((network) => window.layerscope.open(network), networks[turn % networks.length]);
          const place = turn % networks.length;
          if (place === 0) onGpu.before.push(await buffers());
          if (place === networks.length - 1) {
            sizes.push(await memory());
            await settled(page);
            onGpu.after.push(await buffers());
          }
        }
        // GPU memory of a network is freed at once, not at the next garbage collection.
        const told = `bytes of buffers, ${networks[0]} and ${networks.at(-1)}: ${JSON.stringify(onGpu)}`;
        if (webgpu) assert.ok(onGpu.before[0] > 2 ** 21 && onGpu.after[0] < 2 ** 20, told);
        assert.ok(onGpu.after.at(-1) - onGpu.after[0] <= 2 ** 12, told);
        // The memory of a WebAssembly module never shrinks. One turn may need up to 6 MB more than the others, once. The
        // other turns after the second grow it by at most 5 KB for each change: dropped views leave nothing in the state.
        const steps = sizes.slice(2).map((size, i) => size - sizes[i + 1]);
        const greatest = Math.max(...steps);
        const others = sizes.at(-1) - sizes[1] - greatest;
        const changes = steps.length * networks.length;
        const found = `${others} bytes in ${changes} changes, ${greatest} in one turn; bytes after each turn: ${sizes}`;
        assert.ok(greatest <= 6 * 2 ** 20 && others <= changes * 5 * 2 ** 10, found);
        assertNoErrors(page);
        await page.context().close();
      });

      test('if a device has no room for a network, the page says so and offers others', async () => {
        const page = await newPage(browser);
        await page.addInitScript(() => Object.defineProperty(navigator, 'deviceMemory', { value: 2 }));
        await page.goto(base);
        await ready(page);
        await page.getByRole('button', { name: /^VGG / }).click();
        await until('the one for small pictures', () => stateOf(page), (state) => state.net === 'vgg16-cifar10');
        await page.getByRole('combobox', { name: 'Variant' }).selectOption('vgg16');
        const said = await page.getByRole('alert').innerText();
        assert.match(said, /VGG-16 .* needs \d+ MB .*alexnet/s);
        assert.equal((await stateOf(page)).net, 'vgg16-cifar10');
        await page.context().close();
      });

      for (const { title, network } of [...families, { title: 'ResNet with its test pictures', network: 'resnet18-cifar10' }]) {
        for (const [sight, options] of Object.entries({
          wide: {}, dark: { colorScheme: 'dark' }, phone: { viewport: { width: 390, height: 844 }, hasTouch: true },
          'phone-dark': { viewport: { width: 390, height: 844 }, hasTouch: true, colorScheme: 'dark' },
        })) {
          if (webgpu) continue;
          test(`${title}, ${sight}, has no axe violation and is no wider than its window`, async () => {
            const page = await open(browser, `?net=${network}&engine=cpu`, options);
            await settled(page);
            await screenshot(page, `${network}-${sight}`);
            assert.deepEqual(await accessibility(page), []);
            const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
            assert.ok(wide <= 0, `the page is ${wide} px wider than the window`);
            assertNoErrors(page);
            await page.context().close();
          });
        }
      }
    });
  }
});

test('the camera input runs live, freezes and stops', async () => {
  const browser = await launch({ webgpu: false, args: ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream'] });
  try {
    const page = await newPage(browser, { permissions: ['camera'] });
    await page.goto(`${base}?net=resnet20-cifar&engine=cpu`);
    await ready(page);
    await button(page, 'Camera').click();
    const passes = () => page.evaluate(() => window.layerscope.passes());
    const before = await passes();
    await until('passes that go on by themselves', passes, (count) => count > before + 10);
    await button(page, 'Freeze').click();
    await settled(page);
    const frozen = await activation(page, 'input');
    await stays(page, () => activation(page, 'input'), frozen);
    await button(page, 'Stop camera').click();
    await until('the camera is off', () => button(page, 'Camera').count(), (count) => count === 1);
    assertNoErrors(page);
  } finally {
    await browser.close();
  }
});
