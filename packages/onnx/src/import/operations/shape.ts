import { aligned } from '../affine.js';
import { type Entry, inOrder, isSame, sizeOf, type Value } from '../entry.js';
import { withOwnCurve } from '../layer-list.js';
import { axisOf, type Operation, refuse } from '../node-call.js';
import { partOf } from '../parts.js';
import { bordered } from '../window.js';

const same: Operation = call => call.inputs[0] ?? refuse('no input');

/** As many numbers in the shape that a node says, the batch first. */
const reshape: Operation = call => {
  const { list, name, batch } = call;
  const value = call.value();
  const target = call.integersAt(1, 'shape') ?? refuse('no shape');
  if (call.integer('allowzero', 0) === 1 && target.includes(0)) return refuse('allowzero 1');
  const [first = 1, ...others] = target;
  const shape = others.map((side, axis) => (side === 0 ? (value.shape[axis] as number) : side));
  const size = sizeOf(value.shape);
  const known = sizeOf(shape.filter(side => side !== -1));
  if (Number.isNaN(size) || Number.isNaN(known)) {
    if (shape.length === 1 && (Number.isNaN(size) || shape[0] === -1)) return refuse('a row of an image of any size');
    return refuse('a shape that depends on the size of the image');
  }
  const filled = shape.map(side => (side === -1 ? size / known : side));
  const keepsBatch = first === 0 || Number.isNaN(first) || first === batch || (first === -1 && known === size);
  if (!keepsBatch || sizeOf(filled) !== size)
    return refuse(`shape [${target.join(', ')}] for [batch, ${value.shape.join(', ')}]`);
  return list.reshape(value, filled, name);
};

const flatten: Operation = call => {
  const { list, name } = call;
  const value = call.value();
  const axis = call.integer('axis', 1);
  if (axis !== 1 && axis !== -value.shape.length) return refuse(`axis ${axis}`);
  const size = sizeOf(value.shape);
  return Number.isNaN(size) ? refuse('a row of an image of any size') : list.reshape(value, [size], name);
};

const squeeze: Operation = call => {
  const { list, name } = call;
  const value = call.value();
  const rank = value.shape.length + 1;
  const axes = (call.integersAt(1, 'axes') ?? refuse('no axes')).map(axis => axisOf(axis, rank));
  if (axes.some(axis => axis === 0 || value.shape[axis - 1] !== 1)) return refuse(`axes ${axes.join(', ')}`);
  return list.reshape(
    value,
    value.shape.filter((_, axis) => !axes.includes(axis + 1)),
    name,
  );
};

const unsqueeze: Operation = call => {
  const { list, name } = call;
  const value = call.value();
  const given = call.integersAt(1, 'axes') ?? refuse('no axes');
  const rank = value.shape.length + 1 + given.length;
  const axes = given.map(axis => axisOf(axis, rank));
  if (axes.includes(0)) return refuse('axis 0');
  const left = [...value.shape];
  const shape = Array.from({ length: rank - 1 }, (_, axis) => (axes.includes(axis + 1) ? 1 : (left.shift() as number)));
  return list.reshape(value, shape, name);
};

/** Only says which axis is which; nothing is turned before something needs it. */
const transpose: Operation = call => {
  const value = call.list.settled(call.value());
  const rank = value.shape.length + 1;
  const perm = call.integers('perm') ?? Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
  if (perm.length !== rank || perm[0] !== 0)
    return refuse(`perm ${perm.join(', ')}; supported: those that keep the batch first`);
  const axes = perm.slice(1).map(axis => axisOf(axis, rank) - 1);
  const [shape, order] = [value.shape, value.perm].map(list => axes.map(axis => list[axis] as number)) as [
    number[],
    number[],
  ];
  if (
    !isSame(
      [...axes].sort((a, b) => a - b),
      inOrder(axes.length),
    )
  )
    return refuse(`perm ${perm.join(', ')}`);
  return withOwnCurve({ ...value, shape, perm: order });
};

const concat: Operation = call => {
  const { list, name } = call;
  const inputs = aligned(
    list,
    call.inputs.map((_, index) => call.value(index)),
  );
  const [first] = inputs as readonly [Value];
  const axis = axisOf(call.integer('axis', 0), first.shape.length + 1) - 1;
  if (axis < 0) return refuse('axis 0');
  const fits = inputs.every(({ shape }) =>
    shape.every((side, i) => i === axis || side === first.shape[i] || Number.isNaN(side)),
  );
  if (!fits) return refuse('values of different sizes');
  const length = inputs.reduce((sum, { shape }) => sum + (shape[axis] as number), 0);
  const shape = first.shape.map((side, i) => (i === axis ? length : side));
  const atLeastZero = inputs.every(input => input.atLeastZero);
  if (inputs.length === 1) return first;
  const config = { axis: (first.perm[axis] as number) + 1 };
  return list.add({ className: 'Concatenate', name, config, inputs, shape, perm: first.perm, atLeastZero });
};

const pad: Operation = call => {
  const value = call.value();
  if (call.text('mode', 'constant') !== 'constant') return refuse(`mode "${call.text('mode', '')}"`);
  const fill = call.optional(2)?.values[0] ?? call.float('value', 0);
  if (fill !== 0) return refuse(`padding with ${fill}`);
  if (call.inputs[3]) return refuse('axes');
  const pads = call.integersAt(1, 'pads') ?? refuse('no pads');
  if (pads.some(Number.isNaN)) return refuse('pads that depend on the size of the image');
  if (pads.every(side => side === 0)) return value;
  const rank = value.shape.length + 1;
  const pairs = inOrder(rank).map((axis): [number, number] => [pads[axis] as number, pads[axis + rank] as number]);
  const spatial = value.shape.length === 3 && pads.length === 2 * rank;
  if (!spatial || pairs.slice(0, 2).some(([before, after]) => before !== 0 || after !== 0))
    return refuse(`pads ${pads.join(', ')}; supported: those of the places of images`);
  return bordered(call, call.list.image(value), pairs.slice(2), call.name);
};

/** Parts of values: of the places of images several axes at once, else one. */
const slice: Operation = call => {
  const value = call.value();
  const rank = value.shape.length + 1;
  const starts = call.integersAt(1, 'starts') ?? refuse('no starts');
  const ends = call.integersAt(2, 'ends') ?? refuse('no ends');
  const axes = (call.integersAt(3, 'axes') ?? inOrder(starts.length)).map(axis => axisOf(axis, rank));
  if (call.optional(4)?.values.some(step => step !== 1)) return refuse('steps');
  const cut = inOrder(rank).map((): [number, number] => [0, 0]);
  for (const [i, axis] of axes.entries()) {
    const size = axis === 0 ? Number.NaN : (value.shape[axis - 1] as number);
    const [start = 0, end = 0] = [starts[i], ends[i]];
    if (start === 0 && end >= (Number.isNaN(size) ? 2 ** 31 - 1 : size)) continue;
    if (Number.isNaN(size)) return refuse(`axis ${axis}`);
    const from = Math.min(Math.max(start < 0 ? start + size : start, 0), size);
    const to = Math.min(Math.max(end < 0 ? end + size : end, 0), size);
    cut[axis] = [-from, to - size];
  }
  if (cut.every(([before, after]) => before === 0 && after === 0)) return value;
  const spatial = value.shape.length === 3 && cut.slice(0, 2).every(([before, after]) => before === 0 && after === 0);
  if (spatial) return bordered(call, call.list.image(value), cut.slice(2), call.name);
  const parts = cut.flatMap(([before, after], axis) =>
    before === 0 && after === 0
      ? []
      : [{ axis: axis - 1, from: -before, to: (value.shape[axis - 1] as number) + after }],
  );
  return parts.reduce<Value>((of, part) => partOf(call.list, of, part, call.name), value);
};

/** One of the parts that a value is cut into: the output that is asked for. */
const split: Operation = call => {
  const value = call.value();
  const axis = axisOf(call.integer('axis', 0), value.shape.length + 1) - 1;
  if (axis < 0) return refuse('axis 0');
  const side = value.shape[axis] as number;
  if (Number.isNaN(side)) return refuse('parts of an axis of any length');
  const count = call.integer('num_outputs', call.node.outputs.length);
  const sizes = call.integersAt(1, 'split') ?? equalParts(side, count);
  const fits = sizes.length === call.node.outputs.length && sizes.reduce((sum, size) => sum + size, 0) === side;
  if (!fits || sizes.some(size => !(size > 0))) return refuse(`parts of ${sizes.join(', ')} of ${side}`);
  const from = sizes.slice(0, call.output).reduce((sum, size) => sum + size, 0);
  const part = { axis, from, to: from + (sizes[call.output] as number) };
  return partOf(call.list, value, part, call.output === 0 ? call.name : `${call.name}_${call.output}`);
};

/** As long as each other; the last one is shorter if they cannot be. */
function equalParts(side: number, count: number): number[] {
  const size = Math.ceil(side / count);
  return Array.from({ length: count }, (_, i) => Math.min(size, side - i * size));
}

/** Casts between floats change nothing that matters here. */
const cast: Operation = call => {
  const to = call.integer('to', 0);
  const entry: Entry = call.value();
  return [1, 10, 11, 16].includes(to) ? entry : refuse(`to ${to}; supported: floats`);
};

/** Operations that move numbers. */
export const shapes: Readonly<Record<string, Operation>> = {
  Identity: same,
  Dropout: same,
  Cast: cast,
  Reshape: reshape,
  Flatten: flatten,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Transpose: transpose,
  Concat: concat,
  Pad: pad,
  Slice: slice,
  Split: split,
};
