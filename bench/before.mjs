// Times passes of this build's page beside those of another build's page, in the same headless Chromium, and prints the
// ratios. `cargo xtask bench --before FOLDER` calls it.

import { access, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { launch, root } from '../tests/e2e/harness.mjs';
import { serve } from './server.mjs';

const HELP = `node bench/before.mjs --before FOLDER [OPTION...]

  --before FOLDER    the built page of the other build: its dist
  --dist FOLDER      our built page (dist)
  --networks A,B     networks by name (all)
  --engines A,B      some of cpu, gpu (cpu)
  --rounds N         rounds; each times both pages, in turns (5)
  --passes N         timed passes of a page in a round, at most (10)
  --seconds N        time after which no further pass of a round starts (3)
  --above N          networks with a ratio above N are marked (1.03)
  --json FILE        writes the times as JSON
`;

const { values } = parseArgs({
  options: Object.fromEntries([
    ...['before', 'dist', 'networks', 'engines', 'rounds', 'passes', 'seconds', 'above', 'json']
      .map((name) => [name, { type: 'string' }]),
    ['help', { type: 'boolean' }],
  ]),
});

const number = (name, otherwise) => {
  const value = Number(values[name] ?? otherwise);
  if (!(value > 0)) throw new Error(`--${name} takes a number above 0, not ${values[name]}`);
  return value;
};

/** Opens a built page whose scripts can time networks. */
async function opened(browser, dist) {
  await access(join(dist, 'index.html')).catch(() => {
    throw new Error(`${dist} has no index.html; name the dist folder of a built page`);
  });
  const server = await serve({ dist, models: dist });
  const page = await browser.newPage();
  page.setDefaultTimeout(0);
  await page.goto(server.base);
  await page.waitForFunction(() => window.layerscope?.ready);
  await page.evaluate(() => window.layerscope.ready);
  const time = (network, engine, passes, seconds) => page.evaluate(
    async (plan) => {
      const { rows, failures } = await window.layerscope.bench(plan);
      return rows[0]?.median_ms ?? failures?.[0]?.reason ?? 'it gave no time';
    },
    { networks: [network], engines: [engine], passes, seconds },
  );
  const names = () => page.evaluate(() => window.layerscope.networks().map(({ name }) => name));
  return { time, names, close: server.close };
}

async function main() {
  if (values.help) return console.log(HELP);
  if (!values.before) throw new Error('--before FOLDER is missing: name the dist folder of another build');
  const [rounds, passes, seconds, above] = [number('rounds', 5), number('passes', 10), number('seconds', 3), number('above', 1.03)];
  const engines = values.engines?.split(',') ?? ['cpu'];
  const browser = await launch({});
  const [before, now] = [await opened(browser, resolve(values.before)), await opened(browser, resolve(values.dist ?? join(root, 'dist')))];
  const networks = values.networks?.split(',') ?? await now.names();
  const results = [];
  console.log('| network | engine | before, ms | now, ms | ratio |\n| --- | --- | ---: | ---: | ---: |');
  for (const network of networks) {
    for (const engine of engines) {
      const times = { before: [], now: [] };
      let problem;
      for (let round = 0; round < rounds && !problem; round += 1) {
        // Every second round begins with the other page, so that neither always has the warmer machine.
        const order = round % 2 ? ['now', 'before'] : ['before', 'now'];
        for (const which of order) {
          const time = await (which === 'now' ? now : before).time(network, engine, passes, seconds);
          if (typeof time === 'number') times[which].push(time);
          else problem = `${which}: ${time}`;
        }
      }
      // The least of the medians of the rounds: what disturbs a round makes it longer, never shorter.
      const [old, own] = [Math.min(...times.before), Math.min(...times.now)];
      const ratio = own / old;
      results.push({ network, engine, ...times, ratio, problem });
      console.log(problem
        ? `| ${network} | ${engine} | ${problem} | | |`
        : `| ${network} | ${engine} | ${old.toFixed(2)} | ${own.toFixed(2)} | ${ratio.toFixed(3)}${ratio > above ? ' †' : ''} |`);
    }
  }
  const ratios = results.filter(({ problem }) => !problem).map(({ ratio }) => ratio);
  if (ratios.length) console.log(`\nGeometric mean ${Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length).toFixed(3)}, `
    + `greatest ${Math.max(...ratios).toFixed(3)} († above ${above}).`);
  if (values.json) {
    await writeFile(values.json, JSON.stringify({ rounds, passes, seconds, results }, null, 2));
  }
  await browser.close();
  [before, now].forEach(({ close }) => close());
}

await main().catch((error) => {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
});
