import type { JsonObject } from '../layers-model/model-json.js';
import type { Step } from './layer-entry.js';

const rescaling = (scale: number, offset: number, input: number): Step => ({
  className: 'Rescaling',
  config: { scale, offset },
  inputs: [input],
});
const relu = (max_value: number | null, input: number): Step => ({
  className: 'ReLU',
  config: max_value === null ? {} : { max_value },
  inputs: [input],
});
const word = (activation: string, input: number): Step => ({
  className: 'Activation',
  config: { activation },
  inputs: [input],
});
const merge = (className: string, ...inputs: readonly number[]): Step => ({ className, config: {}, inputs });

/** `min(max(slope · x + offset, 0), 1)` as `relu6(6 · slope · x + 6 · offset) / 6`. */
const clipped = (slope: number, offset: number): readonly Step[] => [
  rescaling(6 * slope, 6 * offset, 0),
  relu(6, 1),
  rescaling(1 / 6, 0, 2),
];
const hardSigmoid = clipped(1 / 6, 0.5);
const hardSilu = [...hardSigmoid, merge('Multiply', 0, 3)];

/** Activations of Keras 3 that TensorFlow.js has no word for, with the values that they have without options. */
const expanded: ReadonlyMap<string, readonly Step[]> = new Map([
  ['hard_silu', hardSilu],
  ['hard_swish', hardSilu],
  ['hard_tanh', [rescaling(1, 1, 0), relu(2, 1), rescaling(1, -1, 2)]],
  ['leaky_relu', [{ className: 'LeakyReLU', config: { alpha: 0.2 }, inputs: [0] }]],
  ['celu', [word('elu', 0)]],
  ['log_sigmoid', [rescaling(-1, 0, 0), word('softplus', 1), rescaling(-1, 0, 2)]],
  ['tanh_shrink', [word('tanh', 0), rescaling(-1, 0, 1), merge('Add', 0, 2)]],
  [
    'soft_shrink',
    [
      rescaling(1, -0.5, 0),
      relu(null, 1),
      rescaling(-1, -0.5, 0),
      relu(null, 3),
      rescaling(-1, 0, 4),
      merge('Add', 2, 5),
    ],
  ],
  ['sparse_sigmoid', clipped(0.5, 0.5)],
]);

/** The word of an option, in any of the forms that Keras has for it. */
export function activationWord(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { class_name: name, config } = value as JsonObject;
  if (name === 'function' && typeof config === 'string') return config;
  return undefined;
}

/**
 * Layers that compute an activation which TensorFlow.js has not, or has as something else; undefined if it has it, or
 * if nothing of it does.
 */
export const stepsOfActivation = (activation: string, origin: string): readonly Step[] | undefined =>
  activation === 'hard_sigmoid' && origin === 'keras3' ? hardSigmoid : expanded.get(activation);
