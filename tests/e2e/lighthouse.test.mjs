// Lighthouse on the release page: accessibility and best practices. The performance score depends on timing, so `cargo
// xtask bench` prints it instead.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { audit } from './lighthouse.mjs';

test('Lighthouse gives full scores for accessibility and best practices', async () => {
  const { scores, failed } = await audit(['accessibility', 'best-practices']);
  assert.deepEqual(scores, { accessibility: 100, 'best-practices': 100 }, failed.join('\n'));
});
