// Times a contender in the page: one and the same loop for all.

/** The value below which a part of the sorted values lies. */
const quantile = (sorted, part) => sorted[Math.round((sorted.length - 1) * part)];

/** Milliseconds that passes go on for at least: browsers compile what runs often anew, and clocks are coarse. */
const LEAST_MS = 1000;

/**
 * Passes one after the other, each from the call until its answer is in an array here: `warmUp` of them, and a second's
 * worth, before the clock runs; then `passes`, and a second's worth. After `seconds` seconds no further one begins (one
 * at least does).
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
 * Loads a network with one contender, times its passes, and gives the times in milliseconds with the scores. A
 * contender's pass answers with the scores, or it has a function for them; `own`, where it has that, gives the
 * milliseconds that the engine itself says the last pass took.
 */
export async function measure(contender, task) {
  const { load } = await import(`./${contender}.mjs`);
  const start = performance.now();
  const { pass, own, scores } = await load(task);
  const loaded = performance.now() - start;
  const { answer, ...times } = await time(pass, own, task);
  return { ...times, load: loaded, scores: [...(scores ? await scores() : answer)] };
}

/** The name of the adapter behind WebGPU, or nothing where there is none. */
export async function adapter() {
  const info = (await navigator.gpu?.requestAdapter())?.info;
  return info && ([info.description, info.device, info.architecture, info.vendor].find(Boolean) ?? 'unnamed');
}
