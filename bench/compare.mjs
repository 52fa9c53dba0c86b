// Times Layerscope, onnxruntime-web and TensorFlow.js in the same headless Chromium and prints one table: WebGPU
// against WebGPU, WebAssembly against WebAssembly. BENCHMARKS.md describes how to run it and what is measured.

import { execFileSync } from 'node:child_process';
import { access, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { launch, root } from '../tests/e2e/harness.mjs';
import { describe } from './machine.mjs';
import { serve } from './server.mjs';
import { markdown } from './table.mjs';

const NETWORKS = ['lenet5-modern', 'alexnet-torchvision', 'googlenet-torchvision', 'resnet18', 'resnet50', 'vgg16'];
const CONTENDERS = ['layerscope', 'onnxruntime', 'tfjs'];
const BACKENDS = ['webgpu', 'wasm'];

/** Tolerance of the scores, in standard deviations of the reference: that of the GPU engine. */
const TOLERANCE = 1e-3;

const HELP = `node bench/compare.mjs --models FOLDER [OPTION...]

  --models FOLDER    folder of the models and scores written by bench/export.py
  --networks A,B     some of ${NETWORKS.join(', ')}
  --peers A,B        some of ${CONTENDERS.join(', ')}
  --backends A,B     some of ${BACKENDS.join(', ')}
  --passes N         timed passes of each contender; they continue for at least one second (20)
  --warm-up N        passes before timing starts; they continue for at least one second (3)
  --seconds N        time after which no further pass starts, for warm-up and timing each (30)
  --limit N          seconds after which a contender is stopped (900)
  --dist FOLDER      our built page (dist)
  --cli FILE         our command line, for the tables of layers (LAYERSCOPE_BIN, or target/release/layerscope)
  --json FILE        writes the result as JSON
`;

/** A wrong call of the script; the message is a sentence. */
class Usage extends Error {}

function options() {
  const text = { type: 'string' };
  const { values } = parseArgs({
    options: {
      models: text, networks: text, peers: text, backends: text, passes: text, 'warm-up': text, seconds: text, limit: text,
      dist: text, cli: text, json: text, help: { type: 'boolean' },
    },
  });
  if (!values.help && !values.models) throw new Usage('--models FOLDER is missing: write the models with bench/export.py');
  const list = (name, all) => {
    const chosen = values[name]?.split(',') ?? all;
    const unknown = chosen.filter((one) => !all.includes(one));
    if (unknown.length) throw new Usage(`--${name} has no ${unknown.join(', ')}; there is ${all.join(', ')}`);
    return chosen;
  };
  const number = (name, otherwise) => {
    const value = Number(values[name] ?? otherwise);
    if (!(value > 0)) throw new Usage(`--${name} takes a number above 0, not ${values[name]}`);
    return value;
  };
  return {
    help: values.help,
    json: values.json,
    models: resolve(values.models ?? ''),
    networks: list('networks', NETWORKS),
    contenders: list('peers', CONTENDERS),
    backends: list('backends', BACKENDS),
    timing: { passes: number('passes', 20), warmUp: number('warm-up', 3), seconds: number('seconds', 30) },
    limit: number('limit', 900),
    dist: resolve(values.dist ?? join(root, 'dist')),
    cli: resolve(values.cli ?? process.env.LAYERSCOPE_BIN ?? join(root, 'target/release/layerscope')),
  };
}

/** Throws an error that names a missing file and how to get it. */
async function checkFiles({ contenders, models, networks, dist, cli }) {
  const there = (path) => access(path).then(() => true, () => false);
  const needs = [[cli, 'build it with `cargo build --release`, or name it with --cli']];
  if (contenders.includes('layerscope')) needs.push([join(dist, 'index.html'), 'build the page with `cargo xtask serve`']);
  if (contenders.some((name) => name !== 'layerscope')) {
    needs.push([join(root, 'bench/node_modules/onnxruntime-web'), 'run `npm ci` in bench/']);
  }
  for (const network of networks) needs.push([join(models, `${network}.onnx`), 'write it with bench/export.py']);
  for (const [path, advice] of needs) {
    if (!await there(path)) throw new Usage(`${path} is missing: ${advice}`);
  }
}

/** Measures one contender on one network in a separate browser. */
async function run({ base, network, contender, backend, summary, timing, limit }) {
  const browser = await launch({ webgpu: backend === 'webgpu' });
  try {
    const page = await browser.newPage({ viewport: { width: 390, height: 400 } });
    const ours = contender === 'layerscope';
    const complaints = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(ours ? base : `${base}-/`);
    if (ours) {
      await page.waitForFunction(() => window.layerscope, null, { timeout: 1000 * limit });
      await page.evaluate(() => window.layerscope.ready);
    }
    const late = new Promise((_, reject) => {
      setTimeout(() => reject(new Error(`not done after ${limit} s`)), 1000 * limit).unref();
    });
    const measured = page.evaluate(async ([name, task]) => {
      const { measure } = await import('/-/peers/measure.mjs');
      return measure(name, task);
    }, [contender, { network, backend, summary, ...timing }]);
    measured.catch(() => {});
    return await Promise.race([measured, late]).catch((error) => {
      throw new Error([error.message, ...complaints].join('; '));
    });
  } finally {
    await browser.close();
  }
}

/**
 * Returns the largest difference of the scores from PyTorch's, in standard deviations of the latter; Infinity if the
 * lengths differ.
 */
function distance(scores, others) {
  if (scores.length !== others.length) return Infinity;
  const mean = others.reduce((a, b) => a + b) / others.length;
  const deviation = Math.sqrt(others.reduce((sum, value) => sum + (value - mean) ** 2, 0) / others.length);
  const worst = scores.reduce((most, value, i) => {
    const off = Math.abs(value - others[i]);
    return off <= most ? most : off;
  }, 0);
  return worst / deviation;
}

/** Measures all contenders on all networks, and compares their scores with PyTorch's. */
async function compare(chosen, base) {
  const results = [];
  for (const network of chosen.networks) {
    const table = execFileSync(chosen.cli, ['summary', network, '--format', 'json'], { maxBuffer: 2 ** 26 });
    const summary = JSON.parse(table);
    const reference = JSON.parse(await readFile(join(chosen.models, `${network}.json`), 'utf8'));
    for (const backend of chosen.backends) {
      for (const contender of chosen.contenders) {
        const which = { network, contender, backend };
        const result = { ...which };
        try {
          const { scores, ...times } = await run({ base, ...which, ...chosen, summary });
          const difference = distance(scores, reference.scores);
          // Written so that NaN counts as wrong.
          Object.assign(result, times, { difference, wrong: !(difference <= TOLERANCE) });
        } catch (error) {
          result.error = error.message;
        }
        results.push(result);
        process.stderr.write(`${network}, ${contender}, ${backend}: ${formatResult(result)}\n`);
      }
    }
  }
  return results;
}

/** Formats a result as one line. */
function formatResult({ error, median, passes, wrong, difference }) {
  if (error) return `failed: ${error}`;
  const off = wrong ? `; WRONG: its scores are ${difference.toFixed(3)} standard deviations from PyTorch's` : '';
  return `${median.toFixed(2)} ms, median of ${passes}${off}`;
}

/** Describes the machine, with the adapter that pages get by the name that the browser gives it. */
async function describeMachine(base) {
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await page.goto(`${base}-/`);
    return await describe(browser, await page.evaluate(async () => (await import('/-/peers/measure.mjs')).adapter()));
  } finally {
    await browser.close();
  }
}

async function main() {
  const chosen = options();
  if (chosen.help) {
    process.stdout.write(HELP);
    return;
  }
  await checkFiles(chosen);
  const site = await serve(chosen);
  try {
    const machine = await describeMachine(site.base);
    const results = await compare(chosen, site.base);
    const report = { machine, timing: chosen.timing, results };
    if (chosen.json) await writeFile(chosen.json, `${JSON.stringify(report, null, 2)}\n`);
    process.stdout.write(markdown(report));
    // Wrong results of other contenders are marked in the table. They do not fail the run.
    process.exitCode = results.some(({ error, wrong, contender }) => error || (wrong && contender === 'layerscope')) ? 1 : 0;
  } finally {
    site.close();
  }
}

try {
  await main();
} catch (error) {
  if (!(error instanceof Usage) && error.code !== 'ERR_PARSE_ARGS_UNKNOWN_OPTION') throw error;
  process.stderr.write(`bench: ${error.message}\n`);
  process.exitCode = 2;
}
