// The page on a classroom network: from another machine over plain http, where browsers offer no WebGPU, camera,
// clipboard, storage or service worker.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { answers, assertNoErrors, base, button, chooseEngine, digits, draw, launch, newPage, ready, settled, until } from './harness.mjs';
import { slide } from './lesson.mjs';

/** A name of this machine that browsers do not recognize as this machine. */
const NAME = 'classroom.test';
const plain = new URL(base);
plain.hostname = NAME;

describe('by plain http', () => {
  let browser;
  before(async () => { browser = await launch({ args: [`--host-resolver-rules=MAP ${NAME} 127.0.0.1`] }); });
  after(() => browser?.close());

  const visit = async (path) => {
    const page = await newPage(browser, { serviceWorkers: 'allow', locale: 'en-US' });
    await page.goto(new URL(path, plain).href);
    assert.equal(await page.evaluate(() => isSecureContext), false);
    return page;
  };
  const done = async (page) => {
    assertNoErrors(page);
    await page.context().close();
  };
  /** Returns the text that a paste inserts: the clipboard itself is not readable here. */
  const pasted = async (page) => {
    await page.evaluate(() => document.body.prepend(Object.assign(document.createElement('textarea'), { id: 'paste' })));
    await page.locator('#paste').focus();
    await page.keyboard.press('Control+v');
    const text = await page.locator('#paste').inputValue();
    await page.evaluate(() => document.getElementById('paste').remove());
    return text;
  };

  test('a digit is drawn and recognized, and missing features are reported', async () => {
    const page = await visit('?net=lenet5');
    await ready(page);
    await draw(page, digits[1]);
    await answers(page, '1');
    await chooseEngine(page, 'gpu');
    await page.getByText('WebGPU cannot be used: browsers provide WebGPU only to pages that come over https; open the page over https or from localhost, or choose the CPU engine. The CPU engine is used instead.').waitFor();
    await settled(page);
    assert.equal((await page.evaluate(() => window.layerscope.engine())).name, 'cpu');
    await done(page);
  });

  test('a photo is recognized with fetched weights, and the camera is refused with a reason', async () => {
    const page = await visit('?net=resnet20-cifar');
    await ready(page);
    await page.getByRole('button', { name: /coffee/ }).first().click();
    await until('the photo', () => page.evaluate(() => window.layerscope.state()), ({ photo }) => photo === 'coffee');
    await settled(page);
    await button(page, 'Camera').click();
    await page.getByText(/browsers provide a camera only to pages that come over https/).first().waitFor();
    await done(page);
  });

  test('the link, the frame and the measurements are copied', async () => {
    const page = await visit('?net=lenet5&digit=7&layer=S2&map=3');
    await ready(page);
    await settled(page);
    await page.getByText('Save and share').click();
    await button(page, 'Copy the link').focus();
    await page.keyboard.press('Enter');
    await page.getByText('The link was copied to the clipboard.').waitFor();
    // The keyboard focus stays where it was.
    assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Copy the link');
    const link = new URL(await pasted(page));
    assert.equal(link.origin, plain.origin);
    assert.deepEqual(['net', 'layer', 'map', 'digit'].map((name) => link.searchParams.get(name)), ['lenet5', 'S2', '3', '7']);
    await button(page, 'Copy a frame for another page').click();
    await page.getByText('The frame was copied to the clipboard: paste it into your page.').waitFor();
    assert.match(await pasted(page), /^<iframe src="http:\/\/classroom\.test[^"]*&amp;embed=" title="Layerscope" width="960" height="600"><\/iframe>$/);
    await page.goto(new URL('bench?net=lenet5&engine=cpu,gpu&passes=1', plain).href);
    await button(page, 'Time them').click();
    await page.getByText(/browsers provide WebGPU only to pages that come over https/).first().waitFor();
    await button(page, 'Time them').waitFor();
    await button(page, 'Copy JSON').click();
    await page.getByText('Copied.').waitFor();
    const copied = await pasted(page);
    assert.deepEqual(JSON.parse(copied).rows.map(({ network }) => network), ['lenet5']);
    await page.getByText('Show JSON').click();
    assert.equal(copied, await page.getByLabel('Result as JSON').textContent());
    await done(page);
  });

  test('lessons and the comparison work', async () => {
    const lesson = await visit('learn/small-kernels');
    await lesson.locator('.lesson h1').waitFor();
    await slide(lesson, 'Channels C', 8);
    await lesson.getByText('3,136').first().waitFor();
    await done(lesson);
    const compare = await visit('compare?net=lenet5,vgg16');
    await compare.getByText('138,357,544').first().waitFor();
    await done(compare);
  });
});
