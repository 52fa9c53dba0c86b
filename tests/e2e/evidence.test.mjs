// Explanations: the class activation map and occlusion agree with the command line and with PyTorch, for the answer and
// for another class. A cancelled occlusion leaves the page unchanged.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import {
  accessibility, assertNoErrors, browsers, button, launch, open, program, root, screenshot, settled, stays, until,
} from './harness.mjs';

const evidence = (page) => page.evaluate(() => {
  const found = window.layerscope.evidence();
  return found && { ...found, values: Array.from(found.values) };
});
const status = (page) => page.getByRole('status', { name: 'Evidence', exact: true });
const scores = (page) => page.evaluate(async () => Array.from(await window.layerscope.activation('logits')));
const explain = async (network, ...more) => JSON.parse((await promisify(execFile)(program, [
  'explain', network, '--input', join(root, 'static', 'photos', 'cat.png'), '--format', 'json', ...more,
], { cwd: root })).stdout);

/** Opens the explanation. */
async function unfold(page) {
  await page.getByText('Why this answer', { exact: true }).click();
  await page.getByRole('combobox', { name: 'Class' }).waitFor();
}

async function hide(page, patch, stride) {
  await page.getByRole('spinbutton', { name: 'Patch' }).fill(String(patch));
  await page.getByRole('spinbutton', { name: 'Stride' }).fill(String(stride));
  await page.getByRole('spinbutton', { name: 'Stride' }).blur();
  await button(page, 'Hide the picture piece by piece').click();
}

/** Asserts that two maps agree within a fraction of the second's spread. */
function assertClose(seen, wanted, part) {
  assert.equal(seen.length, wanted.length);
  const spread = Math.max(...wanted) - Math.min(...wanted);
  seen.forEach((value, i) => assert.ok(Math.abs(value - wanted[i]) <= part * spread, `place ${i}: ${value}, not ${wanted[i]}, of ${spread}`));
}

/** Returns the colours of the evidence on the canvas. */
const colours = (page) => page.locator('.why-picture').evaluate((canvas) => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return { width: canvas.width, height: canvas.height, different: new Set(new Uint32Array(data.buffer)).size };
});

describe('why this answer', () => {
  let fixture;
  before(async () => { fixture = JSON.parse(await readFile(join(root, 'tests', 'fixtures', 'evidence.json'), 'utf8')); });

  for (const { webgpu, name } of browsers) {
    describe(name, () => {
      let browser;
      before(async () => { browser = await launch({ webgpu }); });
      after(() => browser?.close());
      const engine = webgpu ? 'gpu' : 'cpu';

      test('a class activation map for the answer, for another class, and for another picture', async () => {
        const page = await open(browser, `?net=resnet20-cifar&engine=${engine}`);
        await unfold(page);
        await button(page, 'Class activation map').click();
        const wanted = await explain('resnet20-cifar', '--method', 'cam');
        const seen = await until('a map', () => evidence(page), (found) => found?.method === 'cam');
        assert.deepEqual([seen.class, seen.rows, seen.columns], [wanted.class, 8, 8]);
        assertClose(seen.values, wanted.values, 4e-3);
        // The mean of the map plus the bias is the score.
        const mean = seen.values.reduce((a, b) => a + b) / seen.values.length;
        assert.ok(Math.abs(mean + seen.bias - (await scores(page))[seen.class]) < 1e-2);
        await status(page).getByText(/8 × 8 positions add to cat/).waitFor();
        const { width, height, different } = await colours(page);
        assert.deepEqual([width, height], [32, 32]);
        assert.ok(different > 100, `${different} colours`);
        // Any class can be chosen.
        await page.getByRole('combobox', { name: 'Class' }).selectOption('dog');
        const other = await until('the map of another class', () => evidence(page), (found) => found?.class === 5);
        assertClose(other.values, (await explain('resnet20-cifar', '--method', 'cam', '--class', '5')).values, 4e-3);
        // The map follows the picture.
        await page.evaluate(() => document.querySelector('[aria-label="Why this answer"]').scrollIntoView());
        await screenshot(page, `why-${engine}`);
        assert.deepEqual(await accessibility(page), []);
        await page.getByRole('button', { name: /coffee/ }).first().click();
        const moved = await until('the map of another picture', () => evidence(page), (found) => found && found.values[0] !== other.values[0]);
        assert.equal(moved.class, 5);
        assertNoErrors(page);
        await page.context().close();
      });

      test('occlusion, of a photo with an ablation, and of a digit compared with PyTorch', async () => {
        const page = await open(browser, `?net=vgg16-cifar10&engine=${engine}&cut=features.0:3`);
        await unfold(page);
        assert.equal(await button(page, 'Class activation map').count(), 0);
        await page.getByText(/does not end in global average pooling/).waitFor();
        await hide(page, 16, 8);
        const wanted = await explain('vgg16-cifar10', '--patch', '16', '--stride', '8', '--cut', 'features.0:3');
        const seen = await until('a map', () => evidence(page), (found) => found?.method === 'occlusion');
        assert.deepEqual([seen.class, seen.rows, seen.columns, seen.patch, seen.stride], [wanted.class, 3, 3, 16, 8]);
        assertClose(seen.values, wanted.values, 1e-2);
        assert.ok(Math.abs(seen.probability - wanted.probability) < 1e-3);
        await page.context().close();
        // The digit, the weights and the patch are those of PyTorch's fixture.
        const { occlusion } = fixture;
        const reference = occlusion.find(({ network }) => network === 'lenet5');
        const digit = await open(browser, `?net=lenet5&engine=${engine}&weights=seed:1&digit=0`);
        await unfold(digit);
        await digit.getByRole('combobox', { name: 'Class' }).selectOption(String(reference.class));
        await hide(digit, reference.patch, reference.stride);
        const hidden = await until('a map', () => evidence(digit), (found) => found?.method === 'occlusion');
        assert.deepEqual([hidden.rows, hidden.columns], [reference.rows, reference.columns]);
        assertClose(hidden.values, reference.probabilities, 1e-2);
        await digit.context().close();
      });

      test('a cancelled occlusion leaves the page unchanged, and an impossible one is reported', async () => {
        const page = await open(browser, `?net=resnet18-cifar10&engine=${engine}`);
        await unfold(page);
        await settled(page);
        const look = async () => ({
          state: await page.evaluate(() => window.layerscope.state()), scores: await scores(page),
          passes: await page.evaluate(() => window.layerscope.passes()), evidence: await evidence(page), address: page.url(),
        });
        const was = await look();
        await hide(page, 4, 1);
        await page.getByRole('progressbar', { name: 'Hidden positions' }).waitFor();
        await until('some places', () => page.getByText(/^[1-9]\d* of 841$/).count(), (count) => count > 0);
        await button(page, 'Cancel').click();
        await button(page, 'Hide the picture piece by piece').waitFor();
        await settled(page);
        await stays(page, look, was);
        assert.equal(await status(page).count(), 0);
        await hide(page, 40, 1);
        await page.getByRole('alert').getByText('the patch has 40 pixels a side; give it 1 to 31').waitFor();
        // Another picture ends the occlusion, too.
        await hide(page, 4, 1);
        await page.getByRole('progressbar', { name: 'Hidden positions' }).waitFor();
        await page.getByRole('button', { name: /coffee/ }).first().click();
        await page.getByRole('alert').getByText('The network or the input has changed; the occlusion was stopped.').waitFor();
        assert.equal(await evidence(page), null);
        assertNoErrors(page);
        await page.context().close();
      });
    });
  }
});
