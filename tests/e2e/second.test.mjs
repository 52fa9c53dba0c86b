// Two stages at once: a second stage with another network, or with the same network and other weights or ablations.
// Both share one input and one set of steps.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import {
  accessibility, assertNoErrors, assertNoForeignRequests, browsers, button, digits, draw, launch, open, program, ready, root,
  screenshot, settled, until,
} from './harness.mjs';

const stateOf = (page) => page.evaluate(() => window.layerscope.state());
/** Returns the logits of the last pass, or an empty list while the network changes. */
const scores = (page) => page.evaluate(async () => Array.from(await window.layerscope.activation('logits'))).catch(() => []);
const select = (page, name) => page.getByRole('combobox', { name, exact: true });

/** Returns the frame of the second stage after it has computed something. */
async function inside(page) {
  const frame = await until('the second stage', () => page.frames().find((one) => one !== page.mainFrame() && /embed=second/.test(one.url())), Boolean);
  await ready(frame);
  await settled(frame);
  return frame;
}

const run = async (network, ...more) => JSON.parse((await promisify(execFile)(program, [
  'run', network, '--input', join(root, 'static', 'photos', 'cat.png'), '--format', 'json', '--top', '10', ...more,
], { cwd: root })).stdout).top;

/** Asserts that the scores of the second stage agree with the command line. */
async function assertScores(frame, top) {
  const best = top[0];
  await until(`${best.name} with ${best.score}`, () => scores(frame), (seen) => Math.abs(seen[best.class] - best.score) < 2e-2 * Math.max(1, Math.abs(best.score)));
}

describe('two stages at once', () => {
  for (const { webgpu, name } of browsers) {
    describe(name, () => {
      let browser;
      before(async () => { browser = await launch({ webgpu }); });
      after(() => browser?.close());
      const engine = webgpu ? 'gpu' : 'cpu';

      test('another network in the second stage: one photo, one set of steps, swapped and closed', async () => {
        const page = await open(browser, `?net=resnet20-cifar&engine=${engine}`);
        await button(page, 'Two at once').click();
        let frame = await inside(page);
        assert.equal((await stateOf(frame)).net, 'resnet20-cifar');
        await select(page, 'Network of the second stage').selectOption('plain20-cifar');
        await until('the other network', () => stateOf(frame), ({ net }) => net === 'plain20-cifar');
        await settled(frame);
        await assertScores(frame, await run('plain20-cifar'));
        // The steps change together.
        for (const step of ['Next step', 'Next step', 'Last step', 'Previous step', 'First step']) {
          await button(page, step).click();
          const { step: at, steps } = await stateOf(page);
          await until(`${step} in both`, () => stateOf(frame), (state) => state.step === Math.round((at / (steps - 1)) * (state.steps - 1)));
        }
        // The photo changes in both.
        await page.getByRole('button', { name: /coffee/ }).first().click();
        await until('the same photo', () => stateOf(frame), ({ photo }) => photo === 'coffee');
        await settled(page);
        await settled(frame);
        const [mine, theirs] = [await scores(page), await scores(frame)];
        assert.notDeepEqual(mine, theirs);
        assert.deepEqual(await accessibility(page), []);
        await screenshot(page, `second-${engine}`);
        // The theme changes in both.
        await button(page, 'Dark colours').click();
        await until('both dark', () => frame.evaluate(() => document.documentElement.dataset.theme), (theme) => theme === 'dark');
        await button(page, 'Light colours').click();
        await button(page, 'Exchange both').click();
        await until('the networks exchanged', async () => [(await stateOf(page)).net, (await stateOf(frame)).net], (nets) => nets.join() === 'plain20-cifar,resnet20-cifar');
        await until('the photo in both', async () => [(await stateOf(page)).photo, (await stateOf(frame)).photo], (photos) => photos.join() === 'coffee,coffee');
        await settled(page);
        await settled(frame);
        const close = (seen, wanted) => {
          assert.equal(seen.length, wanted.length);
          seen.forEach((score, i) => assert.ok(Math.abs(score - wanted[i]) < 1e-2, `${score}, not ${wanted[i]}`));
        };
        close(await scores(page), theirs);
        close(await scores(frame), mine);
        // The link contains both stages.
        await until('the second in the address', () => new URL(page.url()).searchParams.get('second'), (second) => second === 'net=resnet20-cifar');
        const again = await open(browser, new URL(page.url()).search);
        frame = await inside(again);
        assert.equal((await stateOf(frame)).net, 'resnet20-cifar');
        await until('the photo', () => stateOf(frame), ({ photo }) => photo === 'coffee');
        await button(again, 'Close the second stage').click();
        await until('one stage', () => again.frames().length, (frames) => frames === 1);
        assert.equal((await stateOf(again)).second, undefined);
        assertNoErrors(page);
        assertNoForeignRequests(page);
        await page.context().close();
        await again.context().close();
      });

      test('the same network with other ablations, and with other weights', async () => {
        const page = await open(browser, `?net=resnet18-cifar10&engine=${engine}&cut=layer3.0/shortcut`);
        await button(page, 'Two at once').click();
        const frame = await inside(page);
        await assertScores(frame, await run('resnet18-cifar10'));
        await button(page, 'Switch off the same parts').click();
        await until('the cuts', () => stateOf(frame), ({ cut }) => cut === 'layer3.0/shortcut');
        await settled(frame);
        await assertScores(frame, await run('resnet18-cifar10', '--cut', 'layer3.0/shortcut'));
        await button(page, 'Switch all parts on').click();
        await until('no cuts', () => stateOf(frame), ({ cut }) => cut === undefined);
        await select(page, 'Weights of the second stage').selectOption('seed:1');
        await until('the other weights', () => stateOf(frame), ({ weights }) => weights === 'seed:1');
        await assertScores(frame, await run('resnet18-cifar10', '--weights', 'seed:1'));
        await select(page, 'Weights of the second stage').selectOption('');
        await assertScores(frame, await run('resnet18-cifar10'));
        // The first stage keeps its ablation.
        assert.equal((await stateOf(page)).cut, 'layer3.0/shortcut');
        assertNoErrors(page);
        await page.context().close();
      });

      test('both stages follow a drawing', async () => {
        const page = await open(browser, `?net=lenet5&engine=${engine}`);
        await button(page, 'Two at once').click();
        const frame = await inside(page);
        await select(page, 'Network of the second stage').selectOption('lenet5-modern');
        await until('the other network', () => stateOf(frame), ({ net }) => net === 'lenet5-modern');
        await draw(page, digits[2]);
        await until('the drawing in both', async () => [(await stateOf(page)).ink, (await stateOf(frame)).ink], ([mine, theirs]) => mine && mine === theirs);
        await until('a 2 beside', () => frame.getByRole('status', { name: 'Answer', exact: true }).innerText(), (text) => text.trim().startsWith('2'));
        assertNoErrors(page);
        await page.context().close();
      });
    });
  }
});
