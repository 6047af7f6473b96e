import { type Constant, sizeOf } from './entry.js';
import { axisOf, type NodeCall, refuse } from './node-call.js';

/** Most numbers of a constant that is computed, unless it is another one with its axes turned. */
export const most: number = 2 ** 16;

/** Most axes of constants that are spread over each other. */
const highest = 32;

/** Numbers at places `from(i)` of a constant, in another shape. */
function taken({ values }: Constant, shape: readonly number[], from: (index: number) => number): Constant {
  const size = sizeOf(shape);
  const result = values instanceof Float32Array ? new Float32Array(size) : new Float64Array(size);
  for (let i = 0; i < size; i++) result[i] = values[from(i)] ?? Number.NaN;
  return { kind: 'constant', shape, values: result };
}

export function small(shape: readonly number[]): readonly number[] {
  return sizeOf(shape) <= most ? shape : refuse(`a constant of ${sizeOf(shape)} numbers that is computed`);
}

/** Numbers by their places along one axis. */
export function gathered(call: NodeCall): Constant {
  const [data, indices] = [call.constant(0), call.constant(1)];
  const axis = axisOf(call.integer('axis', 0), data.shape.length);
  const [before, after] = [data.shape.slice(0, axis), data.shape.slice(axis + 1)];
  const [side, inner, count] = [data.shape[axis] as number, sizeOf(after), indices.values.length];
  const shape = small([...before, ...indices.shape, ...after]);
  return taken(data, shape, i => {
    const index = indices.values[Math.floor(i / inner) % count] as number;
    const place = index < 0 ? index + side : index;
    return (Math.floor(i / (inner * count)) * side + place) * inner + (i % inner);
  });
}

/** The shape of constants that are spread over each other, and where each has the number at a place of it. */
export function spreadOver(shapes: readonly (readonly number[])[]): {
  shape: readonly number[];
  places: (index: number) => readonly number[];
} {
  const rank = Math.max(...shapes.map(({ length }) => length));
  if (rank > highest) return refuse(`constants of ${rank} axes`);
  const padded = shapes.map(shape => [...new Array<number>(rank - shape.length).fill(1), ...shape]);
  const shape = Array.from({ length: rank }, (_, axis) => {
    const [side = 1, ...others] = new Set(padded.map(sides => sides[axis] as number).filter(each => each !== 1));
    return others.length === 0 ? side : refuse(`shapes ${shapes.map(each => `[${each.join(', ')}]`).join(' and ')}`);
  });
  small(shape);
  const steps = padded.map(sides => sides.map((side, axis) => (side === 1 ? 0 : sizeOf(sides.slice(axis + 1)))));
  const places = (index: number): readonly number[] =>
    steps.map(step => {
      let [left, place] = [index, 0];
      for (let axis = rank - 1; axis >= 0; axis--) {
        place += (left % (shape[axis] as number)) * (step[axis] as number);
        left = Math.floor(left / (shape[axis] as number));
      }
      return place;
    });
  return { shape, places };
}

/** The same numbers with the axes in another order. */
export function transposed(call: NodeCall): Constant {
  const data = call.constant(0);
  const rank = data.shape.length;
  const perm = call.integers('perm') ?? Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
  if ([...perm].sort((a, b) => a - b).join() !== perm.map((_, axis) => axis).join() || perm.length !== rank)
    return refuse('perm');
  const strides = data.shape.map((_, axis) => sizeOf(data.shape.slice(axis + 1)));
  const shape = perm.map(axis => data.shape[axis] as number);
  return taken(data, shape, i => {
    let [left, place] = [i, 0];
    for (let axis = rank - 1; axis >= 0; axis--) {
      const side = shape[axis] as number;
      place += (left % side) * (strides[perm[axis] as number] as number);
      left = Math.floor(left / side);
    }
    return place;
  });
}

/** Stretches along some axes, in steps. */
export function part(call: NodeCall): Constant {
  const data = call.constant(0);
  const rank = data.shape.length;
  const [starts, ends] = [call.integersAt(1, 'starts') ?? [], call.integersAt(2, 'ends') ?? []];
  const axes = (call.integersAt(3, 'axes') ?? starts.map((_, axis) => axis)).map(axis => axisOf(axis, rank));
  const steps = call.optional(4)?.values ?? starts.map(() => 1);
  const taking = data.shape.map(side => ({ from: 0, step: 1, count: side }));
  for (const [i, axis] of axes.entries()) {
    const [side = 0, step = 1, start = 0, end = 0] = [data.shape[axis], steps[i], starts[i], ends[i]];
    if (!Number.isSafeInteger(step) || step === 0) return refuse(`a step of ${step}`);
    const within = (place: number, least: number, most: number): number =>
      Math.min(Math.max(place < 0 ? place + side : place, least), most);
    const [from, to] =
      step > 0
        ? [within(start, 0, side), within(end, 0, side)]
        : [within(start, 0, side - 1), within(end, -1, side - 1)];
    taking[axis] = { from, step, count: Math.max(Math.ceil((to - from) / step), 0) };
  }
  const shape = taking.map(({ count }) => count);
  return taken(data, shape, i => {
    let [left, place, stride] = [i, 0, 1];
    for (let axis = rank - 1; axis >= 0; axis--) {
      const { from, step, count } = taking[axis] as { from: number; step: number; count: number };
      place += (from + (left % count) * step) * stride;
      left = Math.floor(left / count);
      stride *= data.shape[axis] as number;
    }
    return place;
  });
}
