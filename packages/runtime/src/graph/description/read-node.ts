import { InvalidDescriptionError } from '../../errors.js';
import { affineOf } from '../affine.js';
import type { GraphNode, Padding, Shape } from '../graph.js';
import { firstInput } from '../node-inputs.js';
import type { NodeSpec } from '../node-spec.js';
import { noPadding, samePadding } from '../padding.js';
import { channelsOf } from '../shape-of.js';
import type { NodeFields } from './node-fields.js';
import type { Base, NodeContext, Read } from './node-reading.js';
import { activationOf } from './read-activation.js';
import { arrangementReaders, sidesOf } from './read-arrangement.js';
import { convolutionKernel, denseKernel, rowsFromChannelsFirst, tensorOf } from './tensors.js';

const modeOf = (fields: NodeFields): 'max' | 'average' => fields.choice('mode', ['max', 'average']);

const vectorOf = (fields: NodeFields, field: string, { tensors }: NodeContext): Float32Array =>
  tensorOf(fields, field, tensors, 1).values;

function optional<K extends string>(fields: NodeFields, field: K, context: NodeContext): { [P in K]?: Float32Array } {
  if (fields.take(field) === undefined) return {};
  return { [field]: vectorOf(fields, field, context) } as { [P in K]?: Float32Array };
}

const pairOf = (fields: NodeFields, field: string, otherwise?: readonly number[]): readonly [number, number] =>
  fields.integers(field, 2, 1, otherwise) as readonly [number, number];

function paddingOf(
  fields: NodeFields,
  input: Shape,
  window: readonly [number, number],
  strides: readonly [number, number],
  dilations?: readonly [number, number],
): Padding {
  const padding = fields.take('padding') ?? 'valid';
  if (padding === 'valid') return noPadding;
  if (padding !== 'same') return sidesOf(fields);
  return input.length === 3 ? samePadding([input[0], input[1]], window, strides, dilations) : noPadding;
}

const readers: { readonly [K in GraphNode['kind']]: Read } = {
  convolution: (fields, base, context) => {
    const groups = fields.count('groups', 1);
    const input = firstShape(base, context);
    const tensor = tensorOf(fields, 'kernel', context.tensors, 4);
    const kernel = convolutionKernel(tensor, context.layout, groups, channelsOf(input));
    const [height, width] = kernel.kernelShape;
    const strides = pairOf(fields, 'strides', [1, 1]);
    const dilations = pairOf(fields, 'dilations', [1, 1]);
    const padding = paddingOf(fields, input, [height, width], strides, dilations);
    const activation = activationOf(fields);
    const bias = optional(fields, 'bias', context);
    return { kind: 'convolution', ...base, ...kernel, ...bias, strides, dilations, padding, groups, activation };
  },
  dense: (fields, base, context) => {
    const tensor = tensorOf(fields, 'kernel', context.tensors, 2);
    const [input] = firstShape(base, context);
    const inputs = context.layout === 'HWIO' ? tensor.shape[0] : tensor.shape[1];
    if (inputs !== input) fields.fail('kernel', tensor.shape, `of ${input} inputs in layout ${context.layout}`);
    const image = context.channelsFirst.get(firstInput(base));
    const plain = denseKernel(tensor, context.layout);
    const kernel = image === undefined ? plain : rowsFromChannelsFirst(plain, image);
    const activation = activationOf(fields);
    return { kind: 'dense', ...base, kernel, ...optional(fields, 'bias', context), activation };
  },
  normalization: (fields, base, context) => {
    const mean = vectorOf(fields, 'mean', context);
    const variance = vectorOf(fields, 'variance', context);
    const optionals = { ...optional(fields, 'gamma', context), ...optional(fields, 'beta', context) };
    for (const [field, values] of Object.entries({ variance, ...optionals })) {
      if (values.length !== mean.length)
        fields.fail(field, values.length, `a tensor of ${mean.length} entries, like mean`);
    }
    const epsilon = fields.number('epsilon', 0);
    return { kind: 'normalization', ...base, ...affineOf({ mean, variance, epsilon, ...optionals }) };
  },
  activation: (fields, base) => ({ kind: 'activation', ...base, activation: activationOf(fields) }),
  add: (fields, base) => ({ kind: 'add', ...base, activation: activationOf(fields) }),
  concat: (_, base) => ({ kind: 'concat', ...base }),
  softmax: (_, base) => ({ kind: 'softmax', ...base }),
  pool: (fields, base, context) => {
    const size = pairOf(fields, 'size');
    const strides = pairOf(fields, 'strides', size);
    const padding = paddingOf(fields, firstShape(base, context), size, strides);
    return { kind: 'pool', ...base, mode: modeOf(fields), size, strides, padding };
  },
  globalPool: (fields, base) => ({ kind: 'globalPool', ...base, mode: modeOf(fields) }),
  zeroPadding: (fields, base) => ({ kind: 'zeroPadding', ...base, padding: sidesOf(fields) }),
  flatten: (fields, base, context) => {
    const order = fields.choice('order', ['HWC', 'CHW'], context.layout === 'OIHW' ? 'CHW' : 'HWC');
    const shape = firstShape(base, context);
    if (order === 'CHW' && shape.length === 3) context.channelsFirst.set(base.name, shape);
    return { kind: 'flatten', ...base };
  },
  ...arrangementReaders,
};

function firstShape({ name, inputs: [first] }: Base, context: NodeContext): Shape {
  if (first === undefined) throw new InvalidDescriptionError(`The node "${name}" has no input, but needs one.`);
  return context.shape(first, name);
}

/** Reads one node; refuses fields that its kind does not have. */
export function readNode(fields: NodeFields, context: NodeContext): NodeSpec {
  const base = { name: fields.text('name'), inputs: fields.texts('inputs') };
  const kind = fields.choice('kind', Object.keys(readers) as GraphNode['kind'][]);
  const spec = readers[kind](fields, base, context);
  fields.done();
  for (const input of base.inputs) {
    const image = context.channelsFirst.get(input);
    if (image === undefined || kind === 'dense') continue;
    if (kind !== 'activation') refuseOrder(input, `read by the ${kind} node "${base.name}"`);
    context.channelsFirst.set(base.name, image);
  }
  return spec;
}

/** Only dense layers can undo the order of a vector. */
export function refuseOrder(name: string, use: string): never {
  throw new InvalidDescriptionError(
    `The value "${name}" is a vector in the order CHW, ${use}; only dense nodes may read it. Use the order HWC, or pool first.`,
  );
}
