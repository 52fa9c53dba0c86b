// Serves our page at /, and the other contenders under /-/, to a browser on this machine.

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));

const TYPES = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.mjs': 'text/javascript', '.css': 'text/css',
  '.wasm': 'application/wasm', '.json': 'application/json', '.woff2': 'font/woff2',
};

/** Starts a server on a free port and returns its address. */
export async function serve({ dist, models }) {
  const folders = [
    ['/-/peers/', join(here, 'peers')],
    ['/-/modules/', join(here, 'node_modules')],
    ['/-/models/', models],
    ['/', dist],
  ];
  const answer = async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, 'http://localhost').pathname)).replaceAll(sep, '/');
    const [prefix, folder] = folders.find(([start]) => path.startsWith(start)) ?? [];
    // An empty page for contenders that have none of their own.
    const blank = path === '/-/';
    const file = join(folder ?? dist, path.slice(prefix?.length ?? 1) || 'index.html');
    const found = blank ? null : await stat(file).catch(() => null);
    const isolated = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };
    if (!blank && !found?.isFile()) {
      response.writeHead(404, isolated).end();
      return;
    }
    // Cross-origin isolation makes the browser's clock exact to 5 microseconds instead of 100.
    const headers = { ...isolated, 'Content-Type': blank ? TYPES['.html'] : TYPES[extname(file)] ?? 'application/octet-stream' };
    if (blank) {
      response.writeHead(200, headers).end('<!doctype html><title>Bench</title>');
      return;
    }
    response.writeHead(200, { ...headers, 'Content-Length': found.size });
    createReadStream(file).on('error', () => response.destroy()).pipe(response);
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  return { base: `http://127.0.0.1:${server.address().port}/`, close: () => server.closeAllConnections() ?? server.close() };
}
