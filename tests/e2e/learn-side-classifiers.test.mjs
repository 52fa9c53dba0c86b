// The lesson on auxiliary classifiers: its three answers agree with the command line.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { button, launch, program, until } from './harness.mjs';
import { assertGood, fact, figure, openLesson, says, slide, slider } from './lesson.mjs';
import { activations, classOf } from './lesson-picture.mjs';

const HEADS = ['aux1.softmax', 'aux2.softmax', 'softmax'];
const best = (values) => values.indexOf(Math.max(...values));

describe('lesson side-classifiers', () => {
  let browser;
  before(async () => { browser = await launch({ webgpu: false }); });
  after(() => browser?.close());

  test('the three answers and the loss agree with the engine', async () => {
    const page = await openLesson(browser, 'side-classifiers', '?picture=83');
    const values = activations('googlenet-cifar10', 83);
    const [truth, rows] = [classOf(83), page.locator('.side-table tbody tr')];
    const shown = (i) => rows.nth(i).locator('td').allInnerTexts();
    await until('probabilities', () => shown(0), (texts) => texts.every((text) => /%/.test(text)));
    for (let i = 0; i < 10; i += 1) {
      const expected = HEADS.map((head) => 100 * values[head].values[i]);
      (await shown(i)).forEach((text, j) => assert.ok(Math.abs(Number.parseFloat(text) - expected[j]) < 0.06, `${i} ${j}: ${text}, ${expected[j]}`));
    }
    const [first, second, main] = HEADS.map((head) => -Math.log(values[head].values[truth]));
    for (const weight of [0.3, 0.5, 0]) {
      if (weight !== 0.3) await slide(page, 'Weight of the auxiliary classifiers', weight);
      const expected = main + weight * (first + second);
      await until('loss', () => figure(page, 'Loss in training'), (loss) => Math.abs(loss - expected) < 2e-3);
    }
    await slider(page, 'Weight of the auxiliary classifiers').focus();
    await page.keyboard.press('ArrowRight');
    await until('a step', () => figure(page, 'Loss in training'), (loss) => Math.abs(loss - (main + 0.05 * (first + second))) < 2e-3);
    await page.waitForURL(/weight=0\.05/);
    const [net] = [JSON.parse(execFileSync(program, ['summary', 'googlenet', '--format', 'json'], { maxBuffer: 1e9 }))].flat();
    const side = net.layers.filter((row) => row.name.startsWith('aux')).reduce((all, row) => all + row.parameters, 0);
    await says(page, 'In training', net.totals.parameters.toLocaleString('en-US'));
    await says(page, 'At inference', (net.totals.parameters - side).toLocaleString('en-US'));
    await assertGood(page);
    await page.context().close();
  });

  test('counts the right answers of each classifier, and can be stopped', async () => {
    const page = await openLesson(browser, 'side-classifiers', '?pictures=50');
    const done = async () => Number((await page.locator('.side-progress [role=status]').innerText()).match(/\d+/)?.[0] ?? 0);
    await button(page, 'Count').click();
    await until('some', done, (count) => count >= 3);
    await button(page, 'Stop').click();
    const stopped = await done();
    assert.ok(stopped < 50, `${stopped} were counted before it stopped`);
    await button(page, 'Count').click();
    await until('all', done, (count) => count === 50);
    await button(page, 'Count').waitFor();
    const right = [0, 0, 0];
    for (let i = 0; i < 50; i += 1) {
      const values = activations('googlenet-cifar10', i);
      HEADS.forEach((head, j) => { right[j] += Number(best(values[head].values) === classOf(i)); });
    }
    for (const [j, name] of ['First auxiliary classifier', 'Second auxiliary classifier', 'The network itself'].entries()) {
      assert.equal(await page.getByRole('group', { name: `Right: ${name}`, exact: true }).locator('.soft.mono').innerText(), `${right[j]} / 50`);
    }
    await page.context().close();
  });

  test('on a phone and in Chinese', async () => {
    const page = await openLesson(browser, 'side-classifiers', '?lang=zh-CN', { viewport: { width: 390, height: 844 } });
    await until('loss', () => fact(page, '训练时的损失').innerText(), (text) => /\d/.test(text));
    await assertGood(page);
    await page.context().close();
  });
});
