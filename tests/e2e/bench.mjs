// Measures the page and prints, for each engine: the time from a pointer move to pixels on the screen, and the memory
// after 10,000 passes compared with that after 100. It also prints the frame rate while the CPU engine computes, the
// times between frames while the stage is panned and while it runs live, the time from a photo to its answer, and the
// time of a cold load. `cargo xtask bench` builds and serves the page and runs this script.
//
// The time of a move starts at the browser's time stamp of the event. It ends with the frame after the one in which the
// pass of that move was counted, because then its pixels have left the page. It includes up to one frame of waiting
// before the pass and one after it.

import { readFile } from 'node:fs/promises';
import { audit } from './lighthouse.mjs';
import { base, button, digits, draw, launch, newPage, open, pad, ready, rested, settled } from './harness.mjs';

const MOVES = Number(process.env.LAYERSCOPE_MOVES ?? 200);
const WARM_UP = 20;
const PASSES = Number(process.env.LAYERSCOPE_PASSES ?? 10_000);
const FIRST_PASSES = 100;
const LARGE = 'vgg16';
const FRAME_SECONDS = 8;
const MIB = 2 ** 20;

const print = (line) => process.stdout.write(`${line}\n`);

/** Returns the given quantile of sorted values. */
const quantile = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)];

/** Returns the milliseconds from pointer move to pixels, one value per move. */
async function latencies(page) {
  await page.evaluate(() => {
    window.moves = [];
    window.addEventListener('pointermove', (event) => {
      if (event.buttons === 0) return;
      const passes = window.layerscope.passes();
      const look = () => requestAnimationFrame(() => {
        if (window.layerscope.passes() === passes) { look(); return; }
        requestAnimationFrame(() => {
          // The message is handled after the frame's own work.
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => window.moves.push(performance.now() - event.timeStamp);
          port2.postMessage(0);
        });
      });
      look();
    }, true);
  });
  const box = await pad(page).boundingBox();
  const total = WARM_UP + MOVES;
  for (let i = 0; i < total; i += 1) {
    if (i % 40 === 0) {
      await page.mouse.up();
      await button(page, 'Clear').click();
      await settled(page);
      await page.evaluate(() => { window.kept = [...(window.kept ?? []), ...window.moves]; window.moves = []; });
      await page.mouse.move(box.x + 0.3 * box.width, box.y + 0.3 * box.height);
      await page.mouse.down();
      await settled(page);
      await page.evaluate(() => { window.moves = []; });
    }
    const count = await page.evaluate(() => window.moves.length);
    const turn = i / 6;
    await page.mouse.move(
      box.x + (0.5 + (0.05 + 0.005 * (i % 40)) * Math.sin(turn)) * box.width,
      box.y + (0.5 + (0.05 + 0.005 * (i % 40)) * Math.cos(turn)) * box.height,
    );
    await page.waitForFunction((before) => window.moves.length > before, count);
  }
  await page.mouse.up();
  const all = await page.evaluate(() => [...window.kept, ...window.moves]);
  return all.slice(WARM_UP).sort((a, b) => a - b);
}

/** Runs passes over different inputs until `target` passes are counted, and prints the progress. */
async function runPasses(page, target) {
  for (let done = 0; done < target;) {
    done = await somePasses(page, Math.min(target, done + 500));
    if (process.stderr.isTTY) process.stderr.write(`\r  ${done} of ${target} passes\r`);
  }
}

const somePasses = (page, target) => page.evaluate(async (until) => {
  const { layerscope } = window;
  const input = new Float32Array(784);
  let seed = 1;
  while (layerscope.passes() < until) {
    const before = layerscope.passes();
    // A sparse picture, as strokes are, and a different one each time.
    input.fill(0);
    for (let i = 0; i < 120; i += 1) {
      seed = (seed * 48271) % 2147483647;
      input[seed % 784] = 1;
    }
    layerscope.setInput(input);
    while (layerscope.passes() === before) await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  return layerscope.passes();
}, target);

/** Returns the bytes by kind. Kinds that the browser does not report are left out. */
async function memory(browser, page) {
  const found = await page.evaluate(async () => {
    globalThis.gc?.();
    const bytes = { wasm: window.layerscope.memory(), 'JavaScript heap': performance.memory?.usedJSHeapSize };
    if (globalThis.crossOriginIsolated && performance.measureUserAgentSpecificMemory) {
      // The browser answers at its next garbage collection, which may take long.
      const late = new Promise((resolve) => setTimeout(resolve, 30_000));
      bytes['page in all'] = (await Promise.race([performance.measureUserAgentSpecificMemory(), late]))?.bytes;
    }
    return bytes;
  });
  // Buffers and textures are in the browser's GPU process. Without a graphics card, its memory holds all of them.
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  for (const { type, id } of processInfo.filter(({ type }) => type === 'GPU')) {
    const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '');
    const resident = status.match(/VmRSS:\s+(\d+) kB/);
    if (resident) found[`${type} process`] = Number(resident[1]) * 1024;
  }
  await session.detach();
  return found;
}

async function bench(engine) {
  const webgpu = engine === 'gpu';
  const plain = await launch({ webgpu });
  try {
    const page = await open(plain, `?engine=${engine}`);
    const { name, adapter, screen } = await page.evaluate(() => window.layerscope.engine());
    print(`${engine} engine: ${adapter || 'no adapter'}, shown through ${screen}`);
    if (name !== engine) {
      print(`  not measured: the page runs the ${name} engine here`);
      return false;
    }
    await draw(page, digits[7]);
    const times = await latencies(page);
    const ms = (part) => `${quantile(times, part).toFixed(1)} ms`;
    print(`  pointer move to pixels, ${times.length} moves: median ${ms(0.5)}, p95 ${ms(0.95)}`);
  } finally {
    await plain.close();
  }
  // Lift the limit of 60 frames per second. With it, 10,000 passes would take at least three minutes.
  const fast = await launch({
    webgpu,
    args: ['--disable-frame-rate-limit', '--disable-gpu-vsync', '--js-flags=--expose-gc', '--enable-precise-memory-info'],
  });
  try {
    // Use a small window: a software adapter spends its time on pixels, and this part measures memory.
    const page = await open(fast, `?engine=${engine}`, { viewport: { width: 390, height: 400 } });
    await runPasses(page, FIRST_PASSES);
    const early = await memory(fast, page);
    const start = Date.now();
    await runPasses(page, PASSES);
    const perPass = (Date.now() - start) / (PASSES - FIRST_PASSES);
    const late = await memory(fast, page);
    print(`  memory after ${FIRST_PASSES} and after ${PASSES} passes (${perPass.toFixed(2)} ms each):`);
    for (const [kind, bytes] of Object.entries(late)) {
      if (bytes === undefined || early[kind] === undefined) continue;
      const grown = (bytes - early[kind]) / MIB;
      print(`    ${kind}: ${(early[kind] / MIB).toFixed(1)} MiB, ${(bytes / MIB).toFixed(1)} MiB (${grown < 0 ? '' : '+'}${grown.toFixed(1)})`);
    }
  } finally {
    await fast.close();
  }
  return true;
}

/** Measures the frame rate while the CPU engine runs a large network, and the longest gap between two frames. */
async function frames() {
  const browser = await launch({ webgpu: false });
  try {
    const page = await open(browser, '?engine=cpu');
    const found = await page.evaluate(async ([network, seconds]) => {
      const { layerscope } = window;
      const { input: dims } = await layerscope.load(network, { weights: 'seed:1' });
      const input = new Float32Array(dims.reduce((a, b) => a * b));
      await layerscope.run({ input, engine: 'cpu' });
      const times = [];
      let going = true;
      const count = (now) => { times.push(now); if (going) requestAnimationFrame(count); };
      requestAnimationFrame(count);
      const start = performance.now();
      let passes = 0;
      for (; performance.now() - start < 1000 * seconds; passes += 1) await layerscope.run({ input, engine: 'cpu' });
      going = false;
      const longest = times.slice(1).reduce((most, time, i) => Math.max(most, time - times[i]), 0);
      return { passes, rate: 1000 * (times.length - 1) / (times.at(-1) - times[0]), longest };
    }, [LARGE, FRAME_SECONDS]);
    print(`frames while the CPU engine runs ${LARGE}: ${found.rate.toFixed(1)} a second over ${found.passes} passes, `
      + `at most ${found.longest.toFixed(0)} ms between two`);
  } finally {
    await browser.close();
  }
}

/** Runs `work` in the page for some seconds and returns the times between frames, sorted. */
const between = (page, seconds, work) => page.evaluate(async ([length, source]) => {
  const step = new Function('now', source);
  const times = [];
  await new Promise((resolve) => {
    const start = performance.now();
    const count = (now) => {
      times.push(now);
      step(now - start);
      if (now - start < 1000 * length) requestAnimationFrame(count); else resolve();
    };
    requestAnimationFrame(count);
  });
  return times.slice(1).map((time, i) => time - times[i]).sort((x, y) => x - y);
}, [seconds, work]);

const told = (times) => `median ${quantile(times, 0.5).toFixed(1)} ms, p95 ${quantile(times, 0.95).toFixed(1)} ms, `
  + `${(1000 * times.length / times.reduce((sum, time) => sum + time, 0)).toFixed(1)} a second`;

/** Sends the stage wheel events that pan to the right and back. */
const PAN = `document.querySelector('.stage-area').dispatchEvent(new WheelEvent('wheel', {
  deltaX: 24 * Math.sign(Math.sin(now / 700)), shiftKey: true, bubbles: true, cancelable: true }))`;
/** Sets a different input in every frame. */
const LIVE = `const picture = new Float32Array(784); for (let i = 0; i < 90; i += 1) picture[(i * 37 + Math.floor(now)) % 784] = 1;
  window.layerscope.setInput(picture)`;

/**
 * Measures the times between frames while the largest network is panned, at three scales, and while LeNet-5 runs live.
 */
async function motion(engine) {
  const browser = await launch({ webgpu: engine === 'gpu' });
  try {
    const page = await open(browser, `?net=resnet152&engine=${engine}`);
    const { name, screen } = await page.evaluate(() => window.layerscope.engine());
    if (name !== engine) return;
    await settled(page);
    for (const distance of ['whole', 'near', 'nearer']) {
      print(`frames while ResNet-152 is panned, ${distance}, ${engine} engine through ${screen}: ${told(await between(page, 4, PAN))}`);
      for (let i = 0; i < 4; i += 1) {
        await button(page, 'Zoom in').click();
        await rested(page, 'the camera', () => page.evaluate(() => window.layerscope.state().view));
      }
    }
    await page.goto(`${base}?engine=${engine}`);
    await ready(page);
    print(`frames while LeNet-5 runs live, ${engine} engine through ${screen}: ${told(await between(page, 4, LIVE))}`);
  } finally {
    await browser.close();
  }
}

/** Measures the median time in milliseconds from the choice of a photo to the answer on the screen, per network. */
async function answers(engine) {
  const browser = await launch({ webgpu: engine === 'gpu' });
  try {
    for (const network of ['alexnet', 'vgg16', 'googlenet', 'resnet18', 'resnet50', 'resnet152']) {
      const page = await open(browser, `?net=${network}&engine=${engine}`);
      if ((await page.evaluate(() => window.layerscope.engine().name)) !== engine) return;
      await settled(page);
      const times = [];
      for (const photo of [/coffee/, /astronaut/, /rocket/, /galaxies/, /cat/]) {
        const sample = page.getByRole('button', { name: photo }).first();
        times.push(await sample.evaluate(async (element) => {
          const passes = window.layerscope.passes();
          const start = performance.now();
          element.click();
          while (window.layerscope.passes() === passes) await new Promise((resolve) => requestAnimationFrame(resolve));
          await new Promise((resolve) => requestAnimationFrame(resolve));
          return performance.now() - start;
        }));
      }
      times.sort((x, y) => x - y);
      print(`from photo to answer, ${network}, ${engine} engine: median ${quantile(times, 0.5).toFixed(0)} ms, longest ${times.at(-1).toFixed(0)} ms`);
      await page.context().close();
    }
  } finally {
    await browser.close();
  }
}

/** Measures the milliseconds from navigation to the first answer, without caches; `line` throttles the connection. */
async function coldLoad(name, line) {
  const browser = await launch({ webgpu: false });
  try {
    const page = await newPage(browser);
    const session = await page.context().newCDPSession(page);
    await session.send('Network.enable');
    if (line) await session.send('Network.emulateNetworkConditions', { offline: false, ...line });
    const start = Date.now();
    await page.goto(`${base}?digit=3`);
    await page.waitForFunction(() => window.layerscope);
    const usable = Date.now() - start;
    await page.evaluate(() => window.layerscope.ready);
    print(`cold load, ${name}: usable after ${usable} ms, first answer after ${Date.now() - start} ms`);
  } finally {
    await browser.close();
  }
}

/** Fast 3G as in browsers' developer tools: 1.6 Mbit/s down, 750 kbit/s up, 150 ms. */
const FAST_3G = { downloadThroughput: 1.6e6 / 8, uploadThroughput: 750e3 / 8, latency: 150 };

/** The parts to run: those that LAYERSCOPE_BENCH lists, separated by commas, or all. */
const parts = process.env.LAYERSCOPE_BENCH?.split(',') ?? ['strokes', 'frames', 'motion', 'answers', 'load'];
const engines = ['gpu', 'cpu'];

let measured = parts.includes('strokes') ? 0 : 1;
if (parts.includes('strokes')) for (const engine of engines) measured += Number(await bench(engine));
if (parts.includes('frames')) await frames();
if (parts.includes('motion')) for (const engine of engines) await motion(engine);
if (parts.includes('answers')) for (const engine of engines) await answers(engine);
if (parts.includes('load')) {
  await coldLoad('no limit');
  await coldLoad('fast 3G', FAST_3G);
  const { scores, failed } = await audit(['performance']);
  print(`Lighthouse, performance: ${scores.performance}${failed.map((line) => `\n  ${line}`).join('')}`);
}
process.exitCode = measured > 0 ? 0 : 1;
