// A stylelint rule: a class belongs to one sheet. The home of a class is the sheet that styles it by itself. Every
// selector has to name a class of its own sheet, so that other features change a class only inside their own context.
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import postcss from 'postcss';
import parser from 'postcss-selector-parser';
import stylelint from 'stylelint';

const NAME = 'layerscope/one-home';
const FOLDER = 'static';
const messages = stylelint.utils.ruleMessages(NAME, {
  twice: (name, files) => `${name} is styled by itself in several sheets: ${files}`,
  foreign: (selector, home) => `${selector} names no class of this sheet: it belongs in ${home}`,
});

/** The classes, ids and attributes `data-...` that a selector names: what may have a home. */
function names(selector) {
  const found = new Set();
  parser((root) => root.walk((node) => {
    if (node.type === 'class') found.add(`.${node.value}`);
    if (node.type === 'id') found.add(`#${node.value}`);
    // `data-theme` is the page's, not a feature's.
    if (node.type === 'attribute' && node.attribute.startsWith('data-') && node.attribute !== 'data-theme') {
      found.add(`[${node.attribute}]`);
    }
  })).processSync(selector);
  return [...found];
}

function eachSelector(root, act) {
  root.walkRules((rule) => {
    if (rule.parent.name !== 'keyframes') rule.selectors.forEach((selector) => act(selector, rule));
  });
}

/** Each name that stands alone in a selector, with the sheets where it does. */
function findHomes() {
  const homes = new Map();
  const files = readdirSync(FOLDER, { recursive: true }).filter((file) => file.endsWith('.css'));
  for (const file of files.map((file) => join(FOLDER, file))) {
    eachSelector(postcss.parse(readFileSync(file, 'utf8')), (selector) => {
      const named = names(selector);
      if (named.length === 1) homes.set(named[0], (homes.get(named[0]) ?? new Set()).add(file));
    });
  }
  return homes;
}

let homes;
const rule = (enabled) => (root, result) => {
  if (!enabled) return;
  homes ??= findHomes();
  const file = relative('.', root.source.input.file);
  eachSelector(root, (selector, node) => {
    const report = (message) => stylelint.utils.report({ ruleName: NAME, result, node, message, word: selector });
    const named = names(selector);
    const sheets = named.map((name) => homes.get(name));
    if (named.length === 1 && sheets[0].size > 1) report(messages.twice(named[0], [...sheets[0]].join(', ')));
    if (named.length > 1 && sheets.every((at) => at && !at.has(file))) {
      report(messages.foreign(selector, [...sheets[0]].join(', ')));
    }
  });
};
rule.ruleName = NAME;
rule.messages = messages;

export default stylelint.createPlugin(NAME, rule);
