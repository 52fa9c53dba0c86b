// The tours: walked from stop to stop by keyboard, left anywhere, resumed, and opened by a link.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  accessibility, assertNoErrors, assertNoForeignRequests, browsers, button, launch, open, root, screenshot, settled,
  stays, until,
} from './harness.mjs';

const families = { lenet: 'lenet5', alexnet: 'alexnet-cifar10', vgg: 'vgg16-cifar10', googlenet: 'googlenet-cifar10', resnet: 'resnet18-cifar10' };
const stateOf = (page) => page.evaluate(() => window.layerscope.state());
/** Returns the stops of a tour in a language. */
const stopsOf = async (family, language = 'en') => {
  const { stops } = JSON.parse(await readFile(join(root, 'static', 'tours', `${family}.json`), 'utf8'));
  return stops.map(({ title, text, state }) => ({ title: title[language], text: text[language], state }));
};
const card = (page) => page.getByRole('region', { name: 'Tour', exact: true });

/** Presses a button by keyboard alone. */
async function press(page, name) {
  await button(page, name).focus();
  await page.keyboard.press('Enter');
}

/** Asserts that the page is in the state of a stop, with nothing left of the previous stop. */
async function assertAt(page, stop, number) {
  const wanted = new URLSearchParams(stop.state);
  const names = ['net', 'layer', 'map', 'y', 'x', 'cut', 'digit', 'scale'];
  const of = (get) => Object.fromEntries(names.map((name) => [name, get(name) ?? null]));
  const expected = of((name) => wanted.get(name) ?? (name === 'map' ? '0' : null));
  const seen = await until(`stop ${number}: ${stop.title}`, async () => {
    const state = await stateOf(page);
    return of((name) => (state[name] === undefined ? null : String(state[name])));
  }, (state) => JSON.stringify(state) === JSON.stringify(expected));
  assert.deepEqual(seen, expected);
  await card(page).getByRole('heading', { name: stop.title, exact: true }).waitFor();
  await card(page).getByText(`${number} of 12`).waitFor();
  for (const sentence of stop.text) assert.ok((await card(page).innerText()).includes(sentence), sentence);
}

describe('tours', () => {
  for (const { webgpu, name } of browsers) {
    describe(name, () => {
      let browser;
      before(async () => { browser = await launch({ webgpu }); });
      after(() => browser?.close());
      const engine = webgpu ? 'gpu' : 'cpu';
      // On a software adapter, the larger networks take long, and the tours are the same.
      const walked = Object.entries(families).filter(([family]) => !webgpu || family === 'lenet');

      for (const [family, network] of walked) {
        test(`${family}: every stop, by keyboard`, async () => {
          const page = await open(browser, `?net=${network}&engine=${engine}`);
          const stops = await stopsOf(family);
          assert.equal(stops.length, 12);
          await press(page, 'Take the tour');
          await assertAt(page, stops[0], 1);
          for (const [i, stop] of stops.slice(1).entries()) {
            await press(page, 'Next stop');
            await assertAt(page, stop, i + 2);
          }
          assert.equal(await button(page, 'Next stop').isDisabled(), true);
          await press(page, 'Previous stop');
          await assertAt(page, stops[10], 11);
          assertNoErrors(page);
          assertNoForeignRequests(page);
          await page.context().close();
        });
      }

      test('a tour is left anywhere, resumed, shown again, and opened by a link', async () => {
        const page = await open(browser, `?net=lenet5&engine=${engine}`);
        const stops = await stopsOf('lenet');
        await press(page, 'Take the tour');
        await assertAt(page, stops[0], 1);
        for (let i = 1; i < 4; i += 1) {
          await press(page, 'Next stop');
          await assertAt(page, stops[i], i + 1);
        }
        // The answer is the one that the stop states.
        await settled(page);
        await page.getByRole('status', { name: 'Answer before and after' }).getByText('The answer is now 4.').waitFor();
        assert.deepEqual(await accessibility(page), []);
        await screenshot(page, `tour-${engine}`);
        // The user may look around and return to the stop.
        await button(page, 'Restore all').click();
        await button(page, 'Last step').click();
        await press(page, 'Show this stop again');
        await assertAt(page, stops[3], 4);
        await press(page, 'Leave the tour');
        await card(page).waitFor({ state: 'detached' });
        assert.equal((await stateOf(page)).stop, undefined);
        // The state of the stop stays when the tour is left, and the tour can be resumed from anywhere.
        assert.equal((await stateOf(page)).cut, 'C1:0');
        await button(page, 'First step').click();
        await press(page, 'Rejoin the tour at stop 4');
        await assertAt(page, stops[3], 4);
        // The address follows once the state rests. Until then it shows an earlier state.
        const held = () => ['stop', 'layer', 'cut'].map((name) => new URL(page.url()).searchParams.get(name)).join();
        await until('the stop in the address', held, (seen) => seen === '4,C1,C1:0');
        await stays(page, held, '4,C1,C1:0');
        const link = new URL(page.url()).search;
        const other = await open(browser, link);
        await assertAt(other, stops[3], 4);
        await page.evaluate(() => window.layerscope.open('alexnet-cifar10'));
        await card(page).waitFor({ state: 'detached' });
        await button(page, 'Take the tour').waitFor();
        assertNoErrors(page);
        await page.context().close();
        await other.context().close();
      });
    });
  }
});
