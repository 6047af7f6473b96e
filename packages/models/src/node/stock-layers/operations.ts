import type { JsonObject } from '../layers-model/model-json.js';
import { eachOf } from './layer-entry.js';
import { type OperationCall, operationCall, type Reference } from './operation-arguments.js';

/** A layer in the place of an operation, and what it reads in its only call. */
export interface OperationLayer {
  readonly className: string;
  readonly config: JsonObject;
  readonly inputs: readonly Reference[];
  /** Numbers of inputs that are multiplied by −1 before. */
  readonly negated: readonly number[];
}

type Numbers = number | readonly number[];

/** Keras 3's name and the functions of TensorFlow for the same. */
const names: ReadonlyMap<string, string> = new Map(
  Object.entries({
    Add: ['__operators__.add', 'math.add', 'nn.bias_add', 'add'],
    Subtract: ['math.subtract', 'subtract'],
    Multiply: ['math.multiply', 'multiply'],
    TrueDivide: ['Divide', 'math.truediv', 'math.divide', 'divide'],
    Maximum: ['math.maximum'],
    Minimum: ['math.minimum'],
    Negative: ['math.negative'],
  }).flatMap(([name, same]) => [name, ...same].map((each): [string, string] => [each, name])),
);

/** Activations that are called on a tensor. */
const activations: ReadonlyMap<string, string> = new Map(
  [
    'Relu',
    'Relu6',
    'Sigmoid',
    'Silu',
    'Elu',
    'Selu',
    'Softplus',
    'Softsign',
    'Tanh',
    'Mish',
    'HardSilu',
    'HardSigmoid',
  ].flatMap((name): [string, string][] => {
    const word = name.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase();
    return [
      [name, word],
      [`nn.${word}`, word],
    ];
  }),
);
const ofTensorFlow: ReadonlyMap<string, string> = new Map([
  ['nn.swish', 'silu'],
  ['math.tanh', 'tanh'],
  ['math.sigmoid', 'sigmoid'],
]);

/** The layer that computes what an operation does; undefined if there is none. */
export function operationLayer(entry: JsonObject): OperationLayer | undefined {
  const call = operationCall(entry);
  if (!call) return undefined;
  const name = names.get(call.operation);
  const tensors = call.inputs.flatMap(input => ('tensor' in input ? [input.tensor] : []));
  const activation = activationOf(call, entry.config as JsonObject);
  if (activation !== undefined && call.inputs.length === 1)
    return { className: 'Activation', config: { activation }, inputs: tensors, negated: [] };
  if (name === 'Negative' && call.inputs.length === 1) return rescaling(-1, 0, tensors);
  if (name === undefined || call.inputs.length !== 2) return undefined;
  if (tensors.length === 2) return merged(name, tensors);
  const at = call.inputs.findIndex(input => 'numbers' in input);
  const { numbers } = call.inputs[at] as { readonly numbers: Numbers };
  return withNumbers(name, numbers, at === 1, tensors);
}

function activationOf({ operation }: OperationCall, config: JsonObject): string | undefined {
  if (operation === 'Gelu') return config.approximate === true ? 'gelu_new' : 'gelu';
  return activations.get(operation) ?? ofTensorFlow.get(operation);
}

function merged(name: string, inputs: readonly Reference[]): OperationLayer | undefined {
  if (name === 'Subtract') return { className: 'Add', config: {}, inputs, negated: [1] };
  return ['Add', 'Multiply', 'Maximum', 'Minimum'].includes(name)
    ? { className: name, config: {}, inputs, negated: [] }
    : undefined;
}

const rescaling = (scale: Numbers, offset: Numbers, inputs: readonly Reference[]): OperationLayer => ({
  className: 'Rescaling',
  config: { scale, offset },
  inputs,
  negated: [],
});

/** A tensor and numbers, the tensor first or last. */
function withNumbers(
  name: string,
  numbers: Numbers,
  isTensorFirst: boolean,
  inputs: readonly Reference[],
): OperationLayer | undefined {
  if (name === 'Add') return rescaling(1, numbers, inputs);
  if (name === 'Multiply') return rescaling(numbers, 0, inputs);
  if (name === 'Subtract')
    return isTensorFirst
      ? rescaling(
          1,
          eachOf(numbers, value => -value),
          inputs,
        )
      : rescaling(-1, numbers, inputs);
  if (name === 'Maximum' && numbers === 0) return { className: 'ReLU', config: {}, inputs, negated: [] };
  const isDivisor = isTensorFirst && ![numbers].flat().includes(0);
  return name === 'TrueDivide' && isDivisor
    ? rescaling(
        eachOf(numbers, value => 1 / value),
        0,
        inputs,
      )
    : undefined;
}
