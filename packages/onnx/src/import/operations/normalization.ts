import { permuted } from '../../export/permute.js';
import { channelsLast, inOrder } from '../entry.js';
import type { Weight } from '../layer-list.js';
import { axisOf, type NodeCall, type Operation, refuse } from '../node-call.js';
import { floatsOf } from './convolution.js';

function vectorOf(call: NodeCall, index: number, length: number): Weight {
  const { values } = call.constant(index);
  if (values.length !== length) return refuse(`${values.length} numbers for ${length} channels in input ${index}`);
  return { shape: [length], values: floatsOf({ kind: 'constant', shape: [length], values }) };
}

const batch: Operation = call => {
  const { list, name } = call;
  if (call.integer('training_mode', 0) === 1) return refuse('training_mode 1');
  const value = call.value();
  const rank = value.shape.length;
  const [channels = 0] = value.shape;
  const perm = rank === 1 ? [0] : channelsLast(rank);
  const [gamma, beta, moving_mean, moving_variance] = [1, 2, 3, 4].map(index => vectorOf(call, index, channels));
  return list.add({
    className: 'BatchNormalization',
    name,
    config: {
      axis: -1,
      epsilon: call.float('epsilon', 1e-5),
      momentum: call.float('momentum', 0.9),
      center: true,
      scale: true,
    },
    weights: { gamma, beta, moving_mean, moving_variance } as Record<string, Weight>,
    inputs: [list.as(value, perm)],
    shape: value.shape,
    perm,
  });
};

const layer: Operation = call => {
  const { list, name } = call;
  const value = call.value();
  const rank = value.shape.length;
  if (axisOf(call.integer('axis', -1), rank + 1) !== rank) return refuse(`axis ${call.integer('axis', -1)}`);
  const length = value.shape.at(-1) as number;
  const beta = call.optional(2);
  const gamma = vectorOf(call, 1, length);
  return list.add({
    className: 'LayerNormalization',
    name,
    config: { axis: [-1], epsilon: call.float('epsilon', 1e-5), center: beta !== undefined, scale: true },
    weights: { gamma, ...(beta ? { beta: vectorOf(call, 2, length) } : {}) },
    inputs: [list.as(value, inOrder(rank))],
    shape: value.shape,
    perm: inOrder(rank),
  });
};

/** A slope for each channel or each number, or one for all. */
const prelu: Operation = call => {
  const { list, name } = call;
  const given = call.value();
  const slope = call.constant(1);
  const rank = given.shape.length;
  const value = list.settled(given);
  // As many axes as the value has, of length 1 where the slope is shared.
  const sides = [...value.shape.map(() => 1), ...slope.shape].slice(-rank);
  const left = slope.shape.slice(0, -rank);
  if (left.some(side => side !== 1) || sides.some((side, axis) => side !== 1 && side !== value.shape[axis]))
    return refuse(`a slope of shape [${slope.shape.join(', ')}]`);
  const order = value.perm.map(() => 0);
  for (const [axis, to] of value.perm.entries()) order[to] = axis;
  const shape = order.map(axis => sides[axis] as number);
  const shared = shape.flatMap((side, axis) =>
    side === 1 && value.shape[order[axis] as number] !== 1 ? [axis + 1] : [],
  );
  return list.add({
    className: 'PReLU',
    name,
    config: shared.length === 0 ? {} : { shared_axes: shared },
    weights: { alpha: { shape, values: permuted(floatsOf(slope), sides, order) } },
    inputs: [value],
    shape: value.shape,
    perm: value.perm,
  });
};

/** Normalizations, and what else has numbers for each channel. */
export const normalizations: Readonly<Record<string, Operation>> = {
  BatchNormalization: batch,
  LayerNormalization: layer,
  PRelu: prelu,
};
