// Runs Lighthouse on the served page in a separate browser.

import { createServer } from 'node:net';
import lighthouse from 'lighthouse';
import { base, launch } from './harness.mjs';

/** Returns a free port. */
const freePort = () => new Promise((resolve, reject) => {
  const server = createServer();
  server.on('error', reject);
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

/** Returns the scores of the categories, from 0 to 100, and the failed audits, one line each. */
export async function audit(categories) {
  const port = await freePort();
  const browser = await launch({ webgpu: false, args: [`--remote-debugging-port=${port}`] });
  try {
    const { lhr } = await lighthouse(base, { port, onlyCategories: categories, logLevel: 'silent', output: 'json' });
    const entries = Object.entries(lhr.categories).map(([name, { score }]) => [name, Math.round(100 * score)]);
    const failed = Object.values(lhr.audits).filter(({ score, scoreDisplayMode }) => score !== null && score < 1 && scoreDisplayMode !== 'informative');
    return { scores: Object.fromEntries(entries), failed: failed.map(({ id, title, displayValue }) => `${id}: ${title} ${displayValue ?? ''}`) };
  } finally {
    await browser.close();
  }
}
