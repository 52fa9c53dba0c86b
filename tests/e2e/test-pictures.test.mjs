// The test pictures of CIFAR-10: chosen by mouse and by keyboard, and the check over all of them.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import {
  PATIENCE, accessibility, answer, assertNoErrors, assertNoForeignRequests, base, browsers, button, launch, newPage,
  open, program, ready, root, screenshot, settled, stays, until,
} from './harness.mjs';

const stateOf = (page) => page.evaluate(() => window.layerscope.state());
const list = (page) => page.getByRole('listbox', { name: 'Test pictures' });
const accuracy = (page) => page.getByRole('status', { name: 'Accuracy' });

/** Returns how many of the bundled pictures the command line misclassifies. */
async function errors(network) {
  const data = join(root, 'static', 'pictures', 'cifar10-test-300.bin');
  const { stdout } = await promisify(execFile)(program, ['eval', network, '--data', data, '--format', 'json'], { cwd: root });
  return JSON.parse(stdout).errors;
}

for (const { webgpu, name } of browsers) {
  describe(`test pictures ${name}`, () => {
    const engine = webgpu ? 'gpu' : 'cpu';
    let browser;
    before(async () => { browser = await launch({ webgpu }); });
    after(() => browser?.close());

    test('a picture is chosen by a click and by arrow keys, and a link restores it', async () => {
      const page = await open(browser, `?net=resnet20-cifar&engine=${engine}`);
      await until('all pictures', () => list(page).getByRole('option').count(), (count) => count === 300);
      await list(page).getByRole('option', { name: 'airplane 1', exact: true }).click();
      await until('its class', () => page.locator('#photo-origin').innerText(), (text) => /Test picture 0 of CIFAR-10.*airplane/.test(text));
      const selected = () => list(page).getByRole('option', { selected: true }).getAttribute('aria-label');
      await list(page).focus();
      await page.keyboard.press('ArrowRight');
      await until('the next airplane', selected, (label) => label === 'airplane 2');
      await page.keyboard.press('ArrowDown');
      const below = await until('one of the row below', selected, (label) => label !== 'airplane 2');
      const centre = async (label) => {
        const box = await list(page).getByRole('option', { name: label, exact: true }).boundingBox();
        return [box.x + box.width / 2, box.y + box.height / 2];
      };
      const [[x, y], [u, v]] = [await centre('airplane 2'), await centre(below)];
      assert.ok(Math.abs(x - u) < 2 && v > y, `${below} is not below airplane 2`);
      await page.keyboard.press('End');
      await until('the last truck', selected, (label) => label === 'truck 30');
      await settled(page);
      const said = await answer(page).locator('li').first().innerText();
      const link = await until('it in the address', async () => page.url(), (url) => url.includes('photo=cifar10-299'));
      const other = await page.context().newPage();
      await other.goto(link);
      await ready(other);
      await until('the same answer', () => answer(other).locator('li').first().innerText(), (text) => text === said);
      // Arrow keys in the list do not change the step.
      assert.equal((await stateOf(page)).step, (await stateOf(other)).step);
      assertNoErrors(page);
      assertNoForeignRequests(page);
      await page.context().close();
    });

    test('all pictures are checked, with what was classified as what', async () => {
      const network = 'alexnet-cifar10';
      const wrong = await errors(network);
      const page = await open(browser, `?net=${network}&engine=${engine}`);
      await settled(page);
      await button(page, 'Check all 300').click();
      await until('a first count', () => accuracy(page).innerText(), (text) => /^\d+ of \d+ right so far: .*%/.test(text));
      const right = 300 - wrong;
      const all = `${right} of 300 right: ${(right / 3).toFixed(1)} %.`;
      // 300 passes take a minute on a software adapter.
      await until(all, () => accuracy(page).innerText(), (text) => text === all, 3 * PATIENCE);
      const rows = page.locator('.strip-matrix tbody tr');
      const cells = await rows.evaluateAll((all) => all.map((row) => [...row.cells].slice(1).map((cell) => Number(cell.textContent))));
      assert.deepEqual(cells.map((row) => row.reduce((sum, count) => sum + count)), Array(10).fill(30));
      assert.equal(cells.reduce((sum, row, at) => sum + row[at], 0), right);
      assert.equal(await list(page).getByRole('option', { name: /classified as/ }).count(), wrong);
      await screenshot(page, `strip-${engine}`);
      if (!webgpu) assert.deepEqual(await accessibility(page), []);
      // Other weights have no results yet.
      await page.evaluate(() => window.layerscope.open('resnet20-cifar'));
      await until('no count', () => accuracy(page).count().then((count) => (count ? accuracy(page).innerText() : '')), (text) => text === '');
      assertNoErrors(page);
      await page.context().close();
    });

    if (webgpu) return;

    test('a check stops on request, and when the network changes', async () => {
      const page = await open(browser, '?net=resnet56-cifar&engine=cpu');
      await settled(page);
      await button(page, 'Check all 300').click();
      await until('a first count', () => accuracy(page).innerText(), (text) => /so far/.test(text));
      await button(page, 'Stop the check').click();
      const stopped = await until('that it was stopped', () => accuracy(page).innerText(), (text) => /The check was stopped\.$/.test(text));
      await stays(page, () => accuracy(page).innerText(), stopped);
      await button(page, 'Check all 300').click();
      await until('a count', () => accuracy(page).innerText(), (text) => /so far/.test(text));
      await page.evaluate(() => window.layerscope.open('lenet5'));
      await until('no strip', () => list(page).count(), (count) => count === 0);
      await settled(page);
      assertNoErrors(page);
      await page.context().close();
    });

    test('missing pictures and weights are reported, and the rest works', async () => {
      const page = await newPage(browser);
      await page.route('**/pictures/*', (route) => route.fulfill({ status: 404 }));
      await page.goto(`${base}?net=resnet20-cifar&engine=cpu`);
      await ready(page);
      await until('what is missing', () => page.getByRole('alert').innerText(), (text) => /test pictures could not be loaded.*404/.test(text));
      await until('a cat all the same', () => answer(page).locator('li').first().innerText(), (text) => /^cat/.test(text));
      await page.context().close();
      // A file with another hash than the bundled one is refused.
      const other = await newPage(browser);
      await other.route('**/weights/resnet20-cifar.safetensors', async (route) => {
        const response = await route.fetch();
        const body = await response.body();
        body[body.length - 1] ^= 1;
        await route.fulfill({ response, body });
      });
      await other.goto(`${base}?net=resnet20-cifar&engine=cpu`);
      await until('that it is another', () => other.getByRole('alert').first().innerText(), (text) => /resnet20-cifar\.safetensors/.test(text) && /SHA-256|hash/i.test(text));
      await other.context().close();
    });
  });
}
