// Times our page, onnxruntime-web and TensorFlow.js in the same headless Chromium and prints one table: WebGPU against
// WebGPU, WebAssembly against WebAssembly. BENCHMARKS.md says how to run it and what is measured.

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

/** Scores may differ by this part of their standard deviation: the tolerance of the GPU engine. */
const TOLERANCE = 1e-3;

const HELP = `node bench/compare.mjs --models FOLDER [OPTION...]

  --models FOLDER    the models and scores that bench/export.py wrote
  --networks A,B     of ${NETWORKS.join(', ')}
  --peers A,B        of ${CONTENDERS.join(', ')}
  --backends A,B     of ${BACKENDS.join(', ')}
  --passes N         passes that are timed on each, and a second's worth at least (20)
  --warm-up N        passes before the clock, and a second's worth at least (3)
  --seconds N        no further pass begins after so long, warming up and again being timed (30)
  --limit N          seconds after which a contender is given up (900)
  --dist FOLDER      our built page (dist)
  --cli FILE         our command line, which gives the tables of layers (LAYERSCOPE_BIN, or target/release/layerscope)
  --json FILE        writes the result as JSON
`;

/** What is wrong with the call, in a sentence. */
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

/** Says what is missing, and how to get it. */
async function check({ contenders, models, networks, dist, cli }) {
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

/** One contender on one network, in a browser of its own. */
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

/** How far scores are from PyTorch's, in standard deviations of these; Infinity where they are not of one length. */
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

/** All contenders on all networks, and how far each one's scores are from PyTorch's. */
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
          // Written so that NaN does not pass.
          Object.assign(result, times, { difference, wrong: !(difference <= TOLERANCE) });
        } catch (error) {
          result.error = error.message;
        }
        results.push(result);
        process.stderr.write(`${network}, ${contender}, ${backend}: ${said(result)}\n`);
      }
    }
  }
  return results;
}

/** A result in a line. */
function said({ error, median, passes, wrong, difference }) {
  if (error) return `failed: ${error}`;
  const off = wrong ? `; WRONG: its scores are ${difference.toFixed(3)} standard deviations from PyTorch's` : '';
  return `${median.toFixed(2)} ms, median of ${passes}${off}`;
}

/** The adapter that pages are given, as the browser names it. */
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
  await check(chosen);
  const site = await serve(chosen);
  try {
    const machine = await describeMachine(site.base);
    const results = await compare(chosen, site.base);
    const report = { machine, timing: chosen.timing, results };
    if (chosen.json) await writeFile(chosen.json, `${JSON.stringify(report, null, 2)}\n`);
    process.stdout.write(markdown(report));
    // What others get wrong is no fault of ours; it is marked in the table.
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
