// Weights that arrive, break off, resume, do not fit, or are not the expected file.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { assertNoErrors, browsers, digits, draw, drop, launch, newPage, open, root, until } from './harness.mjs';
import { Host, sha256, zeros } from './host.mjs';

const FILES = join(root, 'tests', 'checkpoints', 'files');
const MIB = 2 ** 20;
const NETWORK = 'lenet5-modern';

/** Calls `layerscope.load`. Returns its result or the message of its error, and the reported events. */
const load = (page, url, options = {}, network = NETWORK) => page.evaluate(async ([name, weights, { cancelAt, ...rest }]) => {
  const events = [];
  const controller = new AbortController();
  const onProgress = (event) => {
    events.push(event);
    if (event.phase === 'download' && event.received >= cancelAt) controller.abort();
  };
  try {
    const loaded = await window.layerscope.load(name, { weights, onProgress, signal: controller.signal, ...rest });
    return { loaded, events };
  } catch (error) {
    return { error: error.message, name: error.name, isError: error instanceof Error, events };
  }
}, [network, url, options]);

const stored = (page) => page.evaluate(() => window.layerscope.stored());
const forget = (page, url) => page.evaluate((address) => window.layerscope.forget(address), url);

/**
 * Returns a valid checkpoint with padding before its values, so that it spans several pieces: JSON may contain spaces.
 */
function blown(bytes, extra) {
  const length = Number(bytes.readBigUInt64LE());
  const head = Buffer.alloc(8 + length + extra, ' ');
  bytes.copy(head, 0, 0, 8 + length);
  head.writeBigUInt64LE(BigInt(length + extra));
  return Buffer.concat([head, bytes.subarray(8 + length)]);
}

for (const { webgpu, name: title } of browsers) {
  describe(`weights ${title}`, () => {
    let browser;
    let host;
    let other;
    let good;
    before(async () => {
      browser = await launch({ webgpu });
      [host, other] = [await new Host().start(), await new Host().start()];
      good = await readFile(join(FILES, `${NETWORK}.safetensors`));
    });
    after(async () => {
      await browser?.close();
      host?.close();
      other?.close();
    });

    test('both formats load from an address of another site and from a file', async () => {
      const page = await open(browser);
      for (const file of [`${NETWORK}.safetensors`, `${NETWORK}.pth`, `${NETWORK}-legacy.pth`]) {
        const bytes = await readFile(join(FILES, file));
        const url = host.put(file, { bytes });
        const { loaded, error, events } = await load(page, url);
        assert.equal(error, undefined, `${file}: ${error}`);
        assert.equal(loaded.network, NETWORK);
        assert.equal(loaded.sha256, sha256(bytes));
        assert.equal(loaded.bytes, bytes.length);
        assert.equal(loaded.kept, false);
        assert.deepEqual(events.at(-1), { phase: 'download', received: bytes.length, total: bytes.length, resumed: 0 });
        // The file is kept: it is not requested again.
        assert.equal((await load(page, url)).loaded.kept, true);
        assert.equal(host.asked(file).length, 1);
        const opened = await page.evaluate(async ([name, values, as]) => {
          const weights = new File([new Uint8Array(values)], as);
          return window.layerscope.load(name, { weights });
        }, [NETWORK, [...bytes], file]);
        assert.equal(opened.weights, file);
      }
      assertNoErrors(page);
      await page.context().close();
    });

    test('the panel loads an address, a file and a seed, and reports errors', async () => {
      const page = await open(browser, `?net=${NETWORK}`);
      const panel = page.getByRole('region', { name: 'Weights' });
      await panel.locator('summary').click();
      const url = host.put(`panel-${NETWORK}.safetensors`, { bytes: good });
      await panel.getByLabel('From a URL').fill(url);
      await panel.getByRole('button', { name: 'Load the URL' }).click();
      await until('its weights', () => panel.locator('summary').innerText(), (text) => text.includes(`panel-${NETWORK}`));
      const logits = () => page.evaluate(async () => Array.from(await window.layerscope.activation('logits')));
      await until('a pass with them', () => page.evaluate(() => window.layerscope.engine().name), (name) => name !== 'starting');
      const first = await until('scores', () => logits().catch(() => []), (scores) => scores.length === 10);
      // A link to an unknown address asks before it fetches anything.
      const other = await newPage(browser);
      await other.goto(await until('the address in the link', async () => page.url(), (at) => at.includes(`panel-${NETWORK}`)));
      await other.getByRole('button', { name: 'Load these weights' }).waitFor();
      assert.deepEqual(other.seen.requests.filter((at) => at.startsWith(url)), []);
      await other.getByRole('button', { name: 'Load these weights' }).click();
      await until('its weights there', () => other.getByRole('region', { name: 'Weights' }).locator('summary').innerText(), (text) => text.includes(`panel-${NETWORK}`));
      await other.context().close();

      await panel.getByLabel('From a seed').fill('2');
      await panel.getByRole('button', { name: 'Use the seed' }).click();
      await until('that they are untrained', () => panel.locator('summary').innerText(), (text) => /untrained/.test(text));
      await until('other scores', () => logits().catch(() => first), (scores) => scores.some((score, i) => Math.abs(score - first[i]) > 1e-3));
      await panel.getByLabel('Open a file').setInputFiles({ name: 'notes.safetensors', mimeType: 'text/plain', buffer: Buffer.from('no weights') });
      await until('what is wrong', () => panel.getByRole('alert').innerText().catch(() => ''), (text) => /not loaded/.test(text));
      assert.match(await panel.locator('summary').innerText(), /seed/);
      await page.context().close();
    });

    test('kept files outlive the page, are listed and can be removed', async () => {
      const page = await open(browser);
      const url = host.put('kept.safetensors', { bytes: good });
      await load(page, url);
      await page.reload();
      await page.waitForFunction(() => window.layerscope);
      assert.deepEqual(await stored(page), [
        { url, received: good.length, total: good.length, whole: true, sha256: sha256(good) },
      ]);
      assert.equal((await load(page, url)).loaded.kept, true);
      assert.equal(host.asked('kept.safetensors').length, 1);
      assert.equal(await forget(page, url), true);
      assert.equal(await forget(page, url), false);
      assert.deepEqual(await stored(page), []);
      await page.context().close();
    });

    test('a cancelled download resumes, from other sites too', async () => {
      const page = await open(browser);
      const bytes = blown(good, 3 * MIB);
      // The second host exposes its length to other sites but not its ETag, as many hosts do.
      for (const [name, file] of [['etag', {}], ['modified', { expose: '', etag: null }]]) {
        const url = other.put(`${name}.safetensors`, { bytes, rest: 5, ...file });
        const cancelled = await load(page, url, { cancelAt: MIB });
        assert.match(cancelled.error, /was cancelled/);
        assert.equal(cancelled.name, 'AbortError');
        const [entry] = await stored(page);
        assert.equal(entry.whole, false);
        assert.ok(entry.received >= MIB && entry.received < bytes.length, `${entry.received} bytes`);
        const again = await load(page, url, name === 'modified' ? { sha256: sha256(bytes) } : {});
        assert.equal(again.error, undefined);
        assert.equal(again.loaded.sha256, sha256(bytes));
        const [, second] = other.asked(`${name}.safetensors`);
        assert.deepEqual([second.status, second.range], [206, `bytes=${entry.received}-`]);
        assert.equal(second.sent, bytes.length - entry.received);
        assert.equal(again.events.find((event) => event.phase === 'download').resumed, entry.received);
        await forget(page, url);
      }
      await page.context().close();
    });

    test('a broken download resumes by itself', async () => {
      const page = await open(browser);
      const bytes = blown(good, 2 * MIB);
      const url = host.put('breaks.safetensors', { bytes, rest: 2, breaks: [MIB, 1.5 * MIB] });
      const { loaded, error } = await load(page, url);
      assert.equal(error, undefined);
      assert.equal(loaded.sha256, sha256(bytes));
      assert.deepEqual(host.asked('breaks.safetensors').map((entry) => entry.status), [200, 206, 206]);
      // Bytes lost in transit are requested again, and no others.
      assert.ok(host.sent('breaks.safetensors') <= bytes.length + MIB, `${host.sent('breaks.safetensors')} bytes`);
      await page.context().close();
    });

    test('downloads restart without range support, and after a change of the file', async () => {
      const page = await open(browser);
      const bytes = blown(good, 2 * MIB);
      const plain = host.put('plain.safetensors', { bytes, ranges: false, rest: 5 });
      await load(page, plain, { cancelAt: MIB });
      assert.equal((await load(page, plain)).loaded.sha256, sha256(bytes));
      const changed = host.put('changed.safetensors', { bytes: blown(good, 3 * MIB), rest: 5 });
      await load(page, changed, { cancelAt: MIB });
      host.put('changed.safetensors', { bytes, etag: '"another"' });
      assert.equal((await load(page, changed)).loaded.sha256, sha256(bytes));
      await page.context().close();
    });

    test('a redirect to another site is followed', async () => {
      const page = await open(browser);
      const target = other.put('target.safetensors', { bytes: good });
      const { loaded, error } = await load(page, host.put('moved.safetensors', { redirect: target }));
      assert.equal(error, undefined);
      assert.equal(loaded.sha256, sha256(good));
      await page.context().close();
    });

    test('each failure has its message and leaves nothing behind', async () => {
      const page = await open(browser);
      const zip = await readFile(join(FILES, `${NETWORK}.pth`));
      const cases = {
        missing: [host.put('missing', { status: 404 }), /answered 404 for missing; the file is not there/],
        forbidden: [host.put('forbidden', { status: 403 }), /answered 403.*permission/],
        refused: [host.put('refused', { bytes: good, cors: null }), /does not let other sites read refused \(no CORS/],
        unreachable: ['http://127.0.0.1:9/weights', /127\.0\.0\.1:9 does not answer/],
        address: ['ftp://example.org/weights', /is no address of weights/],
        page: [host.put('page', { bytes: Buffer.from('<!doctype html><p>hello'), type: 'text/html' }), /it is a page of the web instead of the file/],
        short: [host.put('short', { bytes: good.subarray(0, good.length - 4) }), /cut off in the values/],
        damaged: [host.put('damaged', { bytes: zip.subarray(0, zip.length - 100) }), /the checkpoint cannot be used/],
      };
      for (const [name, [url, message]] of Object.entries(cases)) {
        const { error, isError } = await load(page, url);
        assert.match(error ?? 'it was loaded', message, name);
        assert.ok(isError);
        assert.deepEqual(await stored(page), [], name);
      }
      await page.context().close();
    });

    test('a file with another SHA-256 is refused and removed', async () => {
      const page = await open(browser);
      const url = host.put('wrong.safetensors', { bytes: good });
      const { error } = await load(page, url, { sha256: 'ab'.repeat(32) });
      assert.match(error, /not the file it should be.*was not used/);
      assert.deepEqual(await stored(page), []);
      assert.match((await load(page, url, { sha256: 'what' })).error, /is no SHA-256/);
      assert.equal((await load(page, url, { sha256: sha256(good).slice(0, 8) })).error, undefined);
      // A kept file with another hash is not used either.
      assert.match((await load(page, url, { sha256: 'ab'.repeat(32) })).error, /not the file it should be/);
      await page.context().close();
    });

    test('a server that sends too little is given up after several attempts, and the received part is kept', async () => {
      const page = await open(browser);
      const url = host.put('long.safetensors', { bytes: good, promises: good.length + 100 });
      const { error } = await load(page, url);
      assert.match(error, /broke off at \d+ bytes/);
      const [entry] = await stored(page);
      assert.equal(entry.whole, false);
      assert.equal(await forget(page, url), true);
      await page.context().close();
    });

    test('weights of another network are reported by name and kept', async () => {
      const page = await open(browser);
      const url = host.put('other.safetensors', { bytes: good });
      const { error } = await load(page, url, {}, 'resnet20-cifar');
      assert.match(error, /are those of lenet5-modern, and do not fit resnet20-cifar: bn1\.bias is missing, .* more; open them with lenet5-modern/);
      assert.equal((await stored(page)).length, 1);
      assert.equal((await load(page, url)).loaded.kept, true);
      await page.context().close();
    });

    test('missing storage is reported, before and during the download', async () => {
      const page = await newPage(browser);
      // Chromium reports 10 GB, whatever the disk holds. Other browsers report what they grant.
      await page.addInitScript((quota) => {
        window.told = quota;
        StorageManager.prototype.estimate = async () => ({ quota: window.told, usage: 0 });
      }, 4 * MIB);
      await page.goto((await import('./harness.mjs')).base);
      await page.waitForFunction(() => window.layerscope);
      const tensors = [['nothing', [4 * MIB]]];
      const url = host.put('large.safetensors', { ...zeros(tensors), rest: 5 });
      const { error } = await load(page, url);
      assert.match(error, /no room for large\.safetensors \(it has 17 MB, and the browser grants \d+ MB\)/);
      assert.deepEqual(await stored(page), []);
      assert.ok(host.sent('large.safetensors') < 8 * MIB);
      // If the browser reports more room than it has, the download finds out on the way and closes the connection.
      const session = await page.context().newCDPSession(page);
      const { origin } = new URL(page.url());
      await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 4 * MIB });
      await page.evaluate((quota) => { window.told = quota; }, 1024 * MIB);
      const promised = host.put('promised.safetensors', { ...zeros(tensors), rest: 5 });
      assert.match((await load(page, promised)).error, /no room for promised\.safetensors/);
      assert.deepEqual(await stored(page), []);
      await until('a closed connection', () => host.open('promised.safetensors'), (count) => count === 0);
      assert.ok(host.sent('promised.safetensors') < 12 * MIB, 'the body went on arriving');
      // A length that the page cannot see is detected on the way.
      const hidden = host.put('hidden.safetensors', { ...zeros(tensors), chunked: true });
      const late = await load(page, hidden);
      assert.match(late.error, /no room for hidden\.safetensors/);
      assert.deepEqual(await stored(page), []);
      // The page continues, and with room the download succeeds.
      await session.send('Storage.overrideQuotaForOrigin', { origin });
      assert.equal((await load(page, host.put('after.safetensors', { bytes: good }))).error, undefined);
      await page.context().close();
    });

    test('without a private file system the Cache Storage keeps the files, and without that the tab', async () => {
      for (const [place, script] of [
        ['cache', () => { delete window.FileSystemFileHandle; }],
        ['tab', () => { delete window.FileSystemFileHandle; Object.defineProperty(window, 'caches', { value: undefined }); }],
      ]) {
        const page = await newPage(browser);
        await page.addInitScript(script);
        await page.goto((await import('./harness.mjs')).base);
        await page.waitForFunction(() => window.layerscope);
        const bytes = blown(good, 2 * MIB);
        const url = host.put(`${place}.safetensors`, { bytes, rest: 5 });
        await load(page, url, { cancelAt: MIB });
        const { loaded, error } = await load(page, url);
        assert.equal(error, undefined);
        assert.equal(loaded.sha256, sha256(bytes));
        assert.equal((await load(page, url)).loaded.kept, true, place);
        assert.equal(await page.evaluate(async () => (await window.caches?.keys() ?? []).length), place === 'cache' ? 1 : 0);
        assert.equal(await forget(page, url), true);
        assert.deepEqual(await stored(page), []);
        await page.context().close();
      }
    });

    test('only one tab at a time downloads a file', async () => {
      const page = await open(browser);
      const url = host.put('slow.safetensors', { bytes: blown(good, 2 * MIB), rest: 30 });
      const second = await page.context().newPage();
      await second.goto(page.url());
      await second.waitForFunction(() => window.layerscope);
      const first = load(page, url);
      await until('the first download', async () => host.asked('slow.safetensors').length, (count) => count === 1);
      assert.match((await load(second, url)).error, /being downloaded in another tab/);
      assert.equal((await first).error, undefined);
      assert.equal((await load(second, url)).loaded.kept, true);
      await page.context().close();
    });

    test('one NaN among the weights spreads as in PyTorch, and there is no answer', async () => {
      const counts = JSON.parse(await readFile(join(root, 'tests', 'fixtures', 'not-a-number.json'), 'utf8'))[NETWORK];
      const broken = Buffer.from(good);
      const header = JSON.parse(broken.subarray(8, 8 + Number(broken.readBigUInt64LE())).toString());
      broken.writeFloatLE(NaN, 8 + Number(broken.readBigUInt64LE()) + header['conv1.weight'].data_offsets[0]);
      const page = await open(browser, `?net=${NETWORK}`);
      await draw(page, digits[1]);
      await until('an answer', () => page.getByRole('status', { name: 'Answer', exact: true }).innerText(), (text) => /sure/.test(text));
      await drop(page, 'broken.safetensors', broken);
      await until('no answer', () => page.getByRole('status', { name: 'Answer', exact: true }).innerText(), (text) => /^The scores are not numbers, so there is no answer\./.test(text));
      // Every layer with NaN says so, also where its shape has no room.
      for (const layer of ['conv1', 'conv2', 'fc1', 'fc3']) {
        await until(`${layer} says so`, () => page.locator('.name', { hasText: layer }).locator('.not-finite').allInnerTexts(), ([text]) => text === 'NaN');
      }
      for (const [output, count] of Object.entries(counts)) {
        const seen = await page.evaluate(async (name) => (await window.layerscope.activation(name)).filter(Number.isNaN).length, output);
        assert.equal(seen, count, output);
      }
      const url = host.put('broken.safetensors', { bytes: broken });
      await load(page, url);
      const { top } = await page.evaluate(() => window.layerscope.run({ input: new Float32Array(32 * 32) }));
      assert.deepEqual(top, []);
      assertNoErrors(page);
      await page.context().close();
    });

    test('a file that only has the name of a published one opens, with a word that it is another', async () => {
      const page = await open(browser, '?net=resnet18&engine=cpu');
      const layers = await page.evaluate(() => window.layerscope.summary('resnet18').layers);
      const url = host.put('tuned.safetensors', zeros(tensors(layers), LAST_BIAS));
      await page.locator('.supply summary').first().click();
      await drop(page, 'resnet18-f37072fd.pth', url);
      await until('the file', () => page.locator('.supply-label').innerText(), (label) => label === 'resnet18-f37072fd.pth');
      await page.locator('.supply .facts dd', { hasText: 'It has the name of a published file, and is another.' }).waitFor();
      await page.context().close();
    });

    // The largest network that the browser with a GPU loads within a test's time, and a smaller one for the CPU.
    const [network, least, engine] = webgpu ? ['vgg16', 553e6, 'gpu'] : ['resnet50', 102e6, 'cpu'];
    test(`${network} arrives in pieces and is not held in the page's memory`, async () => {
      const page = await open(browser, '?engine=cpu');
      const layers = await page.evaluate((name) => window.layerscope.summary(name).layers, network);
      const file = zeros(tensors(layers), LAST_BIAS);
      const url = host.put(`${network}.safetensors`, file);
      assert.ok(file.length > least, `${file.length} bytes`);
      const memory = () => page.evaluate(() => window.layerscope.memory());
      const before = await memory();
      const { loaded, error } = await load(page, url, {}, network);
      assert.equal(error, undefined);
      assert.equal(loaded.bytes, file.length);
      const grownByLoad = (await memory() - before) / MIB;
      assert.ok(grownByLoad <= 4, `the download took ${grownByLoad} MiB of the page's memory`);
      const result = await page.evaluate(async ([on, size]) => {
        const { top, engine: served, note } = await window.layerscope.run({ input: new Float32Array(size), engine: on, top: 2 });
        return { top, served, note };
      }, [engine, 3 * 224 * 224]);
      assert.equal(result.served, engine, result.note);
      // All values are zero except the last bias, so the last bytes of the file have arrived in their place.
      const [{ class: best, score, probability }, second] = result.top;
      assert.deepEqual([best, score, second.score], [999, LAST_BIAS, 0]);
      assert.ok(Math.abs(probability - Math.exp(LAST_BIAS) / (Math.exp(LAST_BIAS) + 999)) < 1e-5);
      const grown = (await memory() - before) / MIB;
      assert.ok(grown <= 64, `${file.length} bytes took ${grown} MiB of the page's memory`);
      await forget(page, url);
      await page.context().close();
    });
  });
}

const LAST_BIAS = 5;

/** Returns the tensors of a network as torchvision saves them, from the table of layers. */
function tensors(layers) {
  const shapes = new Map(layers.map(({ name, output_shape: shape }) => [name, shape]));
  return layers.flatMap(({ name, op, inputs: [input] }) => {
    const given = shapes.get(input)?.slice(1);
    switch (op.type) {
      case 'conv2d': {
        const { channels, groups, bias, window: { kernel } } = op;
        const weight = [`${name}.weight`, [channels, given[0] / groups, kernel, kernel]];
        return bias ? [weight, [`${name}.bias`, [channels]]] : [weight];
      }
      case 'batch-norm2d':
        return ['weight', 'bias', 'running_mean', 'running_var'].map((leaf) => [`${name}.${leaf}`, [given[0]]]);
      case 'linear': {
        const features = given.reduce((product, size) => product * size);
        return [[`${name}.weight`, [op.units, features]], [`${name}.bias`, [op.units]]];
      }
      default:
        return [];
    }
  });
}
