// The comparison as a table in Markdown.

const BACKENDS = { webgpu: 'WebGPU', wasm: 'WebAssembly, one thread' };
const NAMES = { layerscope: 'Layerscope', onnxruntime: 'onnxruntime-web', tfjs: 'TensorFlow.js' };

/** Formats a time with three significant digits. */
const ms = (value) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));

const cell = (result) => {
  if (!result) return '';
  if (result.error) return 'failed';
  const own = result.backend === 'wasm' && result.own ? `, engine ${ms(result.own)}` : '';
  return `${ms(result.median)} (${result.passes})${own}${result.wrong ? ' †' : ''}`;
};

const ratio = (ours, theirs) => (ours?.median && theirs?.median ? (ours.median / theirs.median).toFixed(2) : '');

/**
 * Returns one table per backend: the medians, the numbers of passes, and our time divided by each other contender's.
 */
export function markdown({ machine, results }) {
  const unique = (key) => [...new Set(results.map((result) => result[key]))];
  const contenders = unique('contender');
  const others = contenders.includes('layerscope') ? contenders.filter((name) => name !== 'layerscope') : [];
  const parts = unique('backend').map((backend) => {
    const heads = ['network', ...contenders.map((name) => `${NAMES[name]}, ms`), ...others.map((name) => `ours / ${NAMES[name]}`)];
    const rows = unique('network').map((network) => {
      const by = (name) => results.find((r) => r.backend === backend && r.network === network && r.contender === name);
      return [network, ...contenders.map((name) => cell(by(name))), ...others.map((name) => ratio(by('layerscope'), by(name)))];
    });
    const line = (cells) => `| ${cells.join(' | ')} |`;
    return [`### ${BACKENDS[backend]}`, '', line(heads), line(heads.map((_, i) => (i ? '---:' : '---'))), ...rows.map(line)].join('\n');
  });
  const { versions, ...rest } = machine;
  const list = Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(', ');
  const where = `${rest.date}: ${rest.cpu}, ${rest.cores} cores, ${rest.memoryGiB} GiB, ${rest.system}; ${rest.browser}, `
    + `adapter ${rest.adapter}; ${list}. Median of the passes in brackets, batch 1.`
    + (results.some(({ own }) => own) ? ' "engine" is the computation alone, without messages to the worker.' : '');
  const mark = results.some(({ wrong }) => wrong) ? "\n† Its scores differ from PyTorch's.\n" : '';
  return `${where}\n\n${parts.join('\n\n')}\n${mark}`;
}
