import { most, spreadOver } from './constant-places.js';
import { type Constant, sizeOf } from './entry.js';
import { type NodeCall, refuse } from './node-call.js';

/** Two constants, spread over each other; what depends on an unknown size stays unknown. */
export function computed(compute: (left: number, right: number) => number): (call: NodeCall) => Constant {
  return call => {
    const [left, right] = [call.constant(0), call.constant(1)];
    const { shape, places } = spreadOver([left.shape, right.shape]);
    const isFloat = left.values instanceof Float32Array || right.values instanceof Float32Array;
    const result = isFloat ? new Float32Array(sizeOf(shape)) : new Float64Array(sizeOf(shape));
    const values = result.map((_, i) => {
      const [from = 0, to = 0] = places(i);
      return whole(compute(left.values[from] as number, right.values[to] as number), !isFloat);
    });
    return { kind: 'constant', shape, values };
  };
}

/** Of several constants two by two, as `Max` and `Min` take any number of them. */
export const ofAll =
  (compute: (left: number, right: number) => number) =>
  (call: NodeCall): Constant =>
    call.inputs
      .slice(1)
      .reduce<Constant>(
        (found, _, i) => computed(compute)(call.with({ inputs: [found, call.constant(i + 1)] })),
        call.constant(0),
      );

/** A function of each number; what depends on an unknown size stays unknown. */
export function ofEach(compute: (value: number) => number): (call: NodeCall) => Constant {
  return call => {
    const data = call.constant(0);
    if (data.values.length > most) return refuse('large constants');
    return { ...data, values: filled(data, i => compute(data.values[i] as number)) };
  };
}

const whole = (value: number, isWhole: boolean): number => (isWhole ? Math.trunc(value) : value);

function filled({ values }: Constant, make: (index: number) => number): Constant['values'] {
  const result = values instanceof Float32Array ? new Float32Array(values.length) : new Float64Array(values.length);
  return result.map((_, index) => make(index));
}

/** `Clip` with bounds as inputs, or as attributes before opset 11. */
export function clipped(call: NodeCall): Constant {
  const [low, high] = [1, 2].map(index => call.optional(index)?.values[0]);
  const [least, largest] = [low ?? call.float('min', -Infinity), high ?? call.float('max', Infinity)];
  return ofEach(value => Math.min(Math.max(value, least), largest))(call);
}

/** 1 where something holds of two numbers, 0 elsewhere. */
export const truth = (compute: (left: number, right: number) => boolean): ((call: NodeCall) => Constant) =>
  computed((left, right) => (Number.isNaN(left) || Number.isNaN(right) ? Number.NaN : Number(compute(left, right))));
