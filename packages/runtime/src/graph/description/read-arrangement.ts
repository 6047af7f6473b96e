import type { GraphNode, Padding, Shape } from '../graph.js';
import { noPadding } from '../padding.js';
import type { NodeFields } from './node-fields.js';
import type { Read } from './node-reading.js';
import { activationOf } from './read-activation.js';
import { tensorOf, transposedKernel } from './tensors.js';

type Kind =
  | 'transposedConvolution'
  | 'multiply'
  | 'subtract'
  | 'maximum'
  | 'minimum'
  | 'prelu'
  | 'crop'
  | 'upsampling'
  | 'depthToSpace'
  | 'permute'
  | 'reshape';

/** Four sides. */
export function sidesOf(fields: NodeFields): Padding {
  const [top, bottom, left, right] = fields.integers('padding', 4, 0) as [number, number, number, number];
  return { top, bottom, left, right };
}

const optionalSides = (fields: NodeFields): Padding =>
  fields.take('padding') === undefined ? noPadding : sidesOf(fields);
const pairOf = (
  fields: NodeFields,
  field: string,
  least: number,
  otherwise?: readonly number[],
): readonly [number, number] => fields.integers(field, 2, least, otherwise) as readonly [number, number];

const binaryOf =
  (kind: 'multiply' | 'subtract' | 'maximum' | 'minimum'): Read =>
  (fields, base) => ({ kind, ...base, activation: activationOf(fields) });

/** Readers of nodes that join two values or move entries, and of transposed convolutions. */
export const arrangementReaders: { readonly [K in Extract<GraphNode['kind'], Kind>]: Read } = {
  transposedConvolution: (fields, base, { layout, tensors }) => {
    const kernel = transposedKernel(tensorOf(fields, 'kernel', tensors, 4), layout);
    const bias = fields.take('bias') === undefined ? {} : { bias: tensorOf(fields, 'bias', tensors, 1).values };
    const strides = pairOf(fields, 'strides', 1, [1, 1]);
    const extra = pairOf(fields, 'extra', 0, [0, 0]);
    const [padding, activation] = [optionalSides(fields), activationOf(fields)];
    return { kind: 'transposedConvolution', ...base, ...kernel, ...bias, strides, padding, extra, activation };
  },
  multiply: binaryOf('multiply'),
  subtract: binaryOf('subtract'),
  maximum: binaryOf('maximum'),
  minimum: binaryOf('minimum'),
  prelu: (fields, base, { tensors }) => ({
    kind: 'prelu',
    ...base,
    slope: tensorOf(fields, 'slope', tensors, 1).values,
  }),
  crop: (fields, base) => ({ kind: 'crop', ...base, padding: sidesOf(fields) }),
  upsampling: (fields, base) => ({
    kind: 'upsampling',
    ...base,
    factors: pairOf(fields, 'factors', 1),
    mode: fields.choice('mode', ['nearest', 'bilinear'], 'nearest'),
    centers: fields.choice('centers', ['corner', 'half'], 'half'),
  }),
  depthToSpace: (fields, base) => ({
    kind: 'depthToSpace',
    ...base,
    block: pairOf(fields, 'block', 1),
    padding: optionalSides(fields),
  }),
  permute: (fields, base) => ({
    kind: 'permute',
    ...base,
    order: fields.integers('order', 3, 0) as readonly [number, number, number],
  }),
  reshape: (fields, base) => {
    const count = fields.list('target').length === 1 ? 1 : 3;
    return { kind: 'reshape', ...base, target: fields.integers('target', count, 1) as unknown as Shape };
  },
};
