// Servers that behave as the hosts of weights do: ranges with ETags, redirects to another origin, with CORS headers and
// without, slowly, and badly. Each says what was asked of it and how many bytes it sent.

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';

export const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** Bytes of one write. */
const CHUNK = 64 * 1024;
/** Milliseconds of silence before a connection is cut. */
const BREAK_MS = 200;

/**
 * A file that is served: `bytes`, or `length` and `at(start, end)`. What may be set besides:
 *   cors       which header lets other sites read it: '*' by default, null for none
 *   expose     headers that other sites may see besides those that they always may
 *   etag       as it is, null for none; by default one of its own
 *   ranges     whether Range is heeded; true by default
 *   breaks     after how many bytes of the file a connection is cut, one entry for each of the first connections
 *   rest       milliseconds between two writes
 *   status     answered instead of 200
 *   redirect   an address to go to instead
 *   promises   a Content-Length that is not the file's
 *   chunked    no Content-Length is sent
 *   type       its Content-Type
 */
export class Host {
  files = new Map();
  /** One entry for each request: method, path, range, status, and how many bytes of the body were sent. */
  log = [];

  async start() {
    this.server = createServer((request, response) => this.#answer(request, response).catch(() => response.destroy()));
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    this.origin = `http://127.0.0.1:${this.server.address().port}`;
    return this;
  }

  close() {
    this.server.closeAllConnections();
    this.server.close();
  }

  /** Serves a file; gives its address. */
  put(name, file) {
    this.files.set(`/${name}`, { cors: '*', expose: 'ETag', etag: `"${name}-1"`, ranges: true, breaks: [], ...file });
    return `${this.origin}/${name}`;
  }

  /** What was asked for a file, without what browsers ask by themselves. */
  asked(name) {
    return this.log.filter((entry) => entry.path === `/${name}` && entry.method === 'GET');
  }

  /** Bytes that were sent of a file. */
  sent(name) {
    return this.asked(name).reduce((sum, entry) => sum + entry.sent, 0);
  }

  async #answer(request, response) {
    const file = this.files.get(new URL(request.url, this.origin).pathname);
    const entry = { method: request.method, path: request.url, range: request.headers.range ?? null, status: 404, sent: 0 };
    this.log.push(entry);
    const send = (status, headers = {}) => {
      entry.status = status;
      const { cors = null, expose } = file ?? {};
      response.writeHead(status, {
        'Cache-Control': 'no-store',
        ...(cors && { 'Access-Control-Allow-Origin': cors, 'Access-Control-Expose-Headers': expose }),
        ...headers,
      });
    };
    if (!file) { send(404, { 'Access-Control-Allow-Origin': '*' }); response.end('no'); return; }
    if (file.redirect) { send(302, { Location: file.redirect }); response.end(); return; }
    if (file.status) { send(file.status); response.end('no'); return; }
    const length = file.length ?? file.bytes.length;
    const headers = {
      'Content-Type': file.type ?? 'application/octet-stream',
      ...(file.etag && { ETag: file.etag }),
      ...(file.ranges && { 'Accept-Ranges': 'bytes' }),
    };
    const from = file.ranges ? Number(/^bytes=(\d+)-$/.exec(entry.range ?? '')?.[1] ?? 0) : 0;
    if (from >= length && from > 0) { send(416, { 'Content-Range': `bytes */${length}` }); response.end(); return; }
    const partial = from > 0;
    send(partial ? 206 : 200, {
      ...headers,
      ...(!file.chunked && { 'Content-Length': (file.promises ?? length) - from }),
      ...(partial && { 'Content-Range': `bytes ${from}-${length - 1}/${length}` }),
    });
    if (request.method === 'HEAD') { response.end(); return; }
    const cut = file.breaks.shift() ?? Infinity;
    const closed = new Promise((resolve) => response.once('close', resolve));
    for (let start = from; start < length; start += CHUNK) {
      const end = Math.min(start + CHUNK, length);
      if (end > cut) {
        // A line that breaks loses what was under way; what was sent long before has arrived.
        await new Promise((resolve) => setTimeout(resolve, BREAK_MS));
        response.destroy();
        return;
      }
      if (response.destroyed) return;
      const open = response.write(file.at ? file.at(start, end) : file.bytes.subarray(start, end));
      entry.sent += end - start;
      if (!open) await Promise.race([new Promise((resolve) => response.once('drain', resolve)), closed]);
      if (file.rest) await new Promise((resolve) => setTimeout(resolve, file.rest));
    }
    if (file.promises) {
      // The rest that was promised never comes.
      await new Promise((resolve) => setTimeout(resolve, BREAK_MS));
      response.destroy();
      return;
    }
    response.end();
  }
}

/** What every file of safetensors begins with: for tensors of F32 that follow one another. */
export function safetensorsHeader(tensors) {
  let offset = 0;
  const header = {};
  for (const [name, shape] of tensors) {
    const bytes = shape.reduce((product, size) => product * size, 4);
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + bytes] };
    offset += bytes;
  }
  const json = Buffer.from(JSON.stringify(header));
  const padded = Buffer.alloc(Math.ceil(json.length / 8) * 8, ' ');
  json.copy(padded);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  return { head: Buffer.concat([length, padded]), data: offset };
}

/** Tensors of zeros with a header before them, made as they are sent; the very last value is `tail`. */
export function zeros(tensors, tail = 0) {
  const { head, data } = safetensorsHeader(tensors);
  const length = head.length + data;
  const last = Buffer.alloc(4);
  last.writeFloatLE(tail);
  const at = (start, end) => {
    const piece = Buffer.alloc(end - start);
    // What lies outside of the piece is left out by copy().
    if (start < head.length) head.copy(piece, 0, start, Math.min(end, head.length));
    if (end > length - 4) last.copy(piece, Math.max(0, length - 4 - start), Math.max(0, start - (length - 4)));
    return piece;
  };
  return { length, at };
}
