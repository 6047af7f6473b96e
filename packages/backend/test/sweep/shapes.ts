import * as tf from '@tensorflow/tfjs-core';
import { type Family, say, withGradients } from './case.js';
import { kindOf } from './elementwise.js';
import type { Make, Random } from './random.js';

interface Move {
  readonly choices: object;
  readonly move: (x: tf.Tensor) => tf.Tensor | tf.Tensor[];
  readonly shape?: number[];
}

const MOVES: Readonly<Record<string, (random: Random, shape: number[]) => Move>> = {
  batchToSpaceND: random => {
    const block = [random.int(1, 3), random.int(1, 2)];
    const batch = block[0]! * block[1]! * random.int(1, 2);
    const shape = [batch, random.int(1, 4), random.int(1, 4), ...random.shape(0, 1, 3)];
    const crops = block.map((size, i) => (size * shape[i + 1]! > 2 ? [random.int(0, 1), random.int(0, 1)] : [0, 0]));
    return { shape, choices: { block, crops }, move: x => tf.batchToSpaceND(x, block, crops) };
  },
  spaceToBatchND: random => {
    const block = [random.int(1, 3), random.int(1, 2)];
    const paddings = block.map(() => [random.int(0, 2), random.int(0, 2)]);
    const sides = block.map((size, i) => {
      const padding = paddings[i]![0]! + paddings[i]![1]!;
      return size * Math.ceil((padding + random.int(1, 4)) / size) - padding;
    });
    const shape = [random.int(1, 2), ...sides, ...random.shape(0, 1, 3)];
    return { shape, choices: { block, paddings }, move: x => tf.spaceToBatchND(x, block, paddings) };
  },
  broadcastTo: (random, shape) => {
    const narrow = shape.map(size => (random.bool() ? 1 : size));
    const to = [...random.shape(0, 1), ...shape];
    return { shape: narrow, choices: { to }, move: x => tf.broadcastTo(x, to) };
  },
  depthToSpace: random => {
    const block = random.int(1, 3);
    const [n, a, b, c] = [random.int(1, 2), random.int(1, 3), random.int(1, 3), block * block * random.int(1, 2)];
    const nchw = random.bool();
    const shape = nchw ? [n, c, a, b] : [n, a, b, c];
    const format = nchw ? 'NCHW' : 'NHWC';
    return { shape, choices: { block, format }, move: x => tf.depthToSpace(x as tf.Tensor4D, block, format) };
  },
  expandDims: (random, shape) => {
    const axis = random.int(-shape.length - 1, shape.length);
    return { choices: { axis }, move: x => tf.expandDims(x, axis) };
  },
  gather: (random, shape) => {
    const axis = random.axis(shape.length);
    const indices = random.ints(random.shape(0, 2, 5), 0, shape.at(axis)! - 1);
    return {
      choices: { axis, indices: tf.tidy(() => indices().arraySync()) },
      move: x => tf.gather(x, indices() as tf.Tensor1D, axis),
    };
  },
  mirrorPad: (random, shape) => {
    const mode = random.pick(['reflect', 'symmetric'] as const);
    const sides = shape.map(size => size + 1);
    const paddings = sides.map(size => [0, 0].map(() => random.int(0, size - 1))) as [number, number][];
    return { shape: sides, choices: { mode, paddings }, move: x => tf.mirrorPad(x, paddings, mode) };
  },
  pad: (random, shape) => {
    const paddings = shape.map(() => [random.int(0, 2), random.int(0, 2)] as [number, number]);
    const value = random.int(0, 1);
    return { choices: { paddings, value }, move: x => tf.pad(x, paddings, value) };
  },
  reshape: (_random, shape) => {
    const to = [tf.util.sizeFromShape(shape), 1];
    return { choices: { to }, move: x => tf.reshape(x, to) };
  },
  reverse: (random, shape) => {
    const axes = random.axes(shape.length);
    return { choices: { axes }, move: x => tf.reverse(x, axes) };
  },
  slice: (random, shape) => {
    const begin = shape.map(size => random.int(0, size - 1));
    const size = shape.map((all, i) => (random.bool() ? -1 : random.int(0, all - begin[i]!)));
    return { choices: { begin, size }, move: x => tf.slice(x, begin, size) };
  },
  split: (random, shape) => {
    const axis = random.axis(shape.length);
    const parts = random.int(1, 3);
    const wide = shape.map((size, i) => (i === (axis + shape.length) % shape.length ? size * parts : size));
    const sizes = random.bool() ? parts : [shape.at(axis)! * (parts - 1), shape.at(axis)!];
    return { shape: wide, choices: { axis, sizes }, move: x => tf.split(x, sizes, axis) };
  },
  squeeze: (_random, shape) => ({ shape: [1, ...shape], choices: {}, move: x => tf.squeeze(x, [0]) }),
  stridedSlice: (random, shape) => {
    const strides = shape.map(() => random.pick([1, 2, -1, -2]));
    const begin = shape.map((size, i) => (strides[i]! > 0 ? random.int(-size, size - 1) : random.int(0, size - 1)));
    const end = shape.map((size, i) => (strides[i]! > 0 ? size : -size - 1));
    return { choices: { begin, end, strides }, move: x => tf.stridedSlice(x, begin, end, strides) };
  },
  tile: (random, shape) => {
    const reps = shape.map(() => random.int(0, 3));
    return { choices: { reps }, move: x => tf.tile(x, reps) };
  },
  transpose: (random, shape) => {
    const perm = random.bool() ? undefined : random.shuffled(shape.map((_, i) => i));
    return { choices: { perm }, move: x => tf.transpose(x, perm) };
  },
  unstack: (random, shape) => {
    const axis = random.axis(shape.length);
    return { choices: { axis }, move: x => tf.unstack(x, axis) };
  },
};

const NO_GRADIENT = new Set(['depthToSpace', 'stridedSlice']);

function choose(random: Random, names: readonly string[]): { name: string; shape: number[]; move: Move['move'] } {
  const op = random.pick(names);
  const first = random.shape(1, 5, 4);
  const { choices, move, shape = first } = MOVES[op]!(random, first);
  return { name: `${op} ${say({ shape, ...choices })}`, shape, move };
}

const moveForward: Family = random => {
  const { name, shape, move } = choose(random, Object.keys(MOVES));
  const x = random.pick([random.floats(shape), random.ints(shape), random.bools(shape), random.special(shape)]);
  return { name: `${name} ${kindOf(x)}`, compute: () => move(x()) };
};

const moveGradient: Family = random => {
  const { name, shape, move } = choose(
    random,
    Object.keys(MOVES).filter(op => !NO_GRADIENT.has(op)),
  );
  const x = random.floats(shape);
  return {
    name: `grad ${name}`,
    compute: () =>
      withGradients([x], y => {
        const moved = move(y);
        // Every part of a split weighs differently.
        return Array.isArray(moved) ? tf.addN(moved.map((part, i) => tf.mul(tf.sum(tf.square(part)), i + 1))) : moved;
      }),
  };
};

const JOIN = { concat: tf.concat, stack: tf.stack };

const join: Family = random => {
  const op = random.pick(['concat', 'stack'] as const);
  const shape = random.shape(1, 4, 4);
  const axis = op === 'concat' ? random.axis(shape.length) : random.int(-shape.length - 1, shape.length);
  const place = (axis + shape.length) % shape.length;
  const parts = Array.from({ length: random.int(1, 4) }, () =>
    random.floats(op === 'stack' ? shape : shape.map((size, i) => (i === place ? random.int(0, 4) : size))),
  );
  return {
    name: `${op} ${say({ shape, axis, parts: parts.length })}`,
    compute: () => withGradients(parts, (...all) => JOIN[op](all, axis)),
  };
};

const joinOthers: Family = random => {
  const shape = random.shape(1, 3, 4);
  const axis = random.axis(shape.length);
  const make = random.bool() ? () => random.ints(shape) : () => random.bools(shape);
  const parts: Make[] = Array.from({ length: random.int(1, 3) }, make);
  return {
    name: `concat ${say({ shape, axis, dtype: kindOf(parts[0]!) })}`,
    compute: () => [
      tf.concat(
        parts.map(part => part()),
        axis,
      ),
      tf.stack(
        parts.map(part => part()),
        axis,
      ),
    ],
  };
};

const oneHot: Family = random => {
  const shape = random.shape(0, 3, 5);
  const depth = random.int(1, 6);
  const ids = random.ints(shape, -1, depth);
  const dtype = random.pick(['float32', 'int32', 'bool', undefined] as const);
  return { name: `oneHot ${say({ shape, depth, dtype })}`, compute: () => tf.oneHot(ids(), depth, 2, -1, dtype) };
};

const scatter: Family = random => {
  const shape = random.shape(1, 3, 4);
  const depth = random.int(1, shape.length);
  const count = random.int(1, 5);
  const picks = Int32Array.from({ length: count * depth }, (_, i) => random.int(0, shape[i % depth]! - 1));
  const indices = (): tf.Tensor => tf.tensor2d(picks.slice(), [count, depth], 'int32');
  const updates = [count, ...shape.slice(depth)];
  const values = random.bool() ? random.floats(updates) : random.ints(updates);
  const x = kindOf(values) === 'float32' ? random.floats(shape) : random.ints(shape);
  return {
    name: `scatter ${say({ shape, depth, count, dtype: kindOf(values) })}`,
    compute: () => [
      tf.scatterND(indices(), values(), shape as [number]),
      tf.gatherND(x(), indices()),
      tf.tensorScatterUpdate(x(), indices(), values()),
    ],
  };
};

const sparseToDense: Family = random => {
  const size = random.int(2, 8);
  const count = random.int(1, size);
  const picks = random
    .shuffled(Array.from({ length: size }, (_, i) => i))
    .slice(0, count)
    .sort((a, b) => a - b);
  const values = random.bool() ? random.floats([count]) : random.ints([count]);
  return {
    name: `sparseToDense ${say({ size, count, dtype: kindOf(values) })}`,
    compute: () => {
      const given = values();
      const filler = tf.scalar(7, given.dtype as 'int32');
      return tf.sparseToDense(tf.tensor1d(picks, 'int32'), given, [size], filler);
    },
  };
};

const segmentSum: Family = random => {
  const shape = random.shape(1, 4, 5);
  const segments = random.int(1, 5);
  const ids = random.ints([shape[0]!], -1, segments);
  const inside = random.ints([shape[0]!], 0, segments - 1);
  const whole = random.floats(shape);
  const x = random.floats(shape);
  return {
    name: `unsortedSegmentSum ${say({ shape, segments })}`,
    compute: () => [
      tf.unsortedSegmentSum(whole(), inside() as tf.Tensor1D, segments),
      ...withGradients([x], y => tf.unsortedSegmentSum(y, ids() as tf.Tensor1D, segments)).slice(1),
    ],
  };
};

const searchSorted: Family = random => {
  const [rows, columns, count] = [random.int(1, 3), random.int(1, 6), random.int(1, 5)];
  const right = random.bool();
  const [sorted, values] = [random.ties([rows, columns]), random.ties([rows, count])];
  return {
    name: `searchSorted ${say({ rows, columns, count, right })}`,
    compute: () => {
      const rising = tf.reverse(tf.topk(sorted(), columns).values, [1]);
      return tf.searchSorted(rising, values(), right ? 'right' : 'left');
    },
  };
};

const filled: Family = random => {
  const [from, to, step] = [random.int(-3, 3), random.int(4, 9), random.pick([1, 2, 0.5])];
  const dtype = random.pick(['float32', 'int32'] as const);
  return {
    name: `fill, range, linspace, eye ${say({ from, to, step, dtype })}`,
    compute: () => [
      tf.fill([2, to], from, dtype),
      tf.range(from, to, Math.ceil(step), dtype),
      tf.range(to, from, -Math.ceil(step), dtype),
      tf.linspace(from, to, to),
      tf.eye(to, to + 1, undefined, dtype),
      tf.diag(tf.range(from, to)),
    ],
  };
};

export const shapes: Readonly<Record<string, Family>> = {
  moveForward,
  moveGradient,
  join,
  joinOthers,
  oneHot,
  scatter,
  sparseToDense,
  segmentSum,
  searchSorted,
  filled,
};
