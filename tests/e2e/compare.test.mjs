// The page /compare: its figures agree with the command line and published numbers, and its charts with its table.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { PNG } from 'pngjs';
import {
  accessibility, assertNoErrors, assertNoForeignRequests, base, button, drop, frames, launch, newPage, program, root,
  screenshot, until,
} from './harness.mjs';
import { words } from './languages.mjs';

/** Summaries of all networks by `layerscope summary`, by name. */
const counted = Object.fromEntries(JSON.parse(execFileSync(program, ['summary', '--format', 'json'], { maxBuffer: 1e9 })).map((one) => [one.network, one]));

/** Published numbers of parameters: LeCun et al. 1998, the papers' tables, torchvision's model cards. */
const published = {
  'lenet5': 60_000, 'alexnet-torchvision': 61_100_840, 'vgg16': 138_357_544, 'vgg19': 143_667_240,
  'resnet18': 11_689_512, 'resnet50': 25_557_032, 'resnet101': 44_549_160, 'resnet152': 60_192_808,
};

const table = (page) => page.getByRole('region', { name: 'Side by side', exact: true });
const rows = (page) => table(page).locator('tbody tr');
const names = (page) => rows(page).locator('th a').evaluateAll((links) => links.map((link) => new URL(link.href).searchParams.get('net')));
const head = (page, name) => table(page).getByRole('columnheader', { name, exact: false }).first();
const chart = (page, name) => page.getByRole('group', { name, exact: true });
const hits = (page, name) => chart(page, name).getByRole('link').evaluateAll((links) => links.map((link) => ({
  network: new URL(link.href).searchParams.get('net'),
  layer: new URL(link.href).searchParams.get('layer'),
  value: Number(link.dataset.value),
  name: link.getAttribute('aria-label'),
})));

async function open(browser, query = '', options = {}) {
  const page = await newPage(browser, options);
  await page.goto(`${base}compare${query}`);
  await rows(page).first().waitFor();
  await page.evaluate(() => document.fonts.ready);
  return page;
}

/** Returns the figures of a row in the order of the columns; null if a figure was not published. */
const figures = (row) => row.locator('td').evaluateAll((cells) => cells.map((cell) => (cell.dataset.value ? Number(cell.dataset.value) : null)));

/** Returns the same figures from the summary of the command line. */
function expected(one) {
  const single = one.marks.filter((mark) => mark.models === 1);
  const ensembles = one.marks.filter((mark) => mark.models > 1).sort((a, b) => b.models - a.models);
  const { parameters, macs, weight_bytes: weights, activation_bytes: activations } = one.totals;
  const rounded = (error) => (error == null ? null : Number(error.toFixed(2)));
  return [parameters, macs, weights, activations, one.depth, one.input_shape[2], one.year, rounded(single.find((mark) => mark.top1 != null)?.top1), rounded(single.find((mark) => mark.top5 != null)?.top5), rounded(ensembles[0]?.top5)];
}

/** Presses a button that saves a file, and reads the file. */
async function saved(page, name) {
  const [download] = await Promise.all([page.waitForEvent('download'), button(page, name).click()]);
  return { file: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

describe('compare', () => {
  let browser;
  before(async () => { browser = await launch({ webgpu: false }); });
  after(() => browser?.close());

  test('every figure of every network agrees with the command line and with published numbers', async () => {
    const all = Object.keys(counted);
    assert.equal(all.length, 28);
    const page = await open(browser, `?net=${all.slice(0, 8).join(',')}`);
    // Compare as many networks at once as the page has room for.
    for (let from = 0; from < all.length; from += 8) {
      const some = all.slice(from, from + 8);
      await page.goto(`${base}compare?net=${some.join(',')}`);
      await rows(page).first().waitFor();
      const shown = await names(page);
      assert.deepEqual(shown, some);
      for (const [i, name] of shown.entries()) {
        const row = await figures(rows(page).nth(i));
        assert.deepEqual(row, expected(counted[name]), name);
        if (published[name]) assert.equal(row[0], published[name], name);
      }
    }
    // Published errors of ensembles at ILSVRC.
    await page.goto(`${base}compare?net=alexnet,vgg16,googlenet,resnet152`);
    await rows(page).first().waitFor();
    const ensembles = [];
    for (let i = 0; i < 4; i += 1) ensembles.push((await figures(rows(page).nth(i)))[9]);
    assert.deepEqual(ensembles, [15.3, 7.3, 6.67, 3.57]);
    // The paper states only the top-1 error of ResNet-18; the top-5 error is that of the model card.
    await page.goto(`${base}compare?net=resnet18,resnet50-paper`);
    await rows(page).first().waitFor();
    assert.deepEqual((await figures(rows(page).nth(0))).slice(7), [27.88, 10.92, null]);
    assert.deepEqual((await figures(rows(page).nth(1))).slice(7), [22.85, 6.71, null]);
    await page.goto(`${base}compare?net=alexnet,vgg16,googlenet,resnet152`);
    await rows(page).first().waitFor();
    const text = await rows(page).nth(1).innerText();
    assert.match(text, /138\.4 M/);
    assert.match(text, /15\.47 GMAC/);
    assertNoErrors(page);
    assertNoForeignRequests(page);
    await page.context().close();
  });

  test('charts show the values of the table, and link to the stage', async () => {
    const page = await open(browser, '?net=lenet5,vgg16,googlenet,resnet50');
    for (const [press, title, column] of [['Parameters', 'Parameters in total', 0], ['MACs', 'MACs in total', 1], ['Weights', 'Weights in total', 2], ['Activations', 'Activations in total', 3], ['Depth', 'Depth in total', 4]]) {
      await page.getByRole('group', { name: 'Quantity shown in total' }).getByRole('button', { name: press, exact: true }).click();
      await chart(page, title).waitFor();
      const bars = await hits(page, title);
      assert.equal(bars.length, 4, title);
      for (const [i, bar] of bars.entries()) {
        const row = await figures(rows(page).nth(i));
        assert.equal(bar.value, row[column], `${bar.name}`);
      }
    }
    // The lengths of bars are proportional to their values.
    await page.getByRole('group', { name: 'Quantity shown in total' }).getByRole('button', { name: 'Parameters', exact: true }).click();
    await chart(page, 'Parameters in total').waitFor();
    const bars = await hits(page, 'Parameters in total');
    const widths = await page.locator('figure:has([aria-label="Parameters in total"]) .plot rect').evaluateAll((rects) => rects.slice(1).map((rect) => Number(rect.getAttribute('width'))));
    assert.equal(widths.length, bars.length);
    assert.ok(Math.abs(widths[1] / widths[3] - bars[1].value / bars[3].value) < 0.1, `${widths} for ${bars.map((bar) => bar.value)}`);
    // The layers add up to the whole network.
    for (const [press, cost, key] of [['Parameters', 'Parameters', 'parameters'], ['MACs', 'MACs', 'macs']]) {
      await page.getByRole('group', { name: 'Quantity shown along the depth' }).getByRole('button', { name: press, exact: true }).click();
      for (const name of ['lenet5', 'vgg16', 'googlenet', 'resnet50']) {
        const layers = await hits(page, `${counted[name].title}, ${cost} layer by layer`);
        assert.equal(layers.reduce((sum, layer) => sum + layer.value, 0), counted[name].totals[key], name);
      }
    }
    const homes = await hits(page, 'Parameters by kind of layer');
    const vgg = homes.filter((home) => home.network === 'vgg16');
    assert.deepEqual(vgg.map((home) => home.value), [counted.vgg16.homes.convolution, counted.vgg16.homes.full_connection]);
    assert.match(await page.locator('figure:has([aria-label="Parameters by kind of layer"])').locator('.plot').innerText(), /classifier\.0 alone: 102\.8 M of 138\.4 M/);
    const errors = await hits(page, 'Top-5 error against MACs');
    // The larger of two values is lower in the chart and comes first.
    assert.deepEqual(errors.map((hit) => [hit.network, hit.value]), ['vgg16', 'resnet50', 'googlenet'].map((name) => [name, expected(counted[name])[8]]));
    // A bar links to its layer.
    const first = await chart(page, 'Parameters by kind of layer').getByRole('link', { name: /VGG-16.*fully connected layer/ }).getAttribute('href');
    assert.equal(first, '/?net=vgg16&layer=classifier.0');
    await page.goto(new URL(first, base).href);
    await page.waitForFunction(() => window.layerscope?.state?.().layer === 'classifier.0');
    await page.context().close();
  });

  test('by keyboard, networks are found, ordered and pinned, and bars are read', async () => {
    const page = await open(browser, '?net=lenet5,alexnet,vgg16');
    // Find a network, add it, and remove it again.
    await page.getByRole('searchbox', { name: 'Find a network' }).focus();
    await page.keyboard.type('152');
    await page.keyboard.press('Enter');
    await until('four networks', () => names(page), (now) => now.join() === 'lenet5,alexnet,vgg16,resnet152');
    await page.keyboard.type('two towers published');
    await page.keyboard.press('Enter');
    await until('three networks', () => names(page), (now) => now.join() === 'lenet5,vgg16,resnet152');
    // Order by MACs: descending, ascending, and as chosen.
    await head(page, 'MACs').getByRole('button').focus();
    for (const [order, sort] of [['vgg16,resnet152,lenet5', 'descending'], ['lenet5,resnet152,vgg16', 'ascending'], ['lenet5,vgg16,resnet152', 'none']]) {
      await page.keyboard.press('Enter');
      await until(order, () => names(page), (now) => now.join() === order);
      assert.equal(await head(page, 'MACs').getAttribute('aria-sort'), sort);
    }
    // With a baseline, the other networks show their difference to it.
    await button(page, 'Pin ResNet-152 as baseline').focus();
    await page.keyboard.press('Space');
    await until('a baseline', () => rows(page).nth(1).innerText(), (text) => text.includes('+78.2 M, × 2.30'));
    assert.equal(await button(page, 'Pin ResNet-152 as baseline').getAttribute('aria-pressed'), 'true');
    // Arrow keys move from bar to bar, the readout describes the bar, and Enter opens its layer.
    const bars = page.getByRole('group', { name: 'VGG-16 (D), Parameters layer by layer' }).getByRole('link');
    await bars.first().focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    const now = await page.evaluate(() => document.activeElement.getAttribute('aria-label'));
    assert.match(now, /^classifier\.3, fully connected layer: 16,781,312 parameters$/);
    assert.equal(await page.locator('figure:has([aria-label="VGG-16 (D), Parameters layer by layer"]) .readout').innerText(), now);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\?net=vgg16&layer=classifier\.3/);
    await page.context().close();
  });

  test('a first touch reads a bar, and a second opens its layer', async () => {
    const page = await open(browser, '?net=vgg16,resnet50', { viewport: { width: 390, height: 844 }, hasTouch: true });
    const bar = page.getByRole('group', { name: 'VGG-16 (D), Parameters layer by layer' }).getByRole('link', { name: /^classifier\.0,/ });
    const readout = page.locator('figure:has([aria-label="VGG-16 (D), Parameters layer by layer"]) .readout');
    await bar.tap();
    await until('what it is', () => readout.innerText(), (text) => text === 'classifier.0, fully connected layer: 102,764,544 parameters');
    assert.match(page.url(), /compare/);
    await bar.tap();
    await page.waitForURL(/\/\?net=vgg16&layer=classifier\.0/);
    await page.context().close();
  });

  test('a finger slides along bars narrower than itself, and opens the bar that is read', async () => {
    const page = await open(browser, '?net=resnet152,vgg16&along=activations', { viewport: { width: 390, height: 844 }, hasTouch: true });
    const name = 'ResNet-152, Activations layer by layer';
    const bars = await hits(page, name);
    const area = await chart(page, name).boundingBox();
    assert.ok(area.width / bars.length < 3, `${bars.length} bars on ${area.width} pixels`);
    await chart(page, name).scrollIntoViewIfNeeded();
    const box = await chart(page, name).boundingBox();
    const touch = await page.context().newCDPSession(page);
    const finger = (type, part) => touch.send('Input.dispatchTouchEvent', {
      type, touchPoints: part === undefined ? [] : [{ x: box.x + part * box.width, y: box.y + box.height / 2 }],
    });
    const readout = page.locator(`figure:has([aria-label="${name}"]) .readout`);
    const said = new Set();
    await finger('touchStart', 0.2);
    for (const part of [0.3, 0.4, 0.5, 0.6]) {
      await finger('touchMove', part);
      await until(`what is at ${part}`, () => readout.innerText(), (text) => /: [\d,]+ /.test(text) && !said.has(text));
      said.add(await readout.innerText());
    }
    // A finger lifted while moving starts a fling, and the next tap only stops it. This finger rests first.
    await frames(page, 20);
    await finger('touchEnd');
    assert.equal(said.size, 4);
    const last = bars.find((bar) => bar.name === [...said].at(-1));
    assert.ok(Math.abs(bars.indexOf(last) / bars.length - 0.6) < 0.05, `${last?.name} at 0.6`);
    await readout.tap();
    await page.waitForURL((url) => url.pathname === '/' && url.searchParams.get('layer') === last.layer);
    await page.context().close();
  });

  test('it has a WebAssembly module of its own, and serves figures to scripts', async () => {
    const page = await open(browser);
    const modules = page.seen.requests.filter((url) => url.endsWith('.wasm')).map((url) => new URL(url).pathname);
    assert.equal(modules.length, 1);
    assert.match(modules[0], /^\/compare\/compare-[^/]*\.wasm$/);
    const { totals, names } = await page.evaluate(async () => {
      await window.layerscope.ready;
      return { totals: window.layerscope.summary('resnet50').totals, names: window.layerscope.networks().map(({ name }) => name) };
    });
    assert.deepEqual(totals, counted.resnet50.totals);
    assert.deepEqual(names, Object.keys(counted));
    await page.context().close();
  });

  test('choices that are impossible are reported', async () => {
    const page = await open(browser, '?net=lenet5,vgg16');
    const find = page.getByRole('searchbox', { name: 'Find a network' });
    const status = page.getByRole('search').getByRole('status');
    for (const [typed, said] of [['vgg16-c', /^3 side by side/], ['mobilenet', /^No network is called 'mobilenet'/]]) {
      await find.fill(typed);
      await page.keyboard.press('Enter');
      await until(typed, () => status.innerText(), (text) => said.test(text));
    }
    await find.fill('vgg16-c');
    await page.keyboard.press('Enter');
    await until('two', () => names(page), (now) => now.join() === 'lenet5,vgg16');
    await find.fill('lenet5');
    await page.keyboard.press('Enter');
    await until('the reason', () => status.innerText(), (text) => text === 'lenet5 stays: at least 2 networks are compared.');
    assert.deepEqual(await names(page), ['lenet5', 'vgg16']);
    await page.context().close();
  });

  test('a link reproduces the comparison', async () => {
    const page = await open(browser, '?net=alexnet-torchvision,vgg16,resnet50');
    await head(page, 'Parameters').getByRole('button').click();
    await button(page, 'Pin ResNet-50 as baseline').click();
    await page.getByRole('group', { name: 'Scale', exact: true }).getByRole('button', { name: 'log' }).click();
    await page.getByRole('group', { name: 'Quantity shown along the depth' }).getByRole('button', { name: 'Activations' }).click();
    await page.getByLabel('Block of VGG-16 (D)').selectOption('stage2');
    await page.waitForURL(/blocks=/);
    const [url, shown, text] = [page.url(), await names(page), await table(page).innerText()];
    assert.equal(new URL(url).search, '?net=alexnet-torchvision,vgg16,resnet50&sort=-parameters&base=resnet50&scale=log&along=activations&blocks=vgg16:stage2');
    const again = await newPage(browser);
    await again.goto(url);
    await rows(again).first().waitFor();
    assert.deepEqual(await names(again), shown);
    assert.equal(await table(again).innerText(), text);
    assert.equal(await again.getByLabel('Block of VGG-16 (D)').inputValue(), 'stage2');
    assert.equal(await again.getByRole('group', { name: 'Scale', exact: true }).getByRole('button', { name: 'log' }).getAttribute('aria-pressed'), 'true');
    // Unknown names in a link are reported.
    await again.goto(`${base}compare?net=vgg16,resnet50,vgg99`);
    await again.getByRole('alert').getByText('There is no network named vgg99.').waitFor();
    await again.goto(`${base}compare?net=vgg16`);
    await again.getByRole('alert').getByText('Fewer than 2 networks').waitFor();
    // The message disappears after another choice.
    await head(again, 'Depth').getByRole('button').click();
    await until('no alert', () => again.getByRole('alert').count(), (count) => count === 0);
    await Promise.all([page, again].map((one) => one.context().close()));
  });

  test('saved files are readable by other programs', async () => {
    const page = await open(browser, '?net=lenet5,vgg16,googlenet&sort=-macs');
    const csv = await saved(page, 'Save the table as CSV');
    assert.equal(csv.file, 'layerscope-compare.csv');
    // Python's readers of CSV and JSON are independent of ours.
    const read = (code, input) => JSON.parse(execFileSync('python3', ['-c', code], { input }));
    const lines = read('import csv, io, json, sys; print(json.dumps(list(csv.DictReader(io.TextIOWrapper(sys.stdin.buffer, newline="")))))', csv.bytes);
    assert.deepEqual(lines.map((line) => [line.network, Number(line.parameters), Number(line.macs)]),
      ['vgg16', 'googlenet', 'lenet5'].map((name) => [name, counted[name].totals.parameters, counted[name].totals.macs]));
    const json = await saved(page, 'Save the table as JSON');
    assert.deepEqual(JSON.parse(json.bytes), ['vgg16', 'googlenet', 'lenet5'].map((name) => counted[name]));
    const markdown = (await saved(page, 'Save the table as Markdown')).bytes.toString();
    assert.match(markdown, /^\| network +\| title /);
    assert.match(markdown, /\| vgg16 +\| VGG-16 \(D\) +\| +138357544 \|/);
    const svg = await saved(page, 'Save Parameters in total as SVG');
    const words = read('import json, sys, xml.etree.ElementTree as tree; print(json.dumps([(node.text or "").strip() for node in tree.parse(sys.stdin.buffer).iter() if node.tag.endswith("text")]))', svg.bytes);
    assert.ok(words.includes('VGG-16 (D)') && words.includes('138.4 M'), words.join('; '));
    const png = PNG.sync.read((await saved(page, 'Save Parameters in total as PNG')).bytes);
    const width = await page.locator('figure:has([aria-label="Parameters in total"]) .plot svg').getAttribute('width');
    assert.equal(png.width, 2 * Number(width));
    const colours = new Set(new Uint32Array(png.data.buffer, png.data.byteOffset, png.data.length / 4));
    assert.ok(colours.size > 10, `${colours.size} colours`);
    const values = await saved(page, 'Save Parameters in total as CSV');
    assert.match(values.bytes.toString(), /^network,part,value,what\nvgg16,,138357544,/);
    const homes = await saved(page, 'Save Parameters by kind of layer as CSV');
    assert.match(homes.bytes.toString(), /\nvgg16,fully connected layer,123642856,/);
    await page.getByText('GoogLeNet, table 1').click();
    const paper = (await saved(page, 'Save GoogLeNet, table 1 as CSV')).bytes.toString();
    assert.match(paper, /inception \(4c\),,14×14×512,2,128,128,256,24,64,64,498K \(printed: 463K\),100M/);
    assertNoErrors(page);
    await page.context().close();
  });

  test('without auxiliary classifiers, GoogLeNet has the figures of inference', async () => {
    const page = await open(browser, '?net=vgg16,googlenet');
    assert.match(await rows(page).nth(1).innerText(), /13,378,280/);
    await page.getByRole('checkbox', { name: 'count auxiliary classifiers' }).uncheck();
    await until('6,998,552', () => rows(page).nth(1).innerText(), (text) => text.includes('6,998,552'));
    await page.waitForURL(/side=0/);
    await page.context().close();
  });

  test('a checkpoint of the user is a column, too', async () => {
    const page = await open(browser, '?net=vgg16,resnet50');
    const file = page.getByLabel('Open a checkpoint');
    await file.setInputFiles(join(root, 'static', 'weights', 'lenet5-modern.safetensors'));
    await until('a third row', () => rows(page).count(), (count) => count === 3);
    const [parameters, macs, weights, , depth, , , top1] = await figures(rows(page).nth(2));
    const { totals } = counted['lenet5-modern'];
    assert.deepEqual([parameters, macs, weights, depth, top1], [totals.parameters, totals.macs, totals.weight_bytes, 5, null]);
    assert.match(await rows(page).nth(2).innerText(), /^lenet5-modern\.safetensors/);
    assert.match(await page.getByRole('list', { name: 'Checkpoints' }).innerText(), /LeNet-5.*F32/s);
    assert.equal((await hits(page, 'Parameters in total')).length, 3);
    // It can be the baseline. Links do not include it.
    await button(page, 'Pin lenet5-modern.safetensors as baseline').click();
    await until('a difference to it', () => rows(page).nth(0).innerText(), (text) => text.includes('+138.3 M, × 2,242'));
    assert.doesNotMatch(page.url(), /safetensors/);
    await button(page, 'Remove lenet5-modern.safetensors').click();
    await until('two rows', () => rows(page).count(), (count) => count === 2);
    // A file that fits no network is reported, and the comparison stays.
    await file.setInputFiles({ name: 'notes.pth', mimeType: 'application/octet-stream', buffer: Buffer.from('no tensors at all') });
    await page.getByRole('alert').getByText('notes.pth: the checkpoint cannot be used').waitFor();
    assert.equal(await rows(page).count(), 2);
    // A file dropped on the page is added as well. It replaces a checkpoint of the same name.
    await file.setInputFiles(join(root, 'static', 'weights', 'lenet5-modern.safetensors'));
    await until('a third row', () => rows(page).count(), (count) => count === 3);
    const dropped = (name) => drop(page, name, '/weights/lenet5.safetensors', 'h1');
    await dropped('mine.safetensors');
    await until('a fourth row', () => rows(page).count(), (count) => count === 4);
    assert.match(await rows(page).nth(3).innerText(), /^mine\.safetensors/);
    await dropped('lenet5-modern.safetensors');
    await until('another network in it', async () => (await figures(rows(page).nth(3)))[0], (parameters) => parameters === counted.lenet5.totals.parameters);
    assert.equal(await rows(page).count(), 4);
    assertNoErrors(page);
    await page.context().close();
  });

  test('the tables of the papers state where ours differ', async () => {
    const page = await open(browser);
    for (const [name, cell] of [['LeNet-5, table I', '×'], ['VGG, table 1', '2 conv3-512, conv1-512'], ['VGG, table 2', '138,357,544'], ['GoogLeNet, table 1', 'printed: 463K'], ['ResNet, table 1', '[1×1, 256; 3×3, 256; 1×1, 1024] × 36']]) {
      await page.getByText(name, { exact: true }).click();
      const shown = page.getByRole('region', { name, exact: true });
      await shown.getByText(cell).first().waitFor();
    }
    await screenshot(page, 'compare-papers');
    await page.context().close();
  });

  test('the Chinese page is completely in Chinese', async () => {
    const [compare, measures, papers] = await Promise.all(['compare', 'measures', 'papers'].map((part) => words('zh', part)));
    for (const [viewport, colorScheme] of [[{ width: 1440, height: 900 }, 'light'], [{ width: 390, height: 844 }, 'dark']]) {
      const page = await newPage(browser, { locale: 'zh-CN', viewport, colorScheme });
      await page.goto(`${base}compare?net=lenet5,alexnet,vgg16,googlenet,resnet34,resnet152&base=vgg16`);
      await page.getByRole('heading', { name: papers.heading }).waitFor();
      assert.equal(await page.evaluate(() => document.documentElement.lang), 'zh');
      assert.equal(await page.title(), compare.document);
      const zh = page.getByRole('region', { name: compare.table.title, exact: true });
      const heads = (await zh.locator('thead th').allInnerTexts()).map((text) => text.trim());
      assert.deepEqual(heads, [compare.table.network, ...Object.values(measures).filter(({ title }) => title).map(({ title }) => title)]);
      // The figures are the same.
      for (const [i, name] of (await zh.locator('tbody th a').evaluateAll((links) => links.map((link) => new URL(link.href).searchParams.get('net')))).entries()) {
        assert.deepEqual(await figures(zh.locator('tbody tr').nth(i)), expected(counted[name]), name);
      }
      // The names of a chart and of its bars.
      const name = compare.charts.totals.name.replace('{{ measure }}', measures.parameters.title);
      const bars = await hits(page, name);
      assert.ok(bars.some((bar) => bar.name === `VGG-16 (D)：138,357,544，${measures.parameters.title}`), JSON.stringify(bars));
      assert.match(await page.locator('.plot').allInnerTexts().then((texts) => texts.join('\n')), new RegExp(compare.charts.errors.across));
      for (const details of await page.locator('main details').all()) await details.locator('summary').click();
      await page.getByRole('button', { name: compare.chooser.choose, exact: true }).click();
      // All visible and accessible texts. Titles of papers stay in their own language.
      const text = await page.evaluate(() => {
        const spoken = [...document.querySelectorAll('[aria-label], [title], [placeholder]')].flatMap((element) =>
          ['aria-label', 'title', 'placeholder'].map((name) => element.getAttribute(name) ?? ''));
        const names = [...document.querySelectorAll('main cite')].map((cite) => cite.innerText);
        const all = [document.querySelector('main').innerText, ...document.querySelectorAll('.plot text, .plot title')].map((part) => part.textContent ?? part);
        return names.reduce((text, name) => text.replaceAll(name, ''), [...all, ...spoken].join('\n'));
      });
      const english = text.match(/\b(?:the|with|which|this|that|are|was|of|parameters|convolution|connection|printed|error|networks?|deep|stage|pin|save)\b/gi) ?? [];
      assert.deepEqual(english, []);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
      assert.deepEqual(await accessibility(page), []);
      await screenshot(page, `compare-zh-${colorScheme}`);
      assertNoErrors(page);
      assertNoForeignRequests(page);
      await page.context().close();
    }
  });

  test('the chosen language is remembered, and is part of the link', async () => {
    const page = await open(browser, '?net=vgg16,resnet50,vgg99');
    const heading = page.getByRole('heading', { level: 1 });
    const [english, chinese] = await Promise.all(['en', 'zh'].map((language) => words(language, 'compare')));
    assert.equal(await heading.innerText(), english.heading);
    await page.getByText('GoogLeNet, table 1').click();
    await page.locator('header select').selectOption('zh');
    await until('Chinese', () => heading.innerText(), (text) => text === chinese.heading);
    await page.waitForURL(/\?net=vgg16,resnet50&lang=zh$/);
    // The message is now in Chinese, and the open section stays open.
    await page.getByRole('alert').getByText(chinese.notice.unknown.replace('{{ names }}', 'vgg99')).waitFor();
    await page.getByRole('region', { name: 'GoogLeNet，表 1' }).getByText('Ioffe 与 Szegedy').waitFor();
    // Without a language in the link, the remembered one is used.
    await page.goto(`${base}compare`);
    await heading.waitFor();
    await until('Chinese again', () => heading.innerText(), (text) => text === chinese.heading);
    // A language in the link takes precedence.
    await page.goto(`${base}compare?net=vgg16,resnet50&lang=en`);
    await until('English', () => heading.innerText(), (text) => text === english.heading);
    await page.getByRole('group', { name: 'Scale', exact: true }).getByRole('button', { name: 'log' }).click();
    await page.waitForURL(/\?net=vgg16,resnet50&scale=log&lang=en$/);
    assertNoErrors(page);
    await page.context().close();
  });

  test('it fits a phone, and is accessible', async () => {
    for (const colorScheme of ['light', 'dark']) {
      for (const [name, viewport] of [['wide', { width: 1440, height: 900 }], ['phone', { width: 390, height: 844 }]]) {
        const page = await open(browser, '?base=vgg16', { viewport, colorScheme });
        await page.getByRole('heading', { name: "The papers' own tables" }).waitFor();
        for (const details of await page.locator('main details').all()) await details.locator('summary').click();
        await button(page, 'Choose networks').click();
        const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        assert.ok(over <= 0, `${over} pixels too wide`);
        assert.deepEqual(await accessibility(page), []);
        // The networks with the longest names fit, too.
        await page.goto(`${base}compare?net=resnet50-paper,googlenet-naive,googlenet-torchvision`);
        await rows(page).first().waitFor();
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
        // Charts are drawn after their width is known and the fonts are loaded.
        const outside = () => page.locator('.plot text').evaluateAll((texts) => texts.filter((text) => {
          const { left, right } = text.getBoundingClientRect();
          const frame = text.closest('.plot').getBoundingClientRect();
          return left < frame.left - 1 || right > frame.right + 1;
        }).map((text) => text.textContent.trim()));
        assert.ok(await page.locator('.plot text').count() > 20);
        await until('every name in its chart', outside, (found) => found.length === 0);
        await page.goBack();
        await screenshot(page, `compare-${name}-${colorScheme}`);
        assertNoErrors(page);
        await page.context().close();
      }
    }
  });
});
