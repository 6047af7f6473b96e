import type { Attribute } from '../../format/model.js';
import { activate, clip } from '../activation.js';
import { type LayerCall, type LayerWriter, refuse } from '../layer-call.js';
import { permuted } from '../permute.js';
import { firstShape, type Value } from '../value.js';

function single(opType: string, { graph, name, input }: LayerCall, attributes: Record<string, Attribute> = {}): Value {
  return { ...input, name: graph.emit(opType, name, [input.name], attributes) };
}

const numberOf = (value: unknown, otherwise: number): number => (typeof value === 'number' ? value : otherwise);

const relu: LayerWriter = call => {
  const { graph, name, input, config } = call;
  const { maxValue } = config;
  if (typeof maxValue !== 'number') return single('Relu', call);
  return { ...input, name: clip(graph, name, input, maxValue) };
};

/** One slope for each channel, place, or both; as ONNX has it, it spreads from the last axes. */
const prelu: LayerWriter = call => {
  const { graph, name, input, weight } = call;
  const { key, shape, values } = weight('alpha');
  const last = shape.length - 1;
  const perm = [last, ...Array.from({ length: last }, (_, axis) => axis)];
  const first = input.order === 'first';
  const slope = graph.constant(key, `${name}/alpha_${input.order}`, first ? firstShape(shape) : shape, () =>
    first ? permuted(values, shape, perm) : values,
  );
  return { ...input, name: graph.emit('PRelu', name, [input.name, slope]) };
};

/** TensorFlow.js computes it along the last axis alone. */
const softmax: LayerWriter = call => {
  const { graph, name, input, config } = call;
  const [axis = -1, ...others] = [config.axis ?? 1].flat() as number[];
  if (others.length > 0 || (axis !== -1 && axis !== input.shape.length)) refuse(`axis ${String(config.axis)}`);
  return activate(graph, name, input, 'softmax');
};

/** Writers of layers that are activations. */
export const activations: Readonly<Record<string, LayerWriter>> = {
  Activation: ({ graph, name, input, config }) => activate(graph, name, input, config.activation),
  ReLU: relu,
  LeakyReLU: call => single('LeakyRelu', call, { alpha: { float: numberOf(call.config.alpha, 0.3) } }),
  ThresholdedReLU: call => single('ThresholdedRelu', call, { alpha: { float: numberOf(call.config.theta, 1) } }),
  ELU: call => single('Elu', call, { alpha: { float: numberOf(call.config.alpha, 1) } }),
  PReLU: prelu,
  Softmax: softmax,
};
