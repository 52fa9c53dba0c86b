// Ablations on the page: parts are switched off, scaled and restored. The answers before and after agree with the
// command line, nodes before an ablation are not computed again, and a link with ablations restores them.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import {
  accessibility, assertNoErrors, assertNoForeignRequests, browsers, button, launch, number, open, program, root,
  screenshot, settled, stays, until,
} from './harness.mjs';

const stateOf = (page) => page.evaluate(() => window.layerscope.state());
const engineOf = (page) => page.evaluate(() => window.layerscope.engine());
const scores = (page) => page.evaluate(async () => Array.from(await window.layerscope.activation('logits')));
const activation = (page, name) => page.evaluate(async (node) => Array.from(await window.layerscope.activation(node)), name);
const answers = (page) => page.getByRole('status', { name: 'Answer before and after' });

/** Returns the classes and scores of the command line for the page's first photo. */
async function reference(network, ...more) {
  const { stdout } = await promisify(execFile)(program, [
    'run', network, '--input', join(root, 'static', 'photos', 'cat.png'), '--format', 'json', '--top', '1000', ...more,
  ], { cwd: root });
  const { top } = JSON.parse(stdout);
  const by = [];
  for (const { class: place, score, probability, name } of top) by[place] = { score, probability, name };
  return { by, best: top[0] };
}

/** Asserts that the page's scores agree with the command line, within the tolerance of the engines. */
function assertScores(seen, { by }) {
  const wanted = by.map(({ score }) => score);
  const mean = wanted.reduce((a, b) => a + b) / wanted.length;
  const deviation = Math.sqrt(wanted.reduce((sum, score) => sum + (score - mean) ** 2, 0) / wanted.length);
  assert.equal(seen.length, wanted.length);
  seen.forEach((score, i) => assert.ok(Math.abs(score - wanted[i]) < 4e-3 * deviation, `score ${i}: ${score}, not ${wanted[i]}`));
}

/** Returns the rows of the table: class, before, after. */
const rows = async (page) => (await answers(page).getByRole('row').allInnerTexts()).slice(1).map((row) => row.split(/\t|\n/).map((cell) => cell.trim()).filter(Boolean));

/** Waits for the answers of both passes, and asserts that they agree with the command line. */
async function assertAnswers(page, whole, cut) {
  const seen = await until('both answers', () => rows(page), (all) => all.length > 0 && all.every((row) => !row.includes('…')));
  const of = (name) => seen.find(([other]) => other === name);
  for (const { best, by, column } of [{ ...whole, column: 1 }, { ...cut, column: 2 }]) {
    assert.ok(of(best.name), `${best.name} is not among ${JSON.stringify(seen)}`);
    for (const row of seen) {
      const wanted = by.find(({ name }) => name === row[0]).probability;
      assert.ok(Math.abs(number(row[column]) - 100 * wanted) < 0.16, `${row}: not ${100 * wanted}`);
    }
  }
  const same = whole.best.class === cut.best.class;
  await answers(page).getByText(same ? `The answer is still ${cut.best.name}.` : `The answer is now ${cut.best.name}.`).waitFor();
}

/** Networks with an ablation by the names of its buttons, and a node before it whose output must stay the same. */
const cases = [
  { network: 'googlenet-cifar10', unfolded: 'inception4b', layer: 'inception4b.branch2', cut: 'inception4b/lane2', words: 'branch 2 of inception4b', before: 'inception4a' },
  { network: 'resnet18-cifar10', unfolded: 'layer3,layer3.0', layer: 'layer3.0.add', cut: 'layer3.0/shortcut', words: 'the shortcut of layer3.0', before: 'layer2.1' },
  { network: 'resnet20-cifar', unfolded: 'layer2,layer2.1', layer: 'layer2.1.bn1', cut: 'layer2.1.bn1:4', words: 'map 5 of layer2.1.bn1', map: 4, before: 'layer2.0' },
  { network: 'alexnet-cifar10', layer: 'conv2', cut: 'tower1', words: 'tower 1', map: 3 },
];

describe('ablation', () => {
  const expected = new Map();
  before(async () => {
    for (const { network, cut } of cases) {
      expected.set(network, { whole: await reference(network), cut: await reference(network, '--cut', cut) });
    }
  });

  for (const { webgpu, name } of browsers) {
    describe(name, () => {
      let browser;
      before(async () => { browser = await launch({ webgpu }); });
      after(() => browser?.close());
      const engine = webgpu ? 'gpu' : 'cpu';

      for (const { network, unfolded, layer, map = 0, cut, words, before: earlier } of cases) {
        test(`${words}: switched off, compared with the command line, and restored`, async () => {
          const unfold = unfolded ? `&unfolded=${unfolded}` : '';
          const page = await open(browser, `?net=${network}&engine=${engine}${unfold}&layer=${layer}&map=${map}`);
          const { whole, cut: left } = expected.get(network);
          await settled(page);
          const first = await engineOf(page);
          const wholeScores = await scores(page);
          assertScores(wholeScores, whole);
          const kept = earlier && await activation(page, earlier);
          await button(page, `Switch off ${words}`).click();
          await until('the cut in the state', () => stateOf(page), (state) => state.cut === cut);
          await settled(page);
          assertScores(await scores(page), left);
          await assertAnswers(page, whole, left);
          const now = await engineOf(page);
          // Nodes before the ablation are not computed again: their output is the same, and there are fewer dispatches.
          if (earlier) {
            assert.deepEqual(await activation(page, earlier), kept);
            assert.ok(now.dispatches < 0.8 * first.dispatches, `${now.dispatches} of ${first.dispatches} dispatches`);
          }
          assert.ok(now.dispatches > 0);
          await button(page, `Restore ${words}`).first().click();
          await until('no cut in the state', () => stateOf(page), (state) => state.cut === undefined);
          await settled(page);
          assert.deepEqual(await scores(page), wholeScores);
          await page.getByText('Nothing is switched off or scaled.').waitFor();
          assertNoErrors(page);
          assertNoForeignRequests(page);
          await page.context().close();
        });
      }

      test('a kernel and a scale: changed by hand, undone, and reset', async () => {
        const page = await open(browser, `?net=alexnet-cifar10&engine=${engine}&layer=conv1&map=2`);
        await settled(page);
        const wholeScores = await scores(page);
        await page.getByRole('spinbutton', { name: 'Kernel for input map' }).fill('3');
        await page.getByRole('spinbutton', { name: 'Kernel for input map' }).blur();
        await button(page, 'Switch off the kernel for input map 3').click();
        await button(page, 'Switch off map 3 of conv1').click();
        const scale = page.getByRole('slider', { name: 'Scale of map 3 of conv1' });
        await scale.fill('0.5');
        await until('the scale in the state', () => stateOf(page), (state) => state.cut === 'conv1:2/2,conv1:2=0.5');
        await settled(page);
        assertScores(await scores(page), await reference('alexnet-cifar10', '--cut', 'conv1:2/2,conv1:2=0.5'));
        // A movement of the slider is one step to undo.
        await scale.focus();
        for (let i = 0; i < 4; i += 1) await page.keyboard.press('ArrowRight');
        await until('the slide in the state', () => stateOf(page), (state) => state.cut === 'conv1:2/2,conv1:2=0.7');
        const undo = button(page, 'Undo the last change');
        while ((await stateOf(page)).cut !== 'conv1:2/2') await undo.click();
        await settled(page);
        assertScores(await scores(page), await reference('alexnet-cifar10', '--cut', 'conv1:2/2'));
        await button(page, 'Restore all').click();
        await settled(page);
        assert.deepEqual(await scores(page), wholeScores);
        await undo.click();
        assert.equal((await stateOf(page)).cut, 'conv1:2/2');
        assertNoErrors(page);
        await page.context().close();
      });

      test('a link restores its ablations, and unknown parts in it are reported', async () => {
        const page = await open(browser, `?net=resnet18-cifar10&engine=${engine}&cut=layer3.0/shortcut,layer1.0:3%3D0.5`);
        await settled(page);
        assertScores(await scores(page), await reference('resnet18-cifar10', '--cut', 'layer3.0/shortcut,layer1.0:3=0.5'));
        await button(page, 'Restore the shortcut of layer3.0').first().waitFor();
        await assertAnswers(page, await reference('resnet18-cifar10'), await reference('resnet18-cifar10', '--cut', 'layer3.0/shortcut,layer1.0:3=0.5'));
        await stays(page, () => new URL(page.url()).searchParams.get('cut'), 'layer3.0/shortcut,layer1.0:3=0.5');
        assert.deepEqual(await accessibility(page), []);
        await screenshot(page, `cut-${engine}`);
        const wrong = await open(browser, `?net=resnet18-cifar10&engine=${engine}&cut=layer9/shortcut`);
        await wrong.getByText(/the cut 'layer9\/shortcut' cannot be applied: resnet18-cifar10 has no block named 'layer9'/).waitFor();
        assert.equal((await stateOf(wrong)).cut, undefined);
        await page.context().close();
        await wrong.context().close();
      });

      test('another network has no ablations, and a scaled value is described as such', async () => {
        const page = await open(browser, `?net=lenet5&engine=${engine}&digit=0&layer=C1&map=2&y=10&x=12&cut=C1:2%3D0.5`);
        await settled(page);
        const [left, output] = [number(await page.locator('[data-pixel="left"]').innerText()), number(await page.locator('[data-pixel="output"]').innerText())];
        assert.ok(Math.abs(left - output / 2) < 2e-3, `${left} of ${output}`);
        await page.getByText('This map is multiplied by 0.50 before the next layer reads it.').waitFor();
        await page.evaluate(() => window.layerscope.open('lenet5-modern'));
        assert.equal((await stateOf(page)).cut, undefined);
        assert.equal(await button(page, 'Undo the last change').count(), 0);
        assertNoErrors(page);
        await page.context().close();
      });
    });
  }
});
