// The page /bench: its measurements, its texts, and the same measurements by script.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { accessibility, assertNoErrors, assertNoForeignRequests, base, browsers, button, launch, newPage, screenshot, until } from './harness.mjs';

const status = (page) => page.getByRole('status', { name: 'Progress', exact: true });
const times = (page) => page.getByRole('region', { name: 'Times', exact: true });

async function open(browser, query = '', options = {}) {
  const page = await newPage(browser, options);
  await page.goto(`${base}bench${query}`);
  await page.getByRole('heading', { name: 'How long a pass takes here' }).waitFor();
  return page;
}

/** Asserts the figures of a row that are known in advance, and that the others are plausible. */
function assertRow(row, network, engine, macs) {
  assert.deepEqual([row.network, row.engine, row.macs], [network, engine, macs]);
  assert.ok(row.passes >= 1 && row.passes <= 3, `${row.passes} passes`);
  assert.ok(row.p10_ms > 0 && row.p10_ms <= row.median_ms && row.median_ms <= row.p90_ms, JSON.stringify(row));
  assert.ok(Math.abs(row.gflops - 2 * macs / 1e6 / row.median_ms) < 1e-6 * row.gflops);
  assert.ok(row.gbytes_per_second > 0);
  assert.equal(row.adapter === '', engine === 'cpu');
  assert.ok(row.layers.length >= 7, `${row.layers.length} layers`);
  assert.ok(Math.abs(row.layers.reduce((sum, layer) => sum + layer.share, 0) - 1) < 1e-6);
}

for (const { webgpu, name: title } of browsers) {
  describe(`bench ${title}`, () => {
    let browser;
    before(async () => { browser = await launch({ webgpu }); });
    after(() => browser?.close());

    test('times the chosen networks', async () => {
      const page = await open(browser, '?net=lenet5-modern&engine=cpu&passes=3');
      assert.equal(await page.getByRole('checkbox', { name: 'lenet5-modern', exact: true }).isChecked(), true);
      assert.equal(await page.getByRole('checkbox', { name: 'vgg16', exact: true }).isChecked(), false);
      await page.getByRole('checkbox', { name: 'resnet20-cifar', exact: true }).check();
      await page.getByRole('checkbox', { name: 'WebGPU', exact: true }).check();
      await button(page, 'Time them').click();
      await times(page).getByRole('rowheader', { name: 'lenet5-modern' }).first().waitFor();
      await button(page, 'Time them').waitFor();
      assert.equal((await status(page).innerText()).trim(), '');
      await page.getByText('Show JSON').click();
      const { rows, failures, browser: agent } = JSON.parse(await page.getByLabel('Result as JSON').innerText());
      assert.match(agent, /Chrome/);
      const engines = webgpu ? ['gpu', 'cpu'] : ['cpu'];
      assert.deepEqual(rows.map((row) => [row.network, row.engine]),
        ['lenet5-modern', 'resnet20-cifar'].flatMap((network) => engines.map((engine) => [network, engine])));
      for (const row of rows) assertRow(row, row.network, row.engine, row.network === 'lenet5-modern' ? 416_520 : row.macs);
      if (webgpu) assert.deepEqual(failures, []);
      else {
        assert.deepEqual(failures.map(({ network, engine }) => [network, engine]), [['lenet5-modern', 'gpu'], ['resnet20-cifar', 'gpu']]);
        assert.match(failures[0].reason, /no GPU adapter answers/);
      }
      // The table shows the values of the JSON.
      const shown = await times(page).locator('tbody tr').first().locator('td').allInnerTexts();
      assert.equal(Number(shown[1]), rows[0].passes);
      assert.ok(Math.abs(Number(shown[2]) - rows[0].median_ms) <= 0.01 * rows[0].median_ms + 0.005, shown[2]);
      // The address repeats the measurement, and the file contains the same values.
      assert.match(page.url(), /bench\?net=lenet5-modern,resnet20-cifar&engine=gpu,cpu&passes=3&seconds=10$/);
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Save JSON' }).click()]);
      assert.deepEqual(JSON.parse(await readFile(await download.path(), 'utf8')).rows, rows);
      assertNoErrors(page);
      assertNoForeignRequests(page);
      await page.context().close();
    });

    test('can be stopped', async () => {
      const page = await open(browser, '?net=lenet5-modern,resnet50&engine=cpu&passes=1000&seconds=600&run=1');
      await until('timing', async () => status(page).innerText(), (text) => /pass \d+ of 1000/.test(text));
      await button(page, 'Stop').click();
      await page.getByRole('alert').filter({ hasText: 'Stopped' }).waitFor();
      assert.equal(await button(page, 'Time them').isEnabled(), true);
      await page.context().close();
    });

    test('by script, the figures agree with the table of layers', async () => {
      const page = await open(browser);
      const { report, summary, events, wrong } = await page.evaluate(async () => {
        const { layerscope } = window;
        await layerscope.ready;
        const seen = [];
        const options = { networks: ['resnet18'], engines: ['cpu'], passes: 2, seconds: 5, onProgress: (event) => seen.push(event) };
        const timed = await layerscope.bench(options);
        const message = await layerscope.bench({ networks: ['lenet6'] }).then(() => 'no error', (error) => error.message);
        return { report: timed, summary: layerscope.summary('resnet18'), events: seen, wrong: message };
      });
      assertRow(report.rows[0], 'resnet18', 'cpu', summary.totals.macs);
      assert.ok(events.some(({ phase, doing }) => phase === 'bench' && /resnet18 on the CPU/.test(doing)));
      const names = new Set(summary.layers.map((layer) => layer.name));
      assert.deepEqual(report.rows[0].layers.filter(({ layer }) => !names.has(layer)), []);
      assert.match(wrong, /networks is to be an array of networks' names/);
      await page.context().close();
    });

    for (const [name, options] of [
      ['light', {}], ['dark', { colorScheme: 'dark' }],
      ['phone', { viewport: { width: 390, height: 844 } }],
      ['phone-dark', { viewport: { width: 390, height: 844 }, colorScheme: 'dark' }],
    ]) {
      test(`has no layout or accessibility errors: ${name}`, async () => {
        const page = await open(browser, '?net=lenet5-modern&engine=cpu&passes=2&run=1', options);
        await times(page).waitFor();
        await button(page, 'Time them').waitFor();
        await page.getByText('lenet5-modern on the CPU').click();
        assert.deepEqual(await accessibility(page), []);
        const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wider <= 0, `the page is ${wider} pixels too wide`);
        await screenshot(page, `bench-${name}-${webgpu ? 'webgpu' : 'plain'}`);
        await page.context().close();
      });
    }
  });
}
