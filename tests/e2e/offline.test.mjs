// The page without a network after a first visit, its updates, and its installation. The test has a server of its own
// in front of the tested one: it can stop, and it can serve another version.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { PNG } from 'pngjs';
import { answers, assertNoErrors, base, digits, draw, launch, newPage, ready, stays, until } from './harness.mjs';

const hash = (text) => createHash('sha256').update(text).digest('hex').slice(0, 16);
const fetched = async (path) => {
  const response = await fetch(new URL(path, base));
  assert.equal(response.status, 200, path);
  return response;
};
const text = async (path) => (await fetched(path)).text();

/** A server that forwards requests. Paths in `own` are answered here, with a text or a status. */
class Front {
  own = new Map();
  asked = [];

  async start(port = 0) {
    this.server = createServer((request, response) => this.#answer(request, response).catch(() => response.destroy()));
    this.server.listen(port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = this.server.address().port;
    this.base = `http://127.0.0.1:${this.port}/`;
    return this;
  }

  close() {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }

  async #answer(request, response) {
    this.asked.push(request.url);
    const behind = await fetch(new URL(request.url, base), { method: request.method });
    const own = this.own.get(new URL(request.url, base).pathname);
    const status = typeof own === 'number' ? own : behind.status;
    response.writeHead(status, { 'Content-Type': behind.headers.get('Content-Type'), 'Cache-Control': 'no-store' });
    response.end(typeof own === 'string' ? own : Buffer.from(await behind.arrayBuffer()));
  }
}

/** The description tells versions of the first page apart; the title depends on the language. */
const DESCRIBED = /(<meta name="description" content=")[^"]*/;
const described = (page) => page.locator('meta[name="description"]').getAttribute('content');

/** Returns the next version of the site: another description of the first page, with the changed hashes. */
async function next(name) {
  const [script, page] = await Promise.all([text('service-worker.js'), text('')]);
  const [, version] = /^const VERSION = "(\w+)";$/m.exec(script);
  const other = hash(name);
  const renewed = page.replace(version, other).replace(DESCRIBED, `$1${name}`);
  assert.ok(script.includes(hash(page)), 'the page is the one that the service worker keeps');
  return { page: renewed, script: script.replace(version, other).replace(hash(page), hash(renewed)) };
}

const kept = (page) => page.evaluate(async () => {
  const names = await caches.keys();
  const requests = await (await caches.open('layerscope-offline')).keys();
  return { names, files: requests.map(({ url }) => url.replace(location.origin, '')) };
});
const state = (page) => page.evaluate(() => document.documentElement.dataset.offline);
const whole = (page) => until('everything is kept', () => state(page), (now) => now === 'whole');

describe('without a network', () => {
  let browser, front, page;
  before(async () => { browser = await launch({ webgpu: false }); });
  after(() => browser?.close());

  /** Opens the first page through a front server, and waits until all files are cached. */
  async function visit() {
    front = await new Front().start();
    page = await newPage(browser, { serviceWorkers: 'allow', locale: 'en-US' });
    await page.goto(front.base);
    await ready(page);
    await whole(page);
  }

  async function leave() {
    await page?.context().close();
    await front?.close();
  }

  test('after a first visit, every page opens, computes and is complete', async () => {
    try {
      await visit();
      const first = front.asked.length;
      // The cache holds the files of the site.
      const { files } = await kept(page);
      const script = await text('service-worker.js');
      const listed = [...script.matchAll(/^ {2}"(.+)": "(\w{16})",$/gm)].map(([, file, sum]) => `/${file}?${sum}`);
      assert.deepEqual(files.sort(), listed.sort());
      for (const file of ['index.html', 'learn/index.html', 'compare/index.html', 'fonts/source-sans-3.woff2', 'weights/resnet18-cifar10.safetensors']) {
        assert.ok(files.some((kept) => kept.startsWith(`/${file}?`)), file);
      }
      await front.close();
      await page.context().setOffline(true);

      await page.reload();
      await ready(page);
      await draw(page, digits[7]);
      await answers(page, '7');
      // Weights that this visit has not used, and an address that only the site's rule maps to a page.
      await page.goto(`${front.base}resnet?net=resnet18-cifar10`);
      await ready(page);
      await until('a pass of resnet18', () => page.evaluate(() => window.layerscope.engine()), (now) => now.passes > 0 && !now.busy);

      await page.goto(`${front.base}learn/pooling`);
      await page.locator('.lesson h1').waitFor();
      await page.locator('.lesson .maps canvas').first().waitFor();
      assert.equal(await page.locator('[role="alert"]:visible').count(), 0);
      await page.goto(`${front.base}learn`);
      await page.locator('ol.lessons a').first().waitFor();
      await page.goto(`${front.base}compare`);
      await page.getByRole('row').nth(3).waitFor();
      await page.goto(`${front.base}bench`);
      await page.locator('main h1').waitFor();
      assert.equal(front.asked.length, first);
      assertNoErrors(page);
      // A file that the site lacks is not answered with a page here either.
      assert.equal(await page.evaluate(() => fetch('/weights/none.safetensors').then(({ status }) => status, () => 'none')), 'none');
    } finally {
      await leave();
    }
  });

  test('a newer version replaces the older at a reload, and fetches only changed files', async () => {
    try {
      await visit();
      await page.evaluate(async () => (await caches.open('weights-1')).put('/weights-1/mine', new Response('mine')));
      const before = await kept(page);
      const { page: renewed, script } = await next('Layerscope, the next version');

      // Half of a deployment: the script lists a page that is not there yet. The old page stays complete.
      front.own.set('/service-worker.js', script);
      await page.reload();
      await ready(page);
      assert.doesNotMatch(await described(page), /next version/);

      // A second page of the older version is open, so the newer one waits.
      const second = await page.context().newPage();
      await second.goto(`${front.base}compare`);
      front.own.set('/', renewed);
      await page.reload();
      await ready(page);
      assert.doesNotMatch(await described(page), /next version/);
      await second.close();

      // The first reload shows it, unless the browser has postponed its update; then a later reload does.
      front.asked.length = 0;
      await until('the next version', async () => {
        await page.reload();
        await ready(page);
        return described(page);
      }, (text) => /next version/.test(text));
      await whole(page);
      assert.deepEqual(front.asked.filter((path) => path !== '/service-worker.js' && path !== '/'), []);
      const now = await kept(page);
      assert.equal(now.files.length, before.files.length);
      const [gone, come] = [before.files.filter((file) => !now.files.includes(file)), now.files.filter((file) => !before.files.includes(file))];
      assert.deepEqual([gone, come].map((files) => files.map((file) => file.split('?')[0])), [['/index.html'], ['/index.html']]);
      assert.equal(come[0], `/index.html?${hash(renewed)}`);
      assert.equal(await page.evaluate(async () => (await (await caches.open('weights-1')).match('/weights-1/mine')).text()), 'mine');

      await front.close();
      await page.reload();
      await ready(page);
      assert.match(await described(page), /next version/);
      assertNoErrors(page);
    } finally {
      await leave();
    }
  });

  test('a site without its service worker is no longer served from the cache', async () => {
    try {
      await visit();
      await page.evaluate(() => caches.open('weights-1'));
      front.own.set('/service-worker.js', 404);
      front.own.set('/', (await text('')).replace(DESCRIBED, '$1plain').replace(/data-version="\w+"/, ''));
      await page.reload();
      await ready(page);
      assert.equal(await described(page), 'plain');
      assert.equal(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length), 0);
      assert.deepEqual(await page.evaluate(() => caches.keys()), ['weights-1']);
    } finally {
      await leave();
    }
  });

  test('nothing is cached inside another page', async () => {
    try {
      front = await new Front().start();
      page = await newPage(browser, { serviceWorkers: 'allow', locale: 'en-US' });
      front.own.set('/host', `<!doctype html><title>host</title><iframe src="/?embed"></iframe>`);
      await page.clock.install();
      await page.goto(`${front.base}host`);
      const inner = page.frames()[1];
      await inner.waitForFunction(() => window.layerscope);
      await inner.evaluate(() => window.layerscope.ready);
      const registered = () => page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length);
      // Longer than static/first/offline.js waits.
      await page.clock.fastForward(4000);
      await stays(page, registered, 0);
      // By itself the same page registers one by that time.
      await page.goto(front.base);
      await ready(page);
      await page.clock.fastForward(4000);
      await until('a service worker', registered, (count) => count === 1);
    } finally {
      await leave();
    }
  });
});

test('the page can be installed', async () => {
  const browser = await launch({ webgpu: false });
  try {
    const page = await newPage(browser, { serviceWorkers: 'allow' });
    await page.goto(base);
    await ready(page);
    const devtools = await page.context().newCDPSession(page);
    const { url, errors, data } = await devtools.send('Page.getAppManifest');
    assert.equal(url, `${base}manifest.webmanifest`);
    assert.deepEqual(errors, []);
    assert.match((await fetched('manifest.webmanifest')).headers.get('Content-Type'), /^application\/manifest\+json/);
    const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors');
    // Tests run in incognito windows, which cannot install anything. That is no fault of the page.
    assert.deepEqual(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito'), []);
    const { icons, start_url: start, scope, name_localized: names } = JSON.parse(data);
    assert.match(names.zh, /^Layerscope：/);
    assert.deepEqual([start, scope], ['/', '/']);
    for (const { src, sizes, type } of icons) {
      const response = await fetched(src);
      assert.equal(response.headers.get('Content-Type'), type, src);
      if (type === 'image/png') {
        const { width, height } = PNG.sync.read(Buffer.from(await response.arrayBuffer()));
        assert.equal(`${width}x${height}`, sizes, src);
      }
    }
    const apple = await page.locator('link[rel="apple-touch-icon"]').getAttribute('href');
    const { width, height } = PNG.sync.read(Buffer.from(await (await fetched(apple)).arrayBuffer()));
    assert.deepEqual([width, height], [180, 180]);
  } finally {
    await browser.close();
  }
});
