// Lighthouse on the release page: accessibility and best practices. Its performance is a timing: `cargo xtask bench` prints it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { audit } from './lighthouse.mjs';

test('Lighthouse finds nothing to better in accessibility and practices', async () => {
  const { scores, failed } = await audit(['accessibility', 'best-practices']);
  assert.deepEqual(scores, { accessibility: 100, 'best-practices': 100 }, failed.join('\n'));
});
