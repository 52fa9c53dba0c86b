// Stepping through the network, by keyboard and by button.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertNoErrors, browsers, button, digits, draw, launch, open, until } from './harness.mjs';

const stateOf = (page) => page.evaluate(() => window.layerscope.state());

/** Goes to the first step. At the first step the button is disabled, so go to the last step first. */
async function first(page) {
  await button(page, 'Last step').click();
  await button(page, 'First step').click();
  await until('first step', () => button(page, 'Previous step').isDisabled(), Boolean);
}

for (const { webgpu, name } of browsers) {
  describe(`steps ${name}`, () => {
    let browser;
    before(async () => { browser = await launch({ webgpu }); });
    after(() => browser?.close());

    test('the arrow keys lead from the first step to the last, and back', async () => {
      const page = await open(browser);
      await draw(page, digits[7]);
      await first(page);
      // The pressed button is disabled now. Keys must work nevertheless.
      const steps = [(await stateOf(page)).step];
      // LeNet-5 has eight nodes with its input, so twenty key presses reach the last step.
      for (let i = 0; i < 20 && await button(page, 'Next step').isEnabled(); i += 1) {
        await page.keyboard.press('ArrowRight');
        steps.push(await until('another step', async () => (await stateOf(page)).step, (step) => step !== steps.at(-1)));
      }
      assert.ok(await button(page, 'Last step').isDisabled(), `steps: ${steps}`);
      assert.ok(steps.length >= 8, `steps: ${steps}`);
      assert.equal(new Set(steps).size, steps.length, `steps: ${steps}`);
      await page.keyboard.press('ArrowLeft');
      await until('one back', async () => (await stateOf(page)).step, (step) => step === steps.at(-2));
      assertNoErrors(page);
      await page.context().close();
    });

    test('first, previous, next and last lead to their steps', async () => {
      const page = await open(browser);
      const step = async () => (await stateOf(page)).step;
      await button(page, 'Last step').click();
      const last = await until('the last step', step, (at) => at > 0);
      assert.ok(await button(page, 'Next step').isDisabled());
      await button(page, 'Previous step').click();
      await until('one back', step, (at) => at === last - 1);
      await button(page, 'Next step').click();
      await until('one on', step, (at) => at === last);
      await button(page, 'First step').click();
      await until('the first step', step, (at) => at < last);
      assert.ok(await button(page, 'Previous step').isDisabled());
      await page.context().close();
    });

    test('play advances by itself', async () => {
      const page = await open(browser);
      await first(page);
      const { step } = await stateOf(page);
      await button(page, 'Play').click();
      await until('a later step', async () => (await stateOf(page)).step, (at) => at > step);
      await page.context().close();
    });
  });
}
