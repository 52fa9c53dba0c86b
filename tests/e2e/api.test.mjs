// `window.layerscope` as docs/api.md describes it: the networks, and the results of their passes.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { assertNoErrors, browsers, launch, open, root, settled, until } from './harness.mjs';

const FIXTURES = join(root, 'tests', 'fixtures');
/**
 * Tolerance in standard deviations of the reference, as in tests/reference.rs, and an absolute part for constant
 * outputs.
 */
const TOLERANCE = { gpu: 1e-3, cpu: 1e-4 };
const FLOOR = 1e-6;

const fixture = async (name) => JSON.parse(await readFile(join(FIXTURES, `${name}.json`), 'utf8'));

/** Returns test digit 0 of MNIST in the middle of 32x32, as the input of lenet5-modern. */
async function digit() {
  const pixels = await readFile(join(FIXTURES, 'digit0.gray'));
  const field = new Array(32 * 32).fill(0);
  pixels.forEach((byte, i) => { field[(2 + Math.floor(i / 28)) * 32 + 2 + i % 28] = byte / 255; });
  return field;
}

/** Stores the reference's photo in the page as `window.input`, resampled as in the reference and normalized. */
async function photo(page, size, mean, deviation) {
  const bytes = await readFile(join(FIXTURES, 'cat.png'));
  await page.evaluate(async ([values, side, means, deviations]) => {
    const blob = new Blob([new Uint8Array(values)], { type: 'image/png' });
    const picture = await createImageBitmap(blob, { colorSpaceConversion: 'none' });
    const context = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
    context.drawImage(picture, 0, 0);
    const { data, width, height } = context.getImageData(0, 0, picture.width, picture.height);
    window.input = Float32Array.from({ length: 3 * side * side }, (_, i) => {
      const [c, y, x] = [Math.floor(i / (side * side)), Math.floor(i / side) % side, i % side];
      const row = Math.floor((2 * y + 1) * height / (2 * side));
      const column = Math.floor((2 * x + 1) * width / (2 * side));
      return (data[4 * (row * width + column) + c] / 255 - means[c]) / deviations[c];
    });
  }, [[...bytes], size, mean, deviation]);
}

const IMAGENET = [[0.485, 0.456, 0.406], [0.229, 0.224, 0.225]];

/** Runs a pass over `window.input`. Returns only the shape, the length and the sampled values of each output. */
const run = (page, options, activations = []) => page.evaluate(async ([given, wanted]) => {
  const keep = wanted.map(({ name }) => name);
  const result = await window.layerscope.run({ input: window.input, keep, ...given });
  const kept = wanted.map(({ name, samples }) => ({
    length: result.outputs[name].length,
    isFloat32: result.outputs[name] instanceof Float32Array,
    samples: samples.map(([place]) => result.outputs[name][place]),
  }));
  return { ...result, outputs: kept };
}, [options, activations]);

function agrees(result, activations, tolerance) {
  for (const [i, { name, shape, std, samples }] of activations.entries()) {
    const output = result.outputs[i];
    assert.ok(output.isFloat32);
    assert.deepEqual(result.shapes[name], shape, name);
    assert.equal(output.length, shape.reduce((product, size) => product * size), name);
    for (const [k, [place, expected]] of samples.entries()) {
      const error = Math.abs(output.samples[k] - expected);
      assert.ok(error <= tolerance * std + FLOOR, `${name}[${place}]: ${output.samples[k]}, expected ${expected}`);
    }
  }
}

const message = (page, work, argument) => page.evaluate(async ([text, given]) => {
  try {
    await new Function('layerscope', 'given', `return (${text})(layerscope, given)`)(window.layerscope, given);
    return 'no error';
  } catch (error) {
    return error instanceof Error ? error.message : `no Error: ${error}`;
  }
}, [work.toString(), argument]);

for (const { webgpu, name: title } of browsers) {
  describe(`window.layerscope ${title}`, () => {
    let browser;
    before(async () => { browser = await launch({ webgpu }); });
    after(() => browser?.close());

    test('activations belong to one pass over the current input, from the first pass on', async () => {
      const engine = webgpu ? 'gpu' : 'cpu';
      const page = await open(browser, `?net=lenet5&engine=${engine}`);
      // The first results after a change of the network, and after a change of the digit.
      const early = await page.evaluate(async () => {
        const { layerscope } = window;
        layerscope.go('net=resnet20-cifar');
        for (;;) {
          try {
            return Array.from(await layerscope.activation('logits'));
          } catch (error) {
            if (!/no pass has been run/.test(error.message)) {
              throw error;
            }
            await new Promise((resolve) => setTimeout(resolve));
          }
        }
      });
      await settled(page);
      const logits = () => page.evaluate(async () => Array.from(await window.layerscope.activation('logits')));
      assert.deepEqual(early, await logits());
      assert.ok(early.some((score) => score !== 0));
      await page.evaluate(() => window.layerscope.open('lenet5'));
      const values = await page.evaluate(async () => {
        window.layerscope.setInput(new Float32Array(784).fill(0.5));
        return Array.from(await window.layerscope.activation('logits'));
      });
      await settled(page);
      assert.deepEqual(values, await logits());
      await page.evaluate(() => window.layerscope.setInput(new Float32Array(784)));
      assert.notDeepEqual(values, await logits());
      assertNoErrors(page);
      await page.context().close();
    });

    test('networks and their tables of layers', async () => {
      const page = await open(browser);
      const networks = await page.evaluate(() => window.layerscope.networks());
      assert.ok(networks.length >= 20, `${networks.length} networks`);
      const resnet = networks.find(({ name }) => name === 'resnet50');
      assert.deepEqual(
        { ...resnet, totals: resnet.totals.parameters },
        { name: 'resnet50', title: resnet.title, family: 'resnet', year: 2015, classes: 1000, input: [1, 3, 224, 224], totals: 25_557_032 },
      );
      assert.ok(resnet.title);
      const summary = await page.evaluate(() => window.layerscope.summary('lenet5'));
      const c3 = summary.layers.find(({ name }) => name === 'C3');
      assert.deepEqual([c3.parameters, c3.output_shape], [1516, [1, 16, 10, 10]]);
      assert.match(await message(page, (layerscope) => layerscope.summary('lenet6')), /no network named 'lenet6'/);
      await page.context().close();
    });

    for (const engine of webgpu ? ['gpu', 'cpu'] : ['cpu']) {
      test(`every output of lenet5-modern agrees with the reference on the ${engine} engine`, async () => {
        const page = await open(browser);
        const { activations } = await fixture('lenet5-modern');
        await page.evaluate((values) => { window.input = Float32Array.from(values); }, await digit());
        const loaded = await page.evaluate(() => window.layerscope.load('lenet5-modern', { weights: 'seed:1' }));
        assert.deepEqual([loaded.network, loaded.weights, loaded.bytes], ['lenet5-modern', 'seed:1', null]);
        const result = await run(page, { engine }, activations);
        assert.equal(result.engine, engine);
        assert.equal(result.note, null);
        assert.ok(result.milliseconds > 0);
        agrees(result, activations, TOLERANCE[engine]);
        assertNoErrors(page);
        await page.context().close();
      });

      for (const [network, size] of [['resnet20-cifar', 32], ['resnet18', 224]]) {
        test(`every output of ${network} agrees with the reference on the ${engine} engine`, async () => {
          const page = await open(browser, '?engine=cpu');
          const { activations } = await fixture(network);
          await photo(page, size, ...IMAGENET);
          await page.evaluate((name) => window.layerscope.load(name, { weights: 'seed:1' }), network);
          const result = await run(page, { engine }, activations);
          assert.equal(result.engine, engine, result.note);
          agrees(result, activations, TOLERANCE[engine]);
          // Without the other outputs, a layer is computed in another way: fused with its neighbours.
          const last = activations.slice(-1);
          agrees(await run(page, { engine }, last), last, TOLERANCE[engine]);
          assertNoErrors(page);
          await page.context().close();
        });
      }

      test(`the bundled weights recognize a seven, and block outputs can be kept, on the ${engine} engine`, async () => {
        const page = await open(browser);
        await page.evaluate((values) => { window.input = Float32Array.from(values); }, await digit());
        const input = await page.evaluate(async () => {
          await window.layerscope.load('lenet5-modern', { weights: 'bundled' });
          return window.layerscope.summary('lenet5-modern').input_shape;
        });
        assert.deepEqual(input, [1, 1, 32, 32]);
        const { top } = await run(page, { engine, top: 3 });
        assert.equal(top.length, 3);
        assert.deepEqual([top[0].class, top[0].name], [7, '7']);
        assert.ok(top[0].probability > 0.9 && top[0].probability > top[1].probability, JSON.stringify(top));
        assert.ok(top[0].score > top[1].score);
        await page.evaluate(() => window.layerscope.load('resnet20-cifar', { weights: 'seed:2' }));
        const kept = await page.evaluate(async (on) => {
          const { outputs } = await window.layerscope.run({
            input: new Float32Array(3072), engine: on, keep: ['layer1.0', 'logits'],
          });
          return [outputs['layer1.0'].length, outputs.logits.length];
        }, engine);
        assert.deepEqual(kept, [16 * 32 * 32, 10]);
        await page.context().close();
      });
    }

    test('auto does not choose a software adapter', async () => {
      const page = await open(browser);
      await page.evaluate((values) => { window.input = Float32Array.from(values); }, await digit());
      await page.evaluate(() => window.layerscope.load('lenet5-modern'));
      const result = await run(page, {});
      assert.equal(result.engine, 'cpu');
      assert.match(result.note, /The GPU was not used: .*The CPU served instead\./);
      if (!webgpu) assert.match((await run(page, { engine: 'gpu' })).note, /no GPU adapter answers/);
      await page.context().close();
    });

    test('a pass on the CPU reports progress, keeps the page responsive, and can be cancelled', async () => {
      const page = await open(browser, '?engine=cpu');
      const seen = await page.evaluate(async () => {
        const { layerscope } = window;
        await layerscope.load('resnet18', { weights: 'seed:1' });
        const input = new Float32Array(3 * 224 * 224);
        await layerscope.run({ input, engine: 'cpu' });
        const events = [];
        let longest = 0;
        let last = performance.now();
        const timer = setInterval(() => {
          longest = Math.max(longest, performance.now() - last);
          last = performance.now();
        }, 1);
        const { milliseconds } = await layerscope.run({ input, engine: 'cpu', onProgress: (event) => events.push(event) });
        clearInterval(timer);
        const controller = new AbortController();
        const cancelled = layerscope.run({
          input, engine: 'cpu', signal: controller.signal, onProgress: ({ done }) => done === 3 && controller.abort(),
        }).then(() => 'no error', (error) => error.name);
        return { events, longest, milliseconds, cancelled: await cancelled, after: (await layerscope.run({ input, engine: 'cpu' })).engine };
      });
      const { done, total, phase } = seen.events.at(-1);
      assert.deepEqual([phase, done], ['run', total]);
      assert.ok(seen.events.length > 10);
      console.log(`${title}: a pass of ${seen.milliseconds.toFixed(0)} ms, the page rested for ${seen.longest.toFixed(0)} ms at most`);
      assert.ok(seen.longest < seen.milliseconds / 2, JSON.stringify([seen.longest, seen.milliseconds]));
      assert.equal(seen.cancelled, 'AbortError');
      assert.equal(seen.after, 'cpu');
      await page.context().close();
    });

    test('a crashed worker fails its pass, and the next pass starts another', async () => {
      const page = await open(browser, '?engine=cpu');
      await page.evaluate(async () => {
        window.input = new Float32Array(3 * 32 * 32);
        await window.layerscope.load('resnet20-cifar', { weights: 'seed:1' });
      });
      const others = page.workers();
      const first = await run(page, { engine: 'cpu' });
      const [worker] = page.workers().filter((one) => !others.includes(one));
      await worker.evaluate(() => { setTimeout(() => { throw new Error('memory is full'); }); });
      const failed = await until('a failure', () => message(page, (layerscope) =>
        layerscope.run({ input: window.input, engine: 'cpu' })), (text) => text !== 'no error');
      assert.match(failed, /worker has died.*memory is full/);
      const again = await run(page, { engine: 'cpu' });
      assert.deepEqual(again.top, first.top);
      // The page's own worker is not affected.
      assert.equal(page.workers().length, others.length + 1);
      await page.context().close();
    });

    test('impossible requests are reported', async () => {
      const page = await open(browser);
      const cases = [
        [(layerscope) => layerscope.run({ input: new Float32Array(1024) }), /no network is loaded/],
        [(layerscope) => layerscope.load('lenet6', { weights: 'seed:1' }), /no network named 'lenet6'/],
        [(layerscope) => layerscope.load('vgg16', { weights: 'bundled' }), /no weights ship for vgg16/],
        [(layerscope) => layerscope.load('lenet5', { weights: 'seed:one' }), /weights is to be 'bundled', 'seed:N'/],
        [(layerscope) => layerscope.load('lenet5', { weights: 7 }), /weights is to be 'bundled', 'seed:N'/],
        [(layerscope) => layerscope.load('lenet5', { weights: new ArrayBuffer(100) }), /it is no checkpoint/],
        [(layerscope) => layerscope.load('lenet5', { signal: 1 }), /signal is to be an AbortSignal/],
        [async (layerscope) => {
          await layerscope.load('lenet5', { weights: 'seed:1' });
          return layerscope.run({ input: new Float32Array(100) });
        }, /Float32Array of 1024 values.*has 100/],
        [(layerscope) => layerscope.run({ input: [1, 2] }), /input is to be a Float32Array/],
        [(layerscope) => layerscope.run(), /input is to be a Float32Array/],
        [(layerscope) => layerscope.run({ input: new Float32Array(1024), engine: 'npu' }), /engine is to be 'gpu', 'cpu' or 'auto'/],
        [(layerscope) => layerscope.run({ input: new Float32Array(1024), tune: -1 }), /tune is to be a number of milliseconds/],
        [(layerscope) => layerscope.run({ input: new Float32Array(1024), top: 'all' }), /top is to be a number of classes/],
        [(layerscope) => layerscope.run({ input: new Float32Array(1024), keep: ['C9'] }), /lenet5 has no layer named 'C9'/],
        [(layerscope) => layerscope.run({ input: new Float32Array(1024), keep: 'C1' }), /keep is to be an array/],
      ];
      for (const [work, expected] of cases) assert.match(await message(page, work), expected, work.toString());
      await page.context().close();
    });
  });
}

test('kernels are measured on request, and the choice is kept for the adapter', async () => {
  const browser = await launch({ webgpu: true });
  try {
    const page = await open(browser, '?engine=cpu');
    const { activations } = await fixture('lenet5-modern');
    await page.evaluate((values) => { window.input = Float32Array.from(values); }, await digit());
    await page.evaluate(() => window.layerscope.load('lenet5-modern', { weights: 'seed:1' }));
    const table = () => page.evaluate(() => JSON.parse(localStorage.getItem('layerscope.tuning'))?.adapters ?? null);
    const result = await run(page, { engine: 'gpu', tune: 10_000 }, activations);
    assert.equal(result.engine, 'gpu', result.note);
    agrees(result, activations, TOLERANCE.gpu);
    const [[adapter, shapes], ...others] = Object.entries(await table());
    assert.deepEqual(others, []);
    // The network's two convolutions, each with a kernel of a convolution.
    assert.equal(Object.keys(shapes).length, 2);
    for (const [shape, kernel] of Object.entries(shapes)) assert.match(`${shape}: ${kernel}`, /^conv2d \S.*: conv2d/);
    // A kept choice is used and not measured again. Here it is what another visit would have left.
    const kernels = ['conv2d', 'conv2d_direct'];
    for (const kernel of kernels) {
      const left = { adapters: { [adapter]: Object.fromEntries(Object.keys(shapes).map((shape) => [shape, kernel])) } };
      await page.evaluate((text) => localStorage.setItem('layerscope.tuning', text), JSON.stringify(left));
      const { rows: [{ layers }] } = await page.evaluate(() =>
        window.layerscope.bench({ networks: ['lenet5-modern'], engines: ['gpu'], passes: 1, seconds: 1 }));
      const served = layers.filter((layer) => layer.kernel.startsWith('conv2d')).map((layer) => layer.kernel);
      assert.deepEqual(served, [kernel, kernel]);
      assert.deepEqual((await table())[adapter], left.adapters[adapter]);
    }
    // Unreadable entries are ignored.
    await page.evaluate(() => localStorage.setItem('layerscope.tuning', '{'));
    await page.evaluate(() => window.layerscope.load('lenet5-modern', { weights: 'seed:1' }));
    agrees(await run(page, { engine: 'gpu' }, activations), activations, TOLERANCE.gpu);
  } finally {
    await browser.close();
  }
});

test('a GPU device lost during a pass is replaced, and the pass is repeated', async () => {
  const browser = await launch({ webgpu: true });
  try {
    const page = await open(browser, '?engine=cpu');
    const { activations } = await fixture('lenet5-modern');
    await page.evaluate((values) => { window.input = Float32Array.from(values); }, await digit());
    await page.evaluate(() => window.layerscope.load('lenet5-modern', { weights: 'seed:1' }));
    assert.equal((await run(page, { engine: 'gpu' })).note, null);
    await page.evaluate(() => { window.layerscope.loseDevice(); });
    const between = await run(page, { engine: 'gpu' }, activations);
    assert.equal(between.engine, 'gpu');
    agrees(between, activations, TOLERANCE.gpu);
    await page.evaluate(() => {
      const { layerscope } = window;
      const { input } = window;
      window.passing = layerscope.run({ input, engine: 'gpu' });
      // After the pass is submitted, and before its result arrives.
      queueMicrotask(() => setTimeout(() => layerscope.loseDevice()));
    });
    const [engine, note] = await page.evaluate(() => window.passing.then((result) => [result.engine, result.note]));
    assert.equal(engine, 'gpu');
    assert.ok(note === null || /was lost .*repeated on a new one/.test(note), note);
    agrees(await run(page, { engine: 'gpu' }, activations), activations, TOLERANCE.gpu);
  } finally {
    await browser.close();
  }
});
