// Helpers of the language tests: the texts of the locale files, and a search for words that belong to no language.

import { execFile } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { program, root } from './harness.mjs';

const folder = (language) => join(root, 'crates', 'words', 'locales', language);

/** Returns the texts of one part of a page. */
export const words = async (language, part) => JSON.parse(await readFile(join(folder(language), `${part}.json`), 'utf8'));

/** Returns a text with its placeholders filled in. */
export const fill = (text, values) => text.replaceAll(/\{\{ (\w+) \}\}/g, (_, name) => String(values[name]));

/** Returns a pattern for a text. Placeholders without a value match anything. */
export const pattern = (text, values = {}) => new RegExp(`^${text.split(/\{\{ (\w+) \}\}/).map((part, at) => {
  const fixed = at % 2 === 0 ? part : values[part];
  return fixed instanceof RegExp ? fixed.source.slice(1, -1) : fixed === undefined ? '.*' : String(fixed).replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}).join('')}$`, 's');

const texts = (value) => (typeof value === 'string' ? [value] : Object.values(value).flatMap(texts));
const latin = (text) => text.match(/[A-Za-z][A-Za-z'’]+/g) ?? [];

/** Returns all Latin words in the texts of a language. In Chinese texts, these are names and formulas. */
async function vocabulary(language) {
  const files = (await readdir(folder(language))).filter((name) => name.endsWith('.json'));
  const parts = await Promise.all(files.map((name) => words(language, name.slice(0, -'.json'.length))));
  return latin(parts.flatMap(texts).join('\n').replaceAll(/\{\{.*?\}\}|<.*?>/g, ' '));
}

/** Words that are the same in every language: sample photos and their authors, units, values of options. */
const NAMES = 'cat coffee astronaut rocket galaxies Stefan van der Walt Rachel Michetti Pikolo Espresso Bar SpaceX ESA public domain CC0 '
  + 'max Plain kB MB GB ms GFLOP cpu gpu bundled seed test torch https English camera';

/** Returns the names of a network, its layers and its blocks, and the parts of these names. */
async function namesOf(network) {
  const { stdout } = await promisify(execFile)(program, ['summary', network, '--format', 'json'], { maxBuffer: 1 << 26 });
  const { title, layers } = JSON.parse(stdout);
  return latin([title, network, ...layers.flatMap(({ name, block }) => [name, block ?? ''])].join(' '));
}

/** Returns a function that finds the Latin words on a Chinese page, visible or accessible, that are no names. */
export async function finder(...networks) {
  const names = await Promise.all(networks.map(namesOf));
  const known = new Set([...await vocabulary('zh'), ...latin(NAMES), ...names.flat()]);
  return async (page) => {
    const shown = await page.evaluate(() => {
      const own = document.documentElement.lang;
      const other = (element) => element.closest('[lang]').lang !== own || element.closest('pre, script, style, noscript') !== null;
      const out = [];
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const { parentElement, data } = walker.currentNode;
        if (data.trim() && !other(parentElement) && parentElement.checkVisibility()) out.push(data);
      }
      const spoken = ['aria-label', 'title', 'placeholder', 'alt', 'aria-valuetext', 'aria-description'];
      for (const element of document.querySelectorAll(spoken.map((name) => `[${name}]`).join())) {
        if (!other(element)) out.push(...spoken.map((name) => element.getAttribute(name) ?? ''));
      }
      return out;
    });
    const found = shown.flatMap((text) => latin(text).filter((word) => !known.has(word)).map((word) => `${word} (${text.trim()})`));
    return [...new Set(found)];
  };
}
