import type { Activation } from '../../src/graph/graph.js';

/** Area under the normal curve up to x, by a series near 0 and a continued fraction further out. */
function normal(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  let tail: number;
  if (z < 2) {
    let [sum, term] = [0, z];
    for (let n = 0; n < 100; n++) {
      sum += term / (2 * n + 1);
      term *= -(z * z) / (n + 1);
    }
    tail = 0.5 - sum / Math.sqrt(Math.PI);
  } else {
    let fraction = z;
    for (let k = 200; k >= 1; k--) fraction = z + k / 2 / fraction;
    tail = Math.exp(-z * z) / (2 * Math.sqrt(Math.PI) * fraction);
  }
  return x < 0 ? tail : 1 - tail;
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const clamp = (x: number, most: number): number => Math.min(Math.max(x, 0), most);
const elu = (x: number, alpha: number): number => (x > 0 ? x : alpha * Math.expm1(x));

/** What an activation makes of a number, in double precision. */
export function activate(x: number, activation: Activation): number {
  if (typeof activation === 'object') {
    if (activation.kind === 'elu') return elu(x, activation.alpha);
    if (activation.kind === 'hardSigmoid') return clamp(activation.slope * x + activation.offset, 1);
    const { slope, threshold, maximum } = activation;
    if (x > threshold) return Math.min(x, maximum);
    return slope === 0 && !Number.isNaN(x) ? 0 : slope * (x - threshold);
  }
  switch (activation) {
    case 'linear':
      return x;
    case 'relu':
      return Math.max(0, x);
    case 'relu6':
      return clamp(x, 6);
    case 'sigmoid':
      return sigmoid(x);
    case 'tanh':
      return Math.tanh(x);
    case 'selu':
      return 1.0507009873554805 * elu(x, 1.6732632423543772);
    case 'softplus':
      return softplus(x);
    case 'softsign':
      return x / (1 + Math.abs(x));
    case 'swish':
      return x * sigmoid(x);
    case 'hardSwish':
      return (x * clamp(x + 3, 6)) / 6;
    case 'gelu':
      return x * normal(x);
    case 'geluTanh':
      return x * sigmoid(2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3));
    case 'mish':
      return x * Math.tanh(softplus(x));
    case 'exponential':
      return Math.exp(x);
  }
}
