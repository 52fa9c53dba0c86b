// Keeps the page for when there is no network. xtask/src/offline.rs writes what precedes this text in `dist/`:
//   VERSION  names this build
//   FIRST    what is kept before anything is served from here: file -> the first 16 digits of its SHA-256
//   LATER    what is kept after that, one file after another
//
// Files of all versions lie in one cache, each under its name and hash, and none is put there whose hash is another. So
// versions are never mixed, an update fetches only what has changed, and what was broken off goes on where it was.

/** Nothing else in the Cache Storage is touched: downloaded weights lie there too (src/app/store/shelf.rs). */
const CACHE = 'layerscope-offline';
/** Milliseconds that a page which is opened waits to hear of another version, and then for that to be there. */
const ASKED_MS = 1500, FETCHED_MS = 3000;

const hashOf = (file) => FIRST[file] ?? LATER[file];
const place = (file, hash) => `/${file}?${hash}`;
const kept = async (file) => (await caches.open(CACHE)).match(place(file, hashOf(file)));

async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Ends what is being fetched. */
let stop = new AbortController();

/** Fetches a file, unless it is there. */
async function keep(file) {
  const cache = await caches.open(CACHE);
  const hash = hashOf(file);
  if (await cache.match(place(file, hash))) return;
  // Pages by the address of their folder: some hosts redirect from the file.
  const response = await fetch(`/${file.replace(/(^|\/)index\.html$/, '$1')}`, { cache: 'no-cache', priority: 'low', signal: stop.signal });
  const bytes = await response.arrayBuffer();
  if (!response.ok || !(await sha256(bytes)).startsWith(hash)) throw new Error(`${file} is not the one of version ${VERSION}`);
  const headers = new Headers(response.headers);
  for (const name of ['Content-Encoding', 'Vary']) headers.delete(name); // these were of the transfer
  headers.set('Content-Length', bytes.byteLength);
  await cache.put(place(file, hash), new Response(bytes, { headers }));
}

let keeping = null;
/** One after another, so that the page comes first; once, however many pages ask for it. */
const keepLater = () => keeping ??= (async () => {
  for (const file of Object.keys(LATER)) await keep(file);
})().finally(() => { keeping = null; });

addEventListener('install', (event) => event.waitUntil(Promise.all(Object.keys(FIRST).map(keep))));

/** Files of other versions go when no page of theirs is open any more. */
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
    // A page that came over the network, of the same version, is served from here from now on.
    event.waitUntil((async () => {
      await clients.claim();
      port.postMessage('begun');
      if (data.all) {
        await keepLater();
        port.postMessage('whole');
      }
    })().catch(() => { /* no network, or no room: it goes on when a page is opened again */ }));
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

/** The page in the nearest folder, as `resolve` in xtask/src/serve.rs finds it; before it what brings a newer version. */
async function open(path, event) {
  const { request } = event;
  const instead = request.destination === 'document' && await isAlone(request) && await replacement(event);
  if (instead) return instead;
  let folder = path;
  while (folder && !hashOf(`${folder}/index.html`)) folder = folder.replace(/\/?[^/]*$/, '');
  return serve(folder ? `${folder}/index.html` : 'index.html', request);
}

/** Whether no other page is open: one that is would find files of the newer version. */
async function isAlone(request) {
  const pages = (await clients.matchAll({ type: 'window', includeUncontrolled: true })).filter(({ frameType }) => frameType !== 'nested');
  return pages.length === 0 || (pages.length === 1 && request.isReloadNavigation === true && pages[0].id !== renewing);
}

/** The document that last waited for a newer version: in vain, if it is this service worker that it opens its address from. */
let renewing = null;

/** What is answered in place of a page, where the host has another version: its end is that the address is opened again. */
async function replacement(event) {
  const now = registration.waiting ? VERSION : await hosted();
  if (now === null) {
    // A site without service worker, such as `trunk serve` where a release was served before.
    await Promise.all([registration.unregister(), caches.delete(CACHE)]);
    return new Response('', { headers: { 'Content-Type': 'text/html', Refresh: '0' } });
  }
  if (!registration.waiting && (now === undefined || now === VERSION)) return null;
  renewing = event.resultingClientId;
  // Until nothing is under way here, no other can take over.
  stop.abort();
  stop = new AbortController();
  const head = '<!doctype html><title>Layerscope</title><meta name="color-scheme" content="light dark"><link rel="icon" href="data:,">';
  return new Response(`${head}<script>(${renew})(${FETCHED_MS})</script>`, { headers: { 'Content-Type': 'text/html; charset=utf-8' } });
}

/** Runs in a page: a service worker that asks for its own update is put off by browsers while a page is on its way. */
async function renew(patience) {
  const { serviceWorker } = navigator;
  const within = (promise) => Promise.race([promise, new Promise((resolve) => setTimeout(resolve, patience))]);
  try {
    const registration = await serviceWorker.getRegistration();
    await within((async () => {
      await registration.update();
      const { installing } = registration;
      if (installing) await new Promise((resolve) => { installing.onstatechange = resolve; });
    })().catch(() => { /* the network went, or what is on the host is not whole yet: what waits already will do */ }));
    if (registration.waiting) {
      const taken = new Promise((resolve) => { serviceWorker.oncontrollerchange = resolve; });
      registration.waiting.postMessage('take over');
      await within(taken);
    }
  } finally {
    location.reload();
  }
}

/** The version that the host has now: null if it has no service worker, undefined if it does not answer. */
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
