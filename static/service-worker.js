// Caches the page for use without a network. xtask/src/offline.rs writes these constants before this text in `dist/`:
//   VERSION  name of this build
//   FIRST    files that are cached before anything is served from the cache: file -> first 16 digits of its SHA-256
//   LATER    files that are cached after that, one after another
//
// The files of all versions are in one cache, under their names and hashes. A file is cached only if its hash is right.
// Versions are therefore never mixed, an update fetches only changed files, and an interrupted download continues.

/** Only this cache is changed: the Cache Storage also holds downloaded weights (src/app/store/shelf.rs). */
const CACHE = 'layerscope-offline';
/** Milliseconds that an opening page waits for the host's version, and then for the files of a newer version. */
const ASKED_MS = 1500, FETCHED_MS = 3000;

const hashOf = (file) => FIRST[file] ?? LATER[file];
const place = (file, hash) => `/${file}?${hash}`;
const kept = async (file) => (await caches.open(CACHE)).match(place(file, hashOf(file)));

async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Aborts the current downloads. */
let stop = new AbortController();

/** Caches a file, unless it is cached already. */
async function keep(file) {
  const cache = await caches.open(CACHE);
  const hash = hashOf(file);
  if (await cache.match(place(file, hash))) return;
  // Pages are fetched by the address of their folder: some hosts redirect from index.html.
  const response = await fetch(`/${file.replace(/(^|\/)index\.html$/, '$1')}`, { cache: 'no-cache', priority: 'low', signal: stop.signal });
  const bytes = await response.arrayBuffer();
  if (!response.ok || !(await sha256(bytes)).startsWith(hash)) throw new Error(`${file} is not the one of version ${VERSION}`);
  const headers = new Headers(response.headers);
  for (const name of ['Content-Encoding', 'Vary']) headers.delete(name); // they describe the transfer, not the body
  headers.set('Content-Length', bytes.byteLength);
  await cache.put(place(file, hash), new Response(bytes, { headers }));
}

let keeping = null;
/**
 * Caches the later files one after another, so that the page has priority; only once, even if several pages ask for it.
 */
const keepLater = () => keeping ??= (async () => {
  for (const file of Object.keys(LATER)) await keep(file);
})().finally(() => { keeping = null; });

addEventListener('install', (event) => event.waitUntil(Promise.all(Object.keys(FIRST).map(keep))));

/** Removes the files of other versions, once no page of theirs is open. */
addEventListener('activate', (event) => event.waitUntil((async () => {
  const cache = await caches.open(CACHE);
  const own = new Set(Object.entries({ ...FIRST, ...LATER }).map(([file, hash]) => new URL(place(file, hash), location).href));
  const other = (await cache.keys()).filter(({ url }) => !own.has(url));
  await Promise.all(other.map((request) => cache.delete(request)));
})()));

addEventListener('message', (event) => {
  const { data, ports: [port] } = event;
  if (data === 'take over') {
    skipWaiting();
  } else if (data.version === VERSION) {
    // A page of the same version that came over the network is served from the cache from now on.
    event.waitUntil((async () => {
      await clients.claim();
      port.postMessage('begun');
      if (data.all) {
        await keepLater();
        port.postMessage('whole');
      }
    })().catch(() => { /* no network, or no storage left: it continues when a page is opened again */ }));
  }
});

addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin || request.headers.has('Range')) return;
  const file = pathname.slice(1);
  if (hashOf(file)) {
    event.respondWith(serve(file, request));
  } else if (request.mode === 'navigate' && !/\.[^/]*$/.test(file)) {
    event.respondWith(open(file, event));
  }
});

const serve = async (file, request) => await kept(file) ?? fetch(request);

/**
 * Returns the page in the nearest folder, as `resolve` in xtask/src/serve.rs does, or a replacement that fetches a
 * newer version.
 */
async function open(path, event) {
  const { request } = event;
  const instead = request.destination === 'document' && await isAlone(request) && await replacement(event);
  if (instead) return instead;
  let folder = path;
  while (folder && !hashOf(`${folder}/index.html`)) folder = folder.replace(/\/?[^/]*$/, '');
  return serve(folder ? `${folder}/index.html` : 'index.html', request);
}

/** Returns whether no other page is open. An open page would get files of the newer version. */
async function isAlone(request) {
  const pages = (await clients.matchAll({ type: 'window', includeUncontrolled: true })).filter(({ frameType }) => frameType !== 'nested');
  return pages.length === 0 || (pages.length === 1 && request.isReloadNavigation === true && pages[0].id !== renewing);
}

/**
 * The document that last waited for a newer version. If this service worker serves its reload, the wait was in vain.
 */
let renewing = null;

/**
 * Returns the response that replaces a page if the host has another version. It loads that version and reloads the
 * address.
 */
async function replacement(event) {
  const now = registration.waiting ? VERSION : await hosted();
  if (now === null) {
    // The site has no service worker, for example `trunk serve` at an address that served a release before.
    await Promise.all([registration.unregister(), caches.delete(CACHE)]);
    return new Response('', { headers: { 'Content-Type': 'text/html', Refresh: '0' } });
  }
  if (!registration.waiting && (now === undefined || now === VERSION)) return null;
  renewing = event.resultingClientId;
  // No other service worker can take over while downloads run here.
  stop.abort();
  stop = new AbortController();
  const head = '<!doctype html><title>Layerscope</title><meta name="color-scheme" content="light dark"><link rel="icon" href="data:,">';
  return new Response(`${head}<script>(${renew})(${FETCHED_MS})</script>`, { headers: { 'Content-Type': 'text/html; charset=utf-8' } });
}

/** Runs in a page: browsers postpone an update that a service worker requests while a page is loading. */
async function renew(patience) {
  const { serviceWorker } = navigator;
  const within = (promise) => Promise.race([promise, new Promise((resolve) => setTimeout(resolve, patience))]);
  try {
    const registration = await serviceWorker.getRegistration();
    await within((async () => {
      await registration.update();
      const { installing } = registration;
      if (installing) await new Promise((resolve) => { installing.onstatechange = resolve; });
    })().catch(() => { /* no network, or an incomplete deployment: use the waiting version, if any */ }));
    if (registration.waiting) {
      const taken = new Promise((resolve) => { serviceWorker.oncontrollerchange = resolve; });
      registration.waiting.postMessage('take over');
      await within(taken);
    }
  } finally {
    location.reload();
  }
}

/** Returns the version on the host: null if it has no service worker, undefined if it does not answer. */
async function hosted() {
  if (!navigator.onLine) return undefined;
  try {
    const options = { cache: 'no-store', redirect: 'error', signal: AbortSignal.timeout(ASKED_MS) };
    const response = await fetch('/service-worker.js', options);
    if ([404, 410].includes(response.status)) return null;
    if (!response.ok) return undefined;
    if (!/javascript/.test(response.headers.get('Content-Type'))) return null;
    return /^const VERSION = "(\w+)";$/m.exec(await response.text())?.[1];
  } catch {
    return undefined;
  }
}
