// The machine and the versions of a comparison.

import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { cpus, release, totalmem, type } from 'node:os';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

const git = (...args) => {
  try {
    return execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
};

const packageVersion = async (name) =>
  JSON.parse(await readFile(new URL(`node_modules/${name}/package.json`, import.meta.url), 'utf8')).version;

/** Returns the current commit, with a mark if files have changed. */
function commit() {
  const name = git('rev-parse', '--short', 'HEAD');
  return name && name + (git('status', '--porcelain', '--untracked-files=no') ? ' with changes' : '');
}

/** Returns the machine, the browser, its adapter, and the versions of all contenders. */
export async function describe(browser, adapter) {
  const [cpu] = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    cpu: cpu.model.trim(),
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    browser: `Chromium ${browser.version()}`,
    adapter: adapter ?? 'none',
    versions: {
      layerscope: commit(),
      'onnxruntime-web': await packageVersion('onnxruntime-web'),
      '@tensorflow/tfjs': await packageVersion('@tensorflow/tfjs-core'),
    },
  };
}
