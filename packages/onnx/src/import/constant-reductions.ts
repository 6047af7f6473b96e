import { most } from './constant-places.js';
import { type Constant, inOrder, sizeOf } from './entry.js';
import { axisOf, type NodeCall, refuse } from './node-call.js';

/** One number for all along some axes. */
function reduced(combine: (numbers: readonly number[]) => number): (call: NodeCall) => Constant {
  return call => {
    const data = call.constant(0);
    if (data.values.length > most) return refuse('large constants');
    const rank = data.shape.length;
    const given = call.integersAt(1, 'axes') ?? [];
    const none = given.length === 0 && call.integer('noop_with_empty_axes', 0) === 1;
    if (none) return data;
    const axes = given.length === 0 ? inOrder(rank) : given.map(axis => axisOf(axis, rank));
    const keeps = call.integer('keepdims', 1) === 1;
    const open = data.shape.map((side, axis) => (axes.includes(axis) ? 1 : side));
    const groups = Array.from({ length: sizeOf(open) }, (): number[] => []);
    for (const [index, value] of data.values.entries()) {
      let [left, place, step] = [index, 0, 1];
      for (let axis = rank - 1; axis >= 0; axis--) {
        const side = data.shape[axis] as number;
        if (!axes.includes(axis)) {
          place += (left % side) * step;
          step *= side;
        }
        left = Math.floor(left / side);
      }
      groups[place]?.push(value);
    }
    const shape = keeps ? open : data.shape.filter((_, axis) => !axes.includes(axis));
    const isFloat = data.values instanceof Float32Array;
    const values = groups.map(group => (isFloat ? combine(group) : Math.trunc(combine(group))));
    return { kind: 'constant', shape, values: isFloat ? Float32Array.from(values) : Float64Array.from(values) };
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, value) => total + value, 0);
const product = (numbers: readonly number[]): number => numbers.reduce((total, value) => total * value, 1);

/** Sums, means and extremes of constants. */
export const reductions: readonly (readonly [string, (call: NodeCall) => Constant])[] = [
  ['ReduceSum', reduced(sum)],
  ['ReduceMean', reduced(numbers => sum(numbers) / numbers.length)],
  ['ReduceProd', reduced(product)],
  ['ReduceMax', reduced(numbers => numbers.reduce((left, right) => Math.max(left, right), -Infinity))],
  ['ReduceMin', reduced(numbers => numbers.reduce((left, right) => Math.min(left, right), Infinity))],
];
