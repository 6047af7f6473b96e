import { show } from './show.js';

/** Activations without parameters. */
export const plainActivations = [
  ...['linear', 'relu', 'relu6', 'sigmoid', 'tanh', 'selu', 'softplus', 'softsign', 'swish', 'hardSwish'],
  ...['gelu', 'geluTanh', 'mish', 'exponential'],
] as readonly PlainActivation[];

/**
 * An activation without parameters: `linear` x, `relu` max(x, 0), `relu6` min(max(x, 0), 6), `sigmoid` 1 / (1 + e^-x),
 * `tanh`, `selu` 1.0507 (x > 0 ? x : 1.6733 (e^x - 1)), `softplus` ln(1 + e^x), `softsign` x / (1 + |x|), `swish`
 * x sigmoid(x) (SiLU), `hardSwish` x relu6(x + 3) / 6, `gelu` x Φ(x), `geluTanh` its form with tanh, `mish`
 * x tanh(softplus(x)), `exponential` e^x.
 */
export type PlainActivation =
  | 'linear'
  | 'relu'
  | 'relu6'
  | 'sigmoid'
  | 'tanh'
  | 'selu'
  | 'softplus'
  | 'softsign'
  | 'swish'
  | 'hardSwish'
  | 'gelu'
  | 'geluTanh'
  | 'mish'
  | 'exponential';

/** `x > threshold ? min(x, maximum) : slope (x - threshold)`: leaky, thresholded and capped ReLUs. */
export interface RectifierActivation {
  /** Which kind of activation it is. */
  readonly kind: 'rectifier';
  /** Factor of what lies under the threshold. */
  readonly slope: number;
  /** Where it begins. */
  readonly threshold: number;
  /** Largest value; `Infinity` for none. */
  readonly maximum: number;
}

/** `x > 0 ? x : alpha (e^x - 1)`. */
export interface EluActivation {
  /** Which kind of activation it is. */
  readonly kind: 'elu';
  /** Minus the least value. */
  readonly alpha: number;
}

/** `min(max(slope x + offset, 0), 1)`: 0.2 and 0.5 in TensorFlow.js and Keras 2, 1/6 and 0.5 in PyTorch and Keras 3. */
export interface HardSigmoidActivation {
  /** Which kind of activation it is. */
  readonly kind: 'hardSigmoid';
  /** Factor of x. */
  readonly slope: number;
  /** Value at 0. */
  readonly offset: number;
}

/** What is applied to a result before it is stored. */
export type Activation = PlainActivation | RectifierActivation | EluActivation | HardSigmoidActivation;

/** Parameters of the activations that have some. */
const parameters: Readonly<Record<string, readonly string[]>> = {
  rectifier: ['slope', 'threshold', 'maximum'],
  elu: ['alpha'],
  hardSigmoid: ['slope', 'offset'],
};

/** What is wrong with an activation, if anything. */
export function activationFault(activation: unknown): string | undefined {
  if ((plainActivations as readonly unknown[]).includes(activation)) return undefined;
  const expected = `must be ${plainActivations.slice(0, -1).join(', ')} or ${plainActivations.at(-1)}, or an object of the kind rectifier, elu or hardSigmoid`;
  if (typeof activation !== 'object' || activation === null) {
    return `Its activation is ${show(activation)}, but ${expected}.`;
  }
  const { kind, ...given } = activation as { readonly kind?: unknown };
  const names = typeof kind === 'string' && Object.hasOwn(parameters, kind) ? (parameters[kind] ?? []) : undefined;
  if (names === undefined) return `Its activation is ${show(activation)}, but ${expected}.`;
  const isFit = ([name, value]: [string, unknown]): boolean =>
    names.includes(name) && (Number.isFinite(value) || (name === 'maximum' && value === Number.POSITIVE_INFINITY));
  const entries = Object.entries(given);
  if (entries.length === names.length && entries.every(isFit)) return undefined;
  return `Its activation is ${show(activation)}, but one of the kind ${String(kind)} needs the numbers ${names.join(', ')}.`;
}

/** True if no result is under 0. */
export function isNowhereNegative(activation: Activation): boolean {
  if (typeof activation === 'string')
    return ['relu', 'relu6', 'sigmoid', 'softplus', 'exponential'].includes(activation);
  if (activation.kind === 'hardSigmoid') return true;
  return activation.kind === 'rectifier' && activation.slope === 0 && activation.threshold >= 0;
}

/** True for the activations that the loops of products apply by themselves; others are applied to what they stored. */
export function isClamp(activation: Activation): activation is 'linear' | 'relu' | 'relu6' {
  return activation === 'linear' || activation === 'relu' || activation === 'relu6';
}

/** One activation that does what both do, one after the other; nothing if there is none. */
export function afterwards(first: Activation, second: Activation): Activation | undefined {
  if (first === 'linear') return second;
  if (second === 'linear') return first;
  // ReLU6 of ReLU and ReLU of ReLU6 are ReLU6.
  if (isClamp(first) && isClamp(second)) return second === 'relu6' ? 'relu6' : first;
  return second === 'relu' && isNowhereNegative(first) ? first : undefined;
}
