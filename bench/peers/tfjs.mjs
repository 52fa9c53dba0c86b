// TensorFlow.js: the network built from our table of layers, as its converter would do: NHWC, batch normalization
// folded into the preceding convolution, bias and ReLU fused with it.

import { picture, small, vector, weight } from './seeded.mjs';

const MODULES = new URL('../modules/@tensorflow/', import.meta.url).href;

/** Loads a build of TensorFlow.js. The builds are scripts that extend the global `tf`. */
const script = (path) => new Promise((resolve, reject) => {
  const element = Object.assign(document.createElement('script'), { src: MODULES + path, onload: resolve });
  element.onerror = () => reject(new Error(`${path} does not load`));
  document.head.append(element);
});

/** Returns `tf` on one thread of WebAssembly with SIMD, or on WebGPU. */
async function backendOf(name) {
  await script('tfjs-core/dist/tf-core.min.js');
  await script(`tfjs-backend-${name}/dist/tf-backend-${name}.min.js`);
  const { tf } = window;
  if (name === 'wasm') {
    tf.wasm.setWasmPaths(`${MODULES}tfjs-backend-wasm/dist/`);
    // In an isolated page it would use one thread per core.
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  }
  if (!await tf.setBackend(name)) throw new Error(`TensorFlow.js has no ${name} here`);
  return tf;
}

/**
 * Returns the layers that the scores depend on, in running order, each with its readers. This leaves out auxiliary
 * classifiers.
 */
function needed({ layers }) {
  const byName = new Map(layers.map((layer) => [layer.name, { ...layer, readers: [] }]));
  const scores = layers.at(-1).op.type === 'softmax' ? layers.at(-1).inputs[0] : layers.at(-1).name;
  const seen = new Set();
  const visit = (name, reader) => {
    const layer = byName.get(name);
    if (reader) layer.readers.push(reader);
    if (seen.has(name)) return;
    seen.add(name);
    for (const input of layer.inputs) visit(input, layer);
  };
  visit(scores, null);
  return { scores, byName, order: layers.map(({ name }) => name).filter((name) => seen.has(name)) };
}

/** Returns the scale and the shift per channel that equal the batch normalization. */
function affine({ name, op, output_shape: [, channels] }) {
  const scale = vector(`${name}.weight`, channels, 0.6, 0.4), shift = small(`${name}.bias`, channels);
  const mean = small(`${name}.running_mean`, channels), variance = vector(`${name}.running_var`, channels, 0.5, 1);
  for (let c = 0; c < channels; c += 1) {
    scale[c] /= Math.sqrt(variance[c] + op.epsilon);
    shift[c] -= mean[c] * scale[c];
  }
  return { scale, shift };
}

/** Returns the padding, equal on all sides, in the notation of TensorFlow.js. */
const padding = ({ padding: p }) => (p === 0 ? 'valid' : p);

class Builder {
  constructor(tf, summary) {
    this.tf = tf;
    Object.assign(this, needed(summary));
    /** Maps the name of a fused layer to the layer that holds its values. */
    this.alias = new Map();
    this.steps = this.order.map((name) => this.step(this.byName.get(name))).filter(Boolean);
  }

  shape(name) { return this.byName.get(name).output_shape; }

  /** Fuses the only reader, if it is of this type, with the operation `head`. */
  fuse(head, tail, type) {
    const [reader, more] = this.byName.get(tail).readers;
    if (more || reader?.op.type !== type || (type === 'activation' && reader.op.function !== 'relu')) return null;
    this.alias.set(reader.name, head);
    return reader;
  }

  /**
   * Returns the step of a layer: its name, and a function from the values by name to its own. Returns null if it was
   * fused.
   */
  step(layer) {
    const { tf } = this;
    const { name, op, inputs, output_shape } = layer;
    if (this.alias.has(name)) return null;
    const at = (values, input) => values.get(this.alias.get(input) ?? input);
    const unary = (compute) => ({ name, run: (values) => compute(at(values, inputs[0])) });
    const same = () => { this.alias.set(name, this.alias.get(inputs[0]) ?? inputs[0]); return null; };
    switch (op.type) {
      case 'input': return null;
      case 'dropout': return same();
      case 'conv2d': return unary(this.conv(layer));
      case 'linear': return unary(this.linear(layer));
      case 'max-pool2d': {
        const { kernel, stride, padding: p } = op.window;
        // The part of a window beyond the far edge is passed as padding: with dimRoundingMode, the WebAssembly backend
        // is wrong.
        const far = (axis) => Math.max(p, (output_shape[axis] - 1) * stride + kernel - p - this.shape(inputs[0])[axis]);
        const pads = [[0, 0], [p, far(2)], [p, far(3)], [0, 0]];
        return unary((x) => tf.maxPool(x, kernel, stride, pads));
      }
      case 'adaptive-avg-pool2d':
        if (op.side !== 1) break;
        return unary((x) => tf.mean(x, [1, 2], true));
      case 'concat': return { name, run: (values) => tf.concat(inputs.map((input) => at(values, input)), 3) };
      case 'add': return { name, run: (values) => inputs.map((input) => at(values, input)).reduce((a, b) => tf.add(a, b)) };
      case 'activation':
        if (op.function !== 'relu') break;
        return unary((x) => tf.relu(x));
      default:
    }
    throw new Error(`${name}: there is nothing here for ${JSON.stringify(op)}`);
  }

  conv({ name, op, inputs, output_shape: [, channels] }) {
    const { tf } = this;
    const { kernel: k, stride: strides } = op.window;
    if (op.groups !== 1 || op.connections || op.activation !== 'identity') throw new Error(`${name}: not a plain convolution`);
    const [, from] = this.shape(inputs[0]);
    const values = weight(`${name}.weight`, [channels, from, k, k], [1, channels, k * from * channels, from * channels]);
    let bias = op.bias ? small(`${name}.bias`, channels) : new Float32Array(channels);
    let tail = name;
    const norm = this.fuse(name, tail, 'batch-norm2d');
    if (norm) {
      const { scale, shift } = affine(norm);
      for (let i = 0; i < values.length; i += 1) values[i] *= scale[i % channels];
      bias = bias.map((value, c) => value * scale[c] + shift[c]);
      tail = norm.name;
    }
    const activation = this.fuse(name, tail, 'activation') ? 'relu' : 'linear';
    const filter = tf.tensor4d(values, [k, k, from, channels]);
    bias = tf.tensor1d(bias);
    return (x) => tf.fused.conv2d({ x, filter, strides, pad: padding(op.window), bias, activation });
  }

  linear({ name, op, inputs }) {
    const { tf } = this;
    const { units } = op;
    const [, channels, height = 1, width = 1] = this.shape(inputs[0]);
    // The values before it are in HWC order, and so are the rows of the weight.
    const strides = [1, units, width * channels * units, channels * units];
    const values = weight(`${name}.weight`, [units, channels, height, width], strides);
    const b = tf.tensor2d(values, [channels * height * width, units]);
    const bias = tf.tensor1d(small(`${name}.bias`, units));
    const activation = this.fuse(name, name, 'activation') ? 'relu' : 'linear';
    return (x) => tf.fused.matMul({ a: tf.reshape(x, [1, channels * height * width]), b, bias, activation });
  }

  /** Returns the scores for an NHWC input. With `check`, every shape is compared with the table. */
  run(x, check = false) {
    const values = new Map([['input', x]]);
    for (const { name, run } of this.steps) {
      const output = run(values);
      values.set(name, output);
      const [n, c, ...rest] = this.shape(name);
      const wanted = output.rank === 4 ? [n, ...rest, c] : [n, c];
      if (check && String(output.shape) !== String(wanted)) {
        throw new Error(`${name} is ${output.shape} in TensorFlow.js, and should be ${wanted}`);
      }
    }
    return values.get(this.alias.get(this.scores) ?? this.scores);
  }
}

/** Returns the network, with passes that upload the input and read back the scores. */
export async function load({ backend, summary }) {
  const tf = await backendOf(backend);
  const builder = new Builder(tf, summary);
  const [, channels, height, width] = summary.input_shape;
  const chw = picture(channels * height * width);
  const hwc = chw.map((_, i) => chw[(i % channels) * height * width + Math.floor(i / channels)]);
  let checked = false;
  const pass = async () => {
    const output = tf.tidy(() => builder.run(tf.tensor4d(hwc, [1, height, width, channels]), !checked));
    checked = true;
    const values = await output.data();
    output.dispose();
    return values;
  };
  return { pass };
}
