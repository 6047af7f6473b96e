/** Numbers at which elementwise chains are computed, to tell which activation they are. */
export const curvePoints: Float64Array = Float64Array.of(
  ...[-9, -6.5, -4, -3.1, -2.9, -2.2, -1.3, -0.8, -0.4, -0.1, 0, 0.1, 0.45, 0.9, 1.4, 2.3, 2.8, 3.2, 4.4, 5.9, 6.1, 9],
);

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** The error function by a series without signs that alternate: `2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (2n+1)!!`. */
export function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  let [term, sum] = [x, x];
  for (let n = 1; n < 300; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

const softplus = (x: number): number => Math.log1p(Math.exp(x));

/** What a layer is that computes a curve. */
export interface Known {
  readonly className: 'Activation' | 'ReLU';
  readonly config: Record<string, unknown>;
  readonly word: string;
  readonly atLeastZero: boolean;
}

const activation = (word: string, atLeastZero = false): Known => ({
  className: 'Activation',
  config: { activation: word },
  word,
  atLeastZero,
});

const known: readonly (readonly [Known, (x: number) => number])[] = [
  [{ className: 'ReLU', config: {}, word: 'relu', atLeastZero: true }, x => Math.max(x, 0)],
  [{ className: 'ReLU', config: { max_value: 6 }, word: 'relu6', atLeastZero: true }, x => Math.min(Math.max(x, 0), 6)],
  [activation('sigmoid', true), sigmoid],
  [activation('tanh'), Math.tanh],
  [activation('elu'), x => (x < 0 ? Math.expm1(x) : x)],
  [activation('selu'), x => 1.0507009873554805 * (x < 0 ? 1.6732632423543772 * Math.expm1(x) : x)],
  [activation('softplus', true), softplus],
  [activation('softsign'), x => x / (1 + Math.abs(x))],
  [activation('hard_sigmoid', true), x => Math.min(Math.max(0.2 * x + 0.5, 0), 1)],
  [activation('swish'), x => x * sigmoid(x)],
  [activation('mish'), x => x * Math.tanh(softplus(x))],
  [activation('gelu'), x => 0.5 * x * (1 + erf(x / Math.SQRT2))],
  [activation('gelu_new'), x => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))],
];

const tables = known.map(([layer, compute]) => [layer, curvePoints.map(compute)] as const);

const isClose = (left: Float64Array, right: Float64Array): boolean =>
  left.every((value, i) => Math.abs(value - (right[i] as number)) < 2e-6 * Math.max(1, Math.abs(value)));

/** The activation that has these values, `'same'` if it changes nothing, or nothing. */
export function activationOf(samples: Float64Array): Known | 'same' | undefined {
  if (isClose(samples, curvePoints)) return 'same';
  return tables.find(([, values]) => isClose(samples, values))?.[0];
}

/** Elementwise operations of one number. */
export const unary: ReadonlyMap<string, (x: number, alpha: number, beta: number) => number> = new Map([
  ['Relu', (x: number) => Math.max(x, 0)],
  ['Sigmoid', sigmoid],
  ['Tanh', Math.tanh],
  ['Softplus', softplus],
  ['Softsign', (x: number) => x / (1 + Math.abs(x))],
  ['Erf', erf],
  ['Exp', Math.exp],
  ['Log', Math.log],
  ['Sqrt', Math.sqrt],
  ['Abs', Math.abs],
  ['Neg', (x: number) => -x],
  ['Reciprocal', (x: number) => 1 / x],
  ['Mish', (x: number) => x * Math.tanh(softplus(x))],
  ['Gelu', (x: number) => 0.5 * x * (1 + erf(x / Math.SQRT2))],
  ['Gelu tanh', (x: number) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))],
  ['HardSwish', (x: number) => x * Math.min(Math.max(x / 6 + 0.5, 0), 1)],
  ['HardSigmoid', (x: number, alpha: number, beta: number) => Math.min(Math.max(alpha * x + beta, 0), 1)],
  ['Elu', (x: number, alpha: number) => (x < 0 ? alpha * Math.expm1(x) : x)],
  ['Selu', (x: number, alpha: number, gamma: number) => gamma * (x < 0 ? alpha * Math.expm1(x) : x)],
  ['LeakyRelu', (x: number, alpha: number) => (x < 0 ? alpha * x : x)],
  ['ThresholdedRelu', (x: number, alpha: number) => (x > alpha ? x : 0)],
]);

/** Elementwise operations of two numbers. */
export const binary: ReadonlyMap<string, (left: number, right: number) => number> = new Map([
  ['Add', (left: number, right: number) => left + right],
  ['Sub', (left: number, right: number) => left - right],
  ['Mul', (left: number, right: number) => left * right],
  ['Div', (left: number, right: number) => left / right],
  ['Pow', (left: number, right: number) => left ** right],
  ['Max', Math.max],
  ['Min', Math.min],
]);
