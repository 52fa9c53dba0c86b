// Times a contender in the page. All contenders share this loop.

/** Returns the given quantile of sorted values. */
const quantile = (sorted, part) => sorted[Math.round((sorted.length - 1) * part)];

/** The least duration of a series of passes: browsers recompile code that runs often, and clocks are coarse. */
const LEAST_MS = 1000;

/**
 * Runs passes one after the other. Each is timed from the call until its answer is in an array here.
 *
 * First, `warmUp` passes run without a clock, then `passes` passes are timed. Each series continues for at least one
 * second. After `seconds` seconds no further pass starts, but at least one runs.
 */
async function time(pass, own, { warmUp, passes, seconds }) {
  let answer;
  const several = async (count) => {
    const times = [];
    const owns = [];
    const begun = performance.now();
    let past;
    do {
      const start = performance.now();
      answer = await pass();
      const end = performance.now();
      times.push(end - start);
      owns.push(own?.());
      past = end - begun;
    } while (past < 1000 * seconds && (times.length < count || past < LEAST_MS));
    const sorted = (values) => values.sort((a, b) => a - b);
    return { first: times[0], times: sorted(times), owns: own && sorted(owns) };
  };
  const { first } = await several(warmUp);
  const { times, owns } = await several(passes);
  const [median, p10, p90] = [0.5, 0.1, 0.9].map((part) => quantile(times, part));
  return { answer, passes: times.length, first, median, p10, p90, own: owns && quantile(owns, 0.5) };
}

/**
 * Loads a network with one contender, times its passes, and returns the times in milliseconds and the scores.
 *
 * The pass of a contender returns the scores, or it has a function for them. Its optional function `own` returns the
 * milliseconds that the engine itself reports for the last pass.
 */
export async function measure(contender, task) {
  const { load } = await import(`./${contender}.mjs`);
  const start = performance.now();
  const { pass, own, scores } = await load(task);
  const loaded = performance.now() - start;
  const { answer, ...times } = await time(pass, own, task);
  return { ...times, load: loaded, scores: [...(scores ? await scores() : answer)] };
}

/** Returns the name of the adapter behind WebGPU, or undefined if there is none. */
export async function adapter() {
  const info = (await navigator.gpu?.requestAdapter())?.info;
  return info && ([info.description, info.device, info.architecture, info.vendor].find(Boolean) ?? 'unnamed');
}
