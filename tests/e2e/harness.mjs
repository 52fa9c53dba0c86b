// Opens the built page in headless Chromium, draws on it, and records its console messages and requests.
//
// `cargo xtask test e2e` serves the page and sets LAYERSCOPE_URL. By hand, run `cargo xtask serve` in one terminal and
// `node --test tests/e2e/` in another.
//
// Besides accessible names, tests rely on these attributes of the page:
//   data-layer="C3" data-map="4"   on the element (not its ancestors) that shows exactly that map
//   data-pixel="output"            on the element with the value of the selected cell; likewise "sum"

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

export const here = dirname(fileURLToPath(import.meta.url));
export const root = join(here, '..', '..');
export const base = process.env.LAYERSCOPE_URL ?? 'http://127.0.0.1:8080/';
/** The command line that the page is compared with. */
export const program = process.env.LAYERSCOPE_BIN ?? join(root, 'target', 'debug', 'layerscope');
/**
 * A Python with the packages of tests/e2e/requirements.txt. `cargo xtask test` passes the one that it found or made.
 */
export const python = [process.env.PYTHON, join(root, 'target', 'python', 'bin', 'python')].find((path) => path && existsSync(path)) ?? 'python3';
/** Folder of screenshots; git ignores it. */
export const out = join(here, 'out');

/** The two kinds of browser that the page supports. */
export const browsers = [
  { webgpu: true, name: 'with WebGPU' },
  { webgpu: false, name: 'without WebGPU' },
];

// The first flag gives Chromium an adapter (SwiftShader) on machines without a graphics card; without it,
// requestAdapter() returns null. The other flags make Chromium show what is drawn with it on a canvas.
const WEBGPU = [
  '--enable-unsafe-webgpu', '--use-vulkan=swiftshader', '--enable-features=Vulkan', '--ignore-gpu-blocklist',
  '--use-angle=swiftshader', '--enable-unsafe-swiftshader',
];
const QUIET = [
  '--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];
// Of each window, Chromium also renders menus of its own address bar, as pages in processes of their own. That takes as
// long as a page of ours. A second switch of this kind replaces the first, so Playwright's features are listed again.
const OFF = [
  'WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'WebUIOmniboxFullPopup',
  'AvoidUnnecessaryBeforeUnloadCheckSync', 'DestroyProfileOnBrowserClose', 'HttpsUpgrades', 'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay', 'MediaRouter', 'PaintHolding', 'ThirdPartyStoragePartitioning', 'AvoidCorsURLLoaderRestartOnRedirect',
  'OptimizationHints', 'NetworkTimeServiceQuerying', 'AimEnabled', 'PreconnectToSearch',
];
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The longest time for a condition, in milliseconds: here, shaders are compiled and executed on the CPU. */
export const PATIENCE = Number(process.env.LAYERSCOPE_PATIENCE ?? 60_000);

/** Starts a browser with its own profile. */
export async function launch({ webgpu = true, args = [] } = {}) {
  const places = process.env.CHROMIUM ? [process.env.CHROMIUM] : PLACES;
  let reason;
  for (const executablePath of places) {
    try {
      return await chromium.launch({ executablePath, args: [...QUIET, `--disable-features=${OFF}`, ...(webgpu ? WEBGPU : []), ...args] });
    } catch (error) {
      reason = error;
    }
  }
  throw reason;
}

/**
 * Opens a page with its own storage. It records its requests and errors.
 *
 * The service worker is blocked: routes do not see its responses, which may stem from an earlier visit. Tests of the
 * service worker pass `serviceWorkers: 'allow'`.
 */
export async function newPage(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, serviceWorkers: 'block', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  const seen = { requests: [], errors: [] };
  context.on('request', (request) => seen.requests.push(request.url()));
  page.on('console', (message) => message.type() === 'error' && seen.errors.push(message.text()));
  page.on('pageerror', (error) => seen.errors.push(String(error)));
  return Object.assign(page, { seen });
}

/** Opens the page and waits until its first pass is on the screen. */
export async function open(browser, query = '', options = {}) {
  const page = await newPage(browser, options);
  await page.goto(base + query);
  await ready(page);
  return page;
}

/** Drops a file on the page: `source` are its bytes, or the address that the page fetches them from. */
export const drop = (page, name, source, target = 'body') => page.evaluate(async ([name, source, target]) => {
  const bytes = source.url ? await (await fetch(source.url)).blob() : Uint8Array.from(atob(source.base64), (letter) => letter.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], name));
  for (const type of ['dragover', 'drop']) document.querySelector(target).dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: transfer }));
}, [name, typeof source === 'string' ? { url: source } : { base64: Buffer.from(source).toString('base64') }, target]);

/** Waits until the page is mounted and an engine runs. */
export async function ready(page) {
  await page.waitForFunction(() => window.layerscope);
  await page.evaluate(() => window.layerscope.ready);
}

/** Asserts that all requests go to the page's own origin (data: and blob: URLs are no requests to a server). */
export function assertNoForeignRequests(page) {
  const own = new URL(base).origin;
  const foreign = page.seen.requests.filter((url) => !/^(data|blob|about):/.test(url) && new URL(url).origin !== own);
  assert.deepEqual(foreign, []);
}

/** Asserts that the console has no errors except those that match `expected`. */
export function assertNoErrors(page, expected = /$^/) {
  assert.deepEqual(page.seen.errors.filter((text) => !expected.test(text)), []);
}

export const button = (page, name) => page.getByRole('button', { name, exact: true });
export const pad = (page) => page.getByLabel('Drawing pad', { exact: true });
export const answer = (page) => page.getByRole('status', { name: 'Answer', exact: true });
export const map = (page, layer, index) => page.locator(`[data-layer="${layer}"][data-map="${index}"]`);
export const pixel = (page, part) => page.locator(`[data-pixel="${part}"]`);

/** Chooses an engine by the control named "Engine": a list, or a group of radio buttons or buttons. */
export async function chooseEngine(page, engine) {
  const control = page.getByLabel('Engine', { exact: true }).first();
  if (await control.evaluate((element) => element.localName) === 'select') {
    await control.selectOption(engine);
    return;
  }
  const name = engine === 'gpu' ? /GPU/ : /CPU/;
  await control.getByRole('radio', { name }).or(control.getByRole('button', { name })).first().click();
}

/** Returns the text of the answer. For digits, it starts with the digit. */
export const answerText = async (page) => (await answer(page).innerText()).trim();

/** Returns the first number in a text. It accepts the typographic minus sign. */
export function number(text) {
  const found = text.replaceAll('\u2212', '-').match(/-?\d+(\.\d+)?(e-?\d+)?/i);
  assert.ok(found, `no number in "${text}"`);
  return Number(found[0]);
}

/** Polls `look` until `holds` is true. The failure message contains the last value seen. */
export async function until(what, look, holds, patience = PATIENCE) {
  const end = Date.now() + patience;
  let seen;
  do {
    seen = await look();
    if (holds(seen)) return seen;
    await new Promise((resolve) => setTimeout(resolve, 50));
  } while (Date.now() < end);
  assert.fail(`${what}: still ${JSON.stringify(seen)} after ${patience} ms`);
}

/**
 * Records what `look` returns in the page, now and after each change of the page. What is shown for a moment only is gone
 * before a busy machine looks for it.
 *
 * `look` runs in the page, with `argument`. Returns a function that returns the values in their order.
 */
export async function recorded(page, look, argument) {
  const values = await page.evaluateHandle(`(() => {
    const [look, values] = [() => (${look})(${JSON.stringify(argument)}), []];
    const note = () => {
      const value = look();
      if (value !== values.at(-1)) values.push(value);
    };
    note();
    new MutationObserver(note).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
    return values;
  })()`);
  return () => values.jsonValue();
}

/** Waits until the answer starts with one of these digits, or, if `digits` is empty, with no digit. */
export const answers = (page, digits) =>
  until(`answer ${digits || 'none'}`, () => answerText(page), (text) =>
    digits === '' ? !/^\d/.test(text) : digits.includes(text.at(0) ?? '?'));

/** Returns the different positions of the pulse during a pass over the sample photo of coffee. */
export const pulses = (page) => page.getByRole('button', { name: /coffee/ }).first().evaluate(async (sample) => {
  const [before, seen] = [window.layerscope.passes(), new Set()];
  sample.click();
  while (window.layerscope.passes() === before) {
    seen.add(document.querySelector('.pulse').getAttribute('d'));
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  return [...seen].filter((place) => place);
});

/** Waits for a number of frames of the page. What the page does by itself, it does in frames, however long they take. */
export const frames = (page, count) => page.evaluate(async (count) => {
  for (let frame = 0; frame < count; frame += 1) await new Promise((resolve) => { requestAnimationFrame(resolve); });
}, count);

/** Waits until `look` has returned the same for `count` frames. Returns that. */
export async function rested(page, what, look, count = 12) {
  let seen = JSON.stringify(await look());
  await until(`${what} at rest`, async () => {
    const before = seen;
    await frames(page, count);
    seen = JSON.stringify(await look());
    return seen === before;
  }, Boolean);
  return JSON.parse(seen);
}

/** Asserts that `look` goes on returning `expected`, for half a second at 60 frames a second and longer at fewer. */
export async function stays(page, look, expected) {
  for (let time = 0; time < 6; time += 1) {
    assert.deepEqual(await look(), expected);
    await frames(page, 5);
  }
  assert.deepEqual(await look(), expected);
}

/** Returns a screenshot of a page or an element, as a PNG, once `count` frames have not changed it. */
export async function still(page, element = page, options = {}, count = 8) {
  let seen;
  await until('a picture that no longer changes', async () => {
    const before = seen;
    await frames(page, count);
    seen = await element.screenshot(options);
    return before?.equals(seen) ?? false;
  }, Boolean);
  return seen;
}

/** Waits until no pass has run for a moment, so that the screen shows the current input. */
export async function settled(page) {
  const engine = () => page.evaluate(() => window.layerscope.engine());
  let { passes } = await engine();
  await until('passes at rest', async () => {
    await frames(page, 6);
    const [before, now] = [passes, await engine()];
    passes = now.passes;
    // An engine that is still starting has a pass ahead.
    return passes === before && !now.busy && now.name !== 'starting';
  }, Boolean);
  // Values are read after a pass and shown a few frames later.
  await frames(page, 6);
}

/** Draws strokes with the mouse. A stroke is a list of points, in fractions of the element's width and height. */
export async function draw(page, strokes, element = pad(page)) {
  await element.scrollIntoViewIfNeeded();
  const box = await element.boundingBox();
  for (const stroke of strokes) {
    const points = stroke.map(([x, y]) => [box.x + x * box.width, box.y + y * box.height]);
    await page.mouse.move(...points[0]);
    await page.mouse.down();
    for (const [i, [x, y]] of points.slice(1).entries()) {
      // As far apart as in quick drawing by hand. Each move waits for the browser, so more moves would only take
      // longer.
      const steps = Math.ceil(Math.hypot(x - points[i][0], y - points[i][1]) / (0.12 * box.width));
      await page.mouse.move(x, y, { steps: Math.max(1, steps) });
    }
    await page.mouse.up();
  }
}

/** Returns points on an ellipse between two angles, in turns clockwise from the top. */
const arc = (x, y, rx, ry, from, to) => Array.from({ length: 13 }, (_, i) => {
  const turn = 2 * Math.PI * (from + (to - from) * i / 12);
  return [x + rx * Math.sin(turn), y - ry * Math.cos(turn)];
});

/** Digits as a person draws them, in the unit square of the pad. */
export const digits = {
  0: [arc(0.5, 0.5, 0.2, 0.3, 0, 1.02)],
  1: [[[0.52, 0.18], [0.5, 0.5], [0.48, 0.82]]],
  2: [[...arc(0.5, 0.35, 0.19, 0.16, -0.22, 0.36), [0.3, 0.8], [0.5, 0.78], [0.74, 0.8]]],
  3: [[...arc(0.47, 0.34, 0.18, 0.15, -0.2, 0.46), ...arc(0.48, 0.65, 0.2, 0.17, 0.04, 0.7)]],
  4: [[[0.36, 0.2], [0.3, 0.52], [0.72, 0.52]], [[0.64, 0.2], [0.62, 0.5], [0.6, 0.84]]],
  7: [[[0.26, 0.22], [0.5, 0.22], [0.74, 0.22], [0.6, 0.48], [0.46, 0.82]]],
};

/** Returns the F32 tensors of a safetensors file, from its bytes. */
export function tensors(bytes) {
  const length = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, 8 + length).toString('utf8'));
  delete header.__metadata__;
  const data = bytes.subarray(8 + length);
  return Object.fromEntries(Object.entries(header).map(([name, { dtype, shape, data_offsets: [from, to] }]) => {
    assert.equal(dtype, 'F32', name);
    // Copy the bytes: a Float32Array must be aligned, and the file need not be.
    return [name, { shape, values: new Float32Array(new Uint8Array(data.subarray(from, to)).buffer) }];
  }));
}

/** Saves a screenshot, for the analysis of failures. */
export async function screenshot(page, name) {
  await mkdir(out, { recursive: true });
  await page.screenshot({ path: join(out, `${name}.png`) });
}

/** Returns the findings of axe-core, one line each. */
export async function accessibility(page) {
  const axe = await readFile(join(root, 'node_modules', 'axe-core', 'axe.min.js'), 'utf8');
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  }));
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}: ${node.failureSummary}`));
}
