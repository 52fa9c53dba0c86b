// The page /learn: its list, its languages, and the links between lessons, to the stage and back.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertNoErrors, base, launch, newPage, until } from './harness.mjs';
import { words } from './languages.mjs';
import { assertGood, openLesson, slide, slider } from './lesson.mjs';

const slugs = ['convolution', 'relu', 'pooling', 'normalisation', 'dropout', 'small-kernels', 'parameters', 'inception', 'one-by-one', 'average-pooling', 'side-classifiers', 'shortcut', 'residual-blocks', 'halving'];
const part = (slug) => slug.replaceAll('-', '_');
const heading = (page) => page.getByRole('heading', { level: 1 });
const language = (page) => page.locator('header select');

describe('lessons', () => {
  let browser;
  before(async () => { browser = await launch({ webgpu: false }); });
  after(() => browser?.close());

  test('the list links to every lesson, and each lesson to the next and back', async () => {
    const page = await newPage(browser, { locale: 'en-US' });
    await page.goto(`${base}learn`);
    const links = page.locator('ol.lessons a');
    await links.first().waitFor();
    assert.deepEqual(await links.evaluateAll((all) => all.map((link) => new URL(link.href).pathname)), slugs.map((slug) => `/learn/${slug}`));
    await assertGood(page);
    await links.first().click();
    for (const [place, slug] of slugs.entries()) {
      const { title } = await words('en', part(slug));
      await until(`lesson ${slug}`, () => heading(page).innerText(), (text) => text === title);
      assert.equal(new URL(page.url()).pathname, `/learn/${slug}`);
      assert.equal(await page.title(), `${title} · Layerscope`);
      const next = page.locator('a[rel="next"]');
      if (place + 1 < slugs.length) await next.click();
      else assert.equal(await next.count(), 0);
    }
    await page.goBack();
    const { title } = await words('en', part(slugs.at(-2)));
    await until('the lesson before', () => heading(page).innerText(), (text) => text === title);
    await page.locator('a[rel="prev"]').click();
    await until('the one before that', () => new URL(page.url()).pathname, (path) => path === `/learn/${slugs.at(-3)}`);
    assertNoErrors(page);
    await page.context().close();
  });

  for (const slug of slugs) {
    test(`${slug}: in both languages, wide and narrow, light and dark, without errors`, async () => {
      const looks = [
        { locale: 'en-US', viewport: { width: 1440, height: 900 }, colorScheme: 'light' },
        { locale: 'zh-CN', viewport: { width: 390, height: 844 }, colorScheme: 'dark', hasTouch: true },
      ];
      for (const look of looks) {
        const page = await openLesson(browser, slug, '', look);
        const said = look.locale.slice(0, 2);
        const { title, lead } = await words(said, part(slug));
        await until('its title', () => heading(page).innerText(), (text) => text === title);
        assert.ok((await page.locator('.lesson-head').innerText()).includes(lead));
        assert.equal(await page.evaluate(() => document.documentElement.lang), said);
        // Computed values arrive, or an error is shown.
        await until('maps', () => page.locator('main [role="alert"]').count(), (count) => count === 0);
        if (said === 'zh') {
          const text = await page.locator('.lesson-body').innerText();
          const english = text.match(/\b(?:the|and|with|which|this|that|are|was)\b/gi) ?? [];
          assert.deepEqual(english.filter((word) => word !== 'and'), [], text);
        }
        await assertGood(page);
        await page.context().close();
      }
    });
  }

  test('the chosen language is remembered, and is part of the link', async () => {
    const page = await openLesson(browser, 'pooling');
    const { title } = await words('zh', 'pooling');
    await language(page).selectOption('zh');
    await until('Chinese', () => heading(page).innerText(), (text) => text === title);
    await until('the link', () => new URL(page.url()).searchParams.get('lang'), (lang) => lang === 'zh');
    await page.locator('a[rel="next"]').click();
    const next = await words('zh', 'normalisation');
    await until('the next one in Chinese', () => heading(page).innerText(), (text) => text === next.title);
    // Without a language in the link, the remembered one is used.
    await page.goto(`${base}learn/pooling`);
    await until('Chinese again', () => heading(page).innerText(), (text) => text === title);
    // A language in the link takes precedence.
    await page.goto(`${base}learn/pooling?lang=en`);
    const english = await words('en', 'pooling');
    await until('English', () => heading(page).innerText(), (text) => text === english.title);
    assertNoErrors(page);
    await page.context().close();
  });

  test('controls are part of the link, and a link sets them', async () => {
    const page = await openLesson(browser, 'pooling');
    await slide(page, 'Window', 5);
    await until('the link', () => new URL(page.url()).searchParams.get('window'), (window) => window === '5');
    await page.reload();
    await until('the slider', () => slider(page, 'Window').inputValue(), (value) => value === '5');
    await page.goto(`${base}learn/pooling?window=1000&stride=nonsense`);
    await until('within its ends', () => slider(page, 'Window').inputValue(), (value) => value === '6');
    assert.equal(await slider(page, 'Stride').inputValue(), '2');
    assertNoErrors(page);
    await page.context().close();
  });

  test('an unknown lesson is reported, with a list of the known ones', async () => {
    const page = await newPage(browser, { locale: 'en-US' });
    await page.goto(`${base}learn/perceptron`);
    await page.locator('main').getByRole('alert').waitFor();
    assert.match(await page.locator('main').getByRole('alert').innerText(), /perceptron/);
    assert.equal(await page.locator('ol.lessons a').count(), slugs.length);
    await page.context().close();
  });

  test('each lesson links to its layer on the stage, and the stage links back', async () => {
    for (const slug of ['pooling', 'convolution', 'shortcut', 'side-classifiers']) {
      const page = await openLesson(browser, slug);
      const { on_stage: name } = await words('en', 'learn');
      const link = page.getByRole('link', { name, exact: true });
      const asked = new URL(await link.getAttribute('href'), base).searchParams;
      await link.click();
      await page.waitForFunction(() => window.layerscope?.ready);
      await page.evaluate(() => window.layerscope.ready);
      const state = await page.evaluate(() => window.layerscope.state());
      assert.equal(state.network ?? asked.get('net'), asked.get('net'));
      const back = page.getByRole('complementary', { name: 'Inspector' }).locator(`a[href="/learn/${slug}"]`);
      await back.click();
      const { title } = await words('en', part(slug));
      await until('the lesson again', () => heading(page).innerText(), (text) => text === title);
      await page.context().close();
    }
  });
});
