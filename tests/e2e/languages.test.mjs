// The stage and /bench in Chinese, and changes of the language.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  accessibility, assertNoErrors, assertNoForeignRequests, base, button, digits, draw, launch, newPage, open, ready, root, screenshot,
  settled, until,
} from './harness.mjs';
import { fill, finder, pattern, words } from './languages.mjs';

const NETWORKS = [
  'lenet5', 'lenet5-modern', 'alexnet-cifar10', 'vgg16-cifar10', 'googlenet-cifar10', 'resnet18-cifar10', 'resnet20-cifar', 'plain20-cifar',
];
const stateOf = (page) => page.evaluate(() => window.layerscope.state());
const language = (page) => page.locator('header .language');
const textOf = async (locator) => (await locator.innerText()).trim();

/** Opens everything that can be opened. */
async function unfold(page) {
  for (const details of await page.locator('main details').all()) {
    if (!await details.evaluate((element) => element.open)) await details.locator('summary').first().click();
  }
}

describe('languages', () => {
  let browser;
  before(async () => { browser = await launch({ webgpu: false }); });
  after(() => browser?.close());

  /** Opens the stage in Chinese on the CPU engine: the browser's own messages about WebGPU are in its own language. */
  const chinese = (query, options = {}) => open(browser, `?${query}&engine=cpu`, { locale: 'zh-CN', ...options });

  for (const network of NETWORKS) {
    test(`${network} in Chinese, at every step`, async () => {
      const [stage, foreign] = await Promise.all([words('zh', 'stage'), finder(network)]);
      const page = await chinese(`net=${network}`);
      assert.equal(await page.evaluate(() => document.documentElement.lang), 'zh');
      assert.equal(await page.title(), stage.document);
      await unfold(page);
      const { steps } = await stateOf(page);
      await button(page, stage.steps.first).click();
      for (let step = 0; step < steps; step += 1) {
        await until(`step ${step}`, () => stateOf(page), (state) => state.step === step);
        // The arithmetic of a value, if the maps are large enough to point at.
        const { layer } = await stateOf(page);
        // During a flight of the camera, buttons appear and disappear. Focus a button that is present now.
        await page.evaluate((name) => document.querySelector(`button[data-layer="${CSS.escape(name)}"]`)?.focus(), layer);
        await settled(page);
        assert.deepEqual(await foreign(page), [], `step ${step}, ${layer}`);
        if (step + 1 < steps) await button(page, stage.steps.next).click();
      }
      assertNoErrors(page);
      assertNoForeignRequests(page);
      await page.context().close();
    });
  }

  test('on a phone and in the dark, with a tour, ablations, evidence and test pictures', async () => {
    const [answer, ablation, why, classes, strip, tour] = await Promise.all(
      ['answer', 'ablation', 'why', 'classes', 'strip', 'tour'].map((part) => words('zh', part)));
    const foreign = await finder('googlenet-cifar10');
    const page = await chinese('net=googlenet-cifar10&photo=cat&layer=inception3a&stop=6&cut=inception3a/lane2', {
      viewport: { width: 390, height: 844 }, colorScheme: 'dark', hasTouch: true,
    });
    const { cat, frog } = classes.cifar10;
    const said = page.getByRole('status', { name: answer.title, exact: true });
    await until('a frog', () => textOf(said), (text) => text.startsWith(frog));
    await page.getByText(fill(ablation.answer.now, { class: frog })).waitFor();
    await page.getByRole('region', { name: tour.name, exact: true }).getByText(fill(tour.place, { stop: 6, count: 12 })).waitFor();
    await unfold(page);
    // The ablation is undone by its name, and the class is shown at its place.
    await button(page, fill(ablation.restore, { part: fill(ablation.part.inception_branch, { branch: 2, block: 'inception3a' }) })).last().click();
    await until('a cat', () => textOf(said), (text) => text.startsWith(cat));
    await button(page, why.map).click();
    await page.getByRole('img', { name: fill(why.over, { what: why.map, class: cat }) }).waitFor();
    const picture = page.getByRole('option', { name: fill(strip.picture, { class: frog, number: 1 }), exact: true });
    await picture.click();
    await until('right or wrong', () => textOf(page.locator('.truth')), (text) =>
      [fill(answer.right, { class: frog }), fill(answer.wrong, { class: frog })].includes(text));
    await settled(page);
    assert.deepEqual(await foreign(page), []);
    assert.deepEqual(await accessibility(page), []);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
    await screenshot(page, 'stage-zh-phone');
    assertNoErrors(page);
    await page.context().close();
  });

  test('a chosen language keeps the state of the page, is remembered, and is part of the link', async () => {
    const [english, zh] = await Promise.all(['en', 'zh'].map(async (name) => Object.fromEntries(await Promise.all(
      ['stage', 'answer', 'second', 'ablation', 'operations'].map(async (part) => [part, await words(name, part)])))));
    const page = await open(browser, '?net=lenet5&engine=cpu&layer=C3&map=4&cut=C1:0', { locale: 'en-US' });
    assert.equal(await page.title(), english.stage.document);
    await draw(page, digits[7]);
    await settled(page);
    const sentence = page.locator('.transport .sentence');
    assert.equal(await textOf(sentence), english.operations.remark.table);
    await button(page, english.second.begin).click();
    const frame = await until('the second stage', () => page.frames().find((one) => one !== page.mainFrame() && /embed=second/.test(one.url())), Boolean);
    await ready(frame);
    await settled(page);
    assert.equal(await frame.evaluate(() => document.documentElement.lang), 'en');
    const before = await stateOf(page);
    const passes = () => page.evaluate(() => window.layerscope.passes());
    const run = await passes();
    await language(page).selectOption('zh');
    await until('Chinese', () => textOf(sentence), (text) => text === zh.operations.remark.table);
    assert.equal(await page.title(), zh.stage.document);
    assert.deepEqual({ ...await stateOf(page), lang: undefined }, { ...before, lang: undefined });
    assert.equal(await passes(), run);
    await button(page, zh.ablation.made.undo).waitFor();
    // The second stage follows.
    await until('the second stage in Chinese', () => frame.evaluate(() => document.documentElement.lang), (lang) => lang === 'zh');
    await button(page, zh.second.close).click();
    // The links to other pages and the address follow, too.
    await until('the link', () => new URL(page.url()).searchParams.get('lang'), (lang) => lang === 'zh');
    const learn = page.getByRole('link', { name: zh.stage.learn, exact: true });
    assert.equal(new URL(await learn.getAttribute('href'), base).search, '?lang=zh');
    // Without a language in the link, the remembered one is used. A language in the link takes precedence.
    await page.goto(`${base}?net=lenet5&engine=cpu&layer=C3`);
    await ready(page);
    await until('Chinese again', () => textOf(sentence), (text) => text === zh.operations.remark.table);
    await page.goto(`${base}?net=lenet5&engine=cpu&layer=C3&lang=en`);
    await ready(page);
    await until('English', () => textOf(sentence), (text) => text === english.operations.remark.table);
    await button(page, english.stage.steps.next).click();
    await until('English in the link', () => new URL(page.url()).searchParams, (link) => link.get('lang') === 'en' && link.get('layer') === 'S4');
    assertNoErrors(page);
    await page.context().close();
  });

  test('errors are in Chinese', async () => {
    const [errors, stage, photo, supply] = await Promise.all(['errors', 'stage', 'photo', 'supply'].map((part) => words('zh', part)));
    const notice = (page) => page.locator('header ~ .notice p');
    for (const [query, said] of [
      ['net=lenet6', pattern(errors.net.unknown_network, { name: 'lenet6' })],
      ['net=lenet5&layer=C9', pattern(errors.net.unknown_layer, { network: 'lenet5', name: 'C9' })],
      ['net=lenet5&cut=C1:9', pattern(errors.net.cut, { text: 'C1:9', reason: fill(errors.ablation.map, { layer: 'C1', last: 5 }) })],
      ['net=lenet5&unfolded=x', pattern(stage.no_block, { network: 'lenet5', name: 'x' })],
      ['net=lenet5&weights=none', pattern(supply.unknown_wish, { name: 'none' })],
      ['net=resnet20-cifar&photo=dog', pattern(errors.photo.no_sample, { name: '"dog"' })],
    ]) {
      const page = await chinese(query);
      await until(query, () => textOf(notice(page)), (text) => said.test(text));
      await page.context().close();
    }
    // Files: one that is no picture, and a checkpoint of another network.
    const page = await chinese('net=resnet20-cifar&photo=cat');
    await page.getByLabel(photo.file, { exact: true }).setInputFiles({ name: 'note.txt', mimeType: 'text/plain', buffer: Buffer.from('no picture') });
    await until('no picture', () => textOf(notice(page)), (seen) => seen === fill(errors.input.not_an_image, { name: 'note.txt' }));
    await unfold(page);
    await page.locator('.supply-file input').setInputFiles(join(root, 'tests', 'checkpoints', 'files', 'lenet5-modern.safetensors'));
    const trouble = page.locator('.supply-trouble');
    const missing = pattern(errors.weights.of_other, { network: 'resnet20-cifar', other: 'lenet5-modern', faults: pattern(errors.misfit.missing + '{{ rest }}', { name: 'bn1.bias' }) });
    const unfit = pattern(supply.state.failed, { reason: missing });
    await until('another network', () => textOf(trouble), (text) => unfit.test(text));
    // The message changes to the chosen language.
    await language(page).selectOption('en');
    await until('English', () => textOf(trouble), (seen) => /^These weights were not loaded: these weights are those of lenet5-modern, and do not fit resnet20-cifar: bn1\.bias is missing/.test(seen));
    await page.context().close();
  });

  test('errors on /compare and in a lesson are in Chinese', async () => {
    const [errors, learn, compare] = await Promise.all(['errors', 'learn', 'compare'].map((part) => words('zh', part)));
    const page = await newPage(browser, { locale: 'zh-CN' });
    await page.goto(`${base}compare?net=vgg16,resnet50`);
    const notice = page.locator('main [role="alert"]');
    await page.locator('main input[type="file"]').setInputFiles({ name: 'note.pth', mimeType: 'application/octet-stream', buffer: Buffer.from('no checkpoint') });
    const unusable = fill(compare.notice.unusable, { file: 'note.pth', reason: fill(errors.weights.checkpoint, { reason: errors.other.unknown }) });
    await until('no checkpoint', () => textOf(notice), (text) => text === unusable);
    await page.route(/cifar10-test-300\.bin/, (route) => route.abort());
    await page.goto(`${base}learn/pooling`);
    const missing = pattern(learn.failed, { reason: pattern(errors.lesson.missing, { file: 'pictures' }) });
    await until('no pictures', () => textOf(notice), (text) => missing.test(text));
    await page.context().close();
  });

  test('/bench in Chinese: its texts, its measurements, and its link', async () => {
    const [bench, foreign] = await Promise.all([words('zh', 'bench'), finder('lenet5-modern')]);
    const page = await newPage(browser, { locale: 'zh-CN' });
    await page.goto(`${base}bench?net=lenet5-modern&engine=cpu&passes=3`);
    await page.getByRole('heading', { name: bench.heading }).waitFor();
    assert.equal(await page.title(), bench.document);
    await button(page, bench.start).click();
    await page.getByRole('region', { name: bench.times.title, exact: true }).getByRole('rowheader', { name: 'lenet5-modern' }).waitFor();
    await button(page, bench.start).waitFor();
    for (const details of await page.locator('main details').all()) await details.locator('summary').click();
    // Networks have the names that scripts use, and kernels have their own names.
    const names = /\((lenet5|alexnet|vgg|googlenet|resnet|plain)[\w-]*\)$|_/;
    assert.deepEqual((await foreign(page)).filter((found) => !names.test(found)), []);
    assert.deepEqual(await accessibility(page), []);
    await screenshot(page, 'bench-zh');
    await language(page).selectOption('en');
    await page.getByRole('heading', { name: 'How long a pass takes here' }).waitFor();
    await page.getByText('Where the time goes').waitFor();
    await button(page, 'Time them').click();
    await page.waitForURL(/lang=en/);
    assertNoErrors(page);
    await page.context().close();
  });
});
