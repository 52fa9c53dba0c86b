// The values of `seed:N`, as `weights::seeded` generates them, so that every contender computes with the same
// numbers.
//
// SplitMix64 in two halves of 32 bits: BigInt would take minutes for VGG-16.

/** Returns the high 32 bits of the product of two 32-bit numbers. */
function high(a, b) {
  const a0 = a & 0xffff, a1 = a >>> 16, b0 = b & 0xffff, b1 = b >>> 16;
  const low = a0 * b0, left = a1 * b0, right = a0 * b1;
  const middle = (low >>> 16) + (left & 0xffff) + (right & 0xffff);
  return (a1 * b1 + (left >>> 16) + (right >>> 16) + (middle >>> 16)) >>> 0;
}

const M64 = (1n << 64n) - 1n;
const GOLDEN = 0x9e3779b97f4a7c15n;

/** Returns the FNV-1a hash of the name, mixed with the seed. */
function start(name, seed) {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(name)) hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & M64;
  return hash ^ ((BigInt(seed) * GOLDEN) & M64);
}

/** Returns a function that returns the next value in [0, 1) of the tensor `name`. */
export function uniform(name, seed = 1) {
  const first = start(name, seed);
  let stateHigh = Number(first >> 32n) >>> 0, stateLow = Number(first & 0xffffffffn) >>> 0;
  return () => {
    const sum = stateLow + 0x7f4a7c15;
    stateLow = sum >>> 0;
    stateHigh = (stateHigh + 0x9e3779b9 + (sum > 0xffffffff ? 1 : 0)) >>> 0;
    let h = stateHigh, l = stateLow;
    l = (l ^ ((h << 2) | (l >>> 30))) >>> 0;
    h = (h ^ (h >>> 30)) >>> 0;
    h = (high(l, 0x1ce4e5b9) + Math.imul(h, 0x1ce4e5b9) + Math.imul(l, 0xbf58476d)) >>> 0;
    l = Math.imul(l, 0x1ce4e5b9) >>> 0;
    l = (l ^ ((h << 5) | (l >>> 27))) >>> 0;
    h = (h ^ (h >>> 27)) >>> 0;
    h = (high(l, 0x133111eb) + Math.imul(h, 0x133111eb) + Math.imul(l, 0x94d049bb)) >>> 0;
    return ((h ^ (h >>> 31)) >>> 8) / 0x1000000;
  };
}

/**
 * Returns a weight of `dims` (OIHW; for a fully connected layer, I, H and W are the shape of the maps before it). Its
 * values are `(2u - 1) * sqrt(6 / fan_in)`, at the positions that `strides` gives for O, I, H and W.
 */
export function weight(name, dims, strides) {
  const next = uniform(name);
  const [o, i, h, w] = dims, [so, si, sh, sw] = strides;
  const bound = Math.sqrt(6 / (i * h * w));
  const values = new Float32Array(o * i * h * w);
  for (let a = 0; a < o; a += 1) {
    for (let b = 0; b < i; b += 1) {
      for (let c = 0; c < h; c += 1) {
        for (let d = 0; d < w; d += 1) values[a * so + b * si + c * sh + d * sw] = (2 * next() - 1) * bound;
      }
    }
  }
  return values;
}

/** Returns a vector with values in [low, low + span). */
export function vector(name, length, low, span) {
  const next = uniform(name);
  return Float32Array.from({ length }, () => low + span * next());
}

/** Returns a bias or a mean: `(2u - 1) * 0.1`. */
export const small = (name, length) => vector(name, length, -0.1, 0.2);

/** Returns the input of every contender: `length` values in [0, 1), CHW. */
export const picture = (length) => vector('input', length, 0, 1);
