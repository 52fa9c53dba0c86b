// Checkpoints as people keep them, dropped on the page: what opens says how it was read, what does not says what to do.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { assertNoErrors, browsers, drop, launch, open, root, until } from './harness.mjs';

const FILES = join(root, 'tests', 'checkpoints', 'files');

const label = (page) => page.locator('.supply-label').innerText();
const trouble = (page) => page.locator('.supply-trouble').innerText();

/** Returns the row "Read" of the facts about the weights, or nothing if there is none. */
const read = (page) => page.locator('.supply .facts').evaluate((facts) => {
  const row = [...facts.querySelectorAll('dt')].find((term) => term.textContent === 'Read');
  return row?.nextElementSibling.textContent ?? '';
});

for (const { webgpu, name: title } of browsers) {
  describe(`kept checkpoints ${title}`, () => {
    let browser;
    before(async () => { browser = await launch({ webgpu }); });
    after(() => browser?.close());

    test('what opens is said', async () => {
      const page = await open(browser, '?net=lenet5-modern');
      await page.locator('.supply summary').first().click();
      for (const [name, said] of [
        ['lenet5-modern.pth', ''],
        ['lenet5-modern-legacy.pth', ''],
        ['lenet5-modern.safetensors', ''],
        ['lenet5-modern-f16.pth', ''],
        ['lenet5-modern-f16.safetensors', ''],
        ['lenet5-modern-bf16-legacy.pth', ''],
        ['kept-lenet5-module.pth', 'The file holds a whole module of the class __main__.LeNet5Modern: its tensors were read, and its code was not run.'],
        ['kept-lenet5-training.pth', 'The tensors are those at state_dict. There are others of the same names at state_dict_ema. The prefix module. is left out of the names.'],
      ]) {
        await drop(page, name, await readFile(join(FILES, name)));
        await until(name, () => label(page), (seen) => seen === name);
        await until(`how ${name} was read`, () => read(page), (seen) => seen === said);
      }
      assertNoErrors(page);
      await page.context().close();
    });

    test('what does not open says what it is and what to do, and the weights stay', async () => {
      const page = await open(browser, '?net=lenet5-modern');
      const before = await label(page);
      for (const [name, bytes, said] of [
        ['model.h5', '\x89HDF\r\n\x1a\n and so on', /it is an HDF5 file, as Keras writes it; .*torch\.save\(/],
        ['model.onnx', '\x08\x08\x12\x07pytorch', /it is an ONNX model; in Python, write torch\.save\(/],
        ['model.gguf', 'GGUF\x03\0\0\0', /it is a GGUF file/],
        ['resnet18.pth', '<!DOCTYPE html><html><body>Virus scan warning</body></html>', /it is a page of the web instead of the file/],
        ['model.safetensors', 'version https://git-lfs.github.com/spec/v1\n', /it is the pointer of Git LFS/],
        ['model.pth', '', /it is empty/],
      ]) {
        await drop(page, name, Buffer.from(bytes, 'latin1'));
        await until(name, () => trouble(page), (seen) => said.test(seen));
        assert.equal(await label(page), before);
      }
      assertNoErrors(page);
      await page.context().close();
    });
  });
}
