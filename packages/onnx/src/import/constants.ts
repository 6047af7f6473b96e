import { dataTypes } from '../format/fields.js';
import { numbersOf } from '../format/reading/tensor-values.js';
import { type Constant, type Entry, sizeOf } from './entry.js';
import { axisOf, type NodeCall, refuse } from './node-call.js';

/** Most numbers of a constant that is computed, unless it is another one with its axes turned. */
const most = 2 ** 16;

export const constantOf = (shape: readonly number[], values: ArrayLike<number>): Constant => {
  const isFloat = values instanceof Float32Array;
  return { kind: 'constant', shape, values: isFloat ? values : Float64Array.from(values) };
};

/** A constant that a node holds. */
function held({ node }: NodeCall): Constant {
  const { attributes } = node;
  const tensor = attributes.get('value')?.tensor;
  if (tensor) return constantOf(tensor.shape, numbersOf(tensor));
  const [float, floats] = [attributes.get('value_float')?.float, attributes.get('value_floats')?.floats];
  const [integer, integers] = [attributes.get('value_int')?.integer, attributes.get('value_ints')?.integers];
  if (float !== undefined) return constantOf([], Float32Array.of(float));
  if (floats) return constantOf([floats.length], Float32Array.from(floats));
  if (integer !== undefined) return constantOf([], [integer]);
  return integers ? constantOf([integers.length], integers) : refuse('a value that is no number');
}

/** Numbers at places `from(i)` of a constant, in another shape. */
function taken({ values }: Constant, shape: readonly number[], from: (index: number) => number): Constant {
  const size = sizeOf(shape);
  const result = values instanceof Float32Array ? new Float32Array(size) : new Float64Array(size);
  for (let i = 0; i < size; i++) result[i] = values[from(i)] ?? Number.NaN;
  return { kind: 'constant', shape, values: result };
}

function small(shape: readonly number[]): readonly number[] {
  return sizeOf(shape) <= most ? shape : refuse(`a constant of ${sizeOf(shape)} numbers that is computed`);
}

/** The shape of a value, batch first, as numbers; NaN for what is not known. */
function shapeOf(call: NodeCall): Constant {
  const [input] = call.inputs;
  if (input?.kind === 'missing' || !input) return refuse('no input');
  const shape = input.kind === 'constant' ? input.shape : [call.batch ?? Number.NaN, ...input.shape];
  const part = shape.slice(call.integer('start', 0), call.node.attributes.get('end')?.integer ?? shape.length);
  return constantOf([part.length], part);
}

function gathered(call: NodeCall): Constant {
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

function reshaped(call: NodeCall): Constant {
  const data = call.constant(0);
  const target = [...call.constant(1).values].map((side, axis) => (side === 0 ? (data.shape[axis] ?? 1) : side));
  const known = target.filter(side => side !== -1).reduce((size, side) => size * side, 1);
  const shape = target.map(side => (side === -1 ? data.values.length / known : side));
  return sizeOf(shape) === data.values.length ? { ...data, shape } : refuse(`shape [${target.join(', ')}]`);
}

function transposed(call: NodeCall): Constant {
  const data = call.constant(0);
  const rank = data.shape.length;
  const perm = call.integers('perm') ?? Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
  if ([...perm].sort((a, b) => a - b).join() !== perm.map((_, axis) => axis).join() || perm.length !== rank) return refuse('perm');
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

/** `Unsqueeze` and `Squeeze`: the same numbers. */
function withAxes(call: NodeCall): Constant {
  const data = call.constant(0);
  const given = call.integersAt(1, 'axes') ?? data.shape.flatMap((side, axis) => (side === 1 ? [axis] : []));
  if (call.node.opType === 'Squeeze') {
    const axes = given.map(axis => axisOf(axis, data.shape.length));
    return { ...data, shape: data.shape.filter((_, axis) => !axes.includes(axis)) };
  }
  const rank = data.shape.length + given.length;
  const axes = given.map(axis => axisOf(axis, rank));
  const left = [...data.shape];
  return { ...data, shape: Array.from({ length: rank }, (_, axis) => (axes.includes(axis) ? 1 : (left.shift() ?? 1))) };
}

function joined(call: NodeCall): Constant {
  const parts = call.inputs.map((_, index) => call.constant(index));
  if (parts.some(({ shape }) => shape.length !== 1)) return refuse('constants of several axes');
  const values = parts.flatMap(part => [...part.values]);
  return constantOf(small([values.length]), values);
}

function part(call: NodeCall): Constant {
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
    const [from, to] = step > 0 ? [within(start, 0, side), within(end, 0, side)] : [within(start, 0, side - 1), within(end, -1, side - 1)];
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

/** Whole numbers, as sizes of images are computed; what depends on an unknown size stays unknown. */
function computed(compute: (left: number, right: number) => number): (call: NodeCall) => Constant {
  return call => {
    const [left, right] = [call.constant(0), call.constant(1)];
    const [long, short] = left.values.length >= right.values.length ? [left, right] : [right, left];
    const fits = short.values.length === 1 || short.shape.join() === long.shape.join();
    if (!fits) return refuse('constants that are spread over each other');
    const at = ({ values }: Constant, i: number): number => values[values.length === 1 ? 0 : i] as number;
    if (long.values.length > most) return refuse('large constants');
    const isWhole = !(left.values instanceof Float32Array);
    return { ...long, values: filled(long, i => whole(compute(at(left, i), at(right, i)), isWhole)) };
  };
}

const whole = (value: number, isWhole: boolean): number => (isWhole ? Math.trunc(value) : value);

function filled({ values }: Constant, make: (index: number) => number): Constant['values'] {
  const result = values instanceof Float32Array ? new Float32Array(values.length) : new Float64Array(values.length);
  return result.map((_, index) => make(index));
}

function cast(call: NodeCall): Constant {
  const data = call.constant(0);
  const to = call.integer('to', 0);
  const isFloat = [dataTypes.float32, dataTypes.float16, dataTypes.float64, dataTypes.bfloat16].some(type => type === to);
  return { ...data, values: isFloat ? Float32Array.from(data.values) : Float64Array.from(data.values, Math.trunc) };
}

function filledOf(call: NodeCall): Constant {
  const shape = small([...call.constant(0).values]);
  const tensor = call.node.attributes.get('value')?.tensor;
  const [value = 0] = tensor ? numbersOf(tensor) : [];
  return constantOf(shape, new Array<number>(sizeOf(shape)).fill(value));
}

const folds: ReadonlyMap<string, (call: NodeCall) => Constant> = new Map([
  ['Identity', (call: NodeCall) => call.constant(0)],
  ['Reshape', reshaped],
  ['Transpose', transposed],
  ['Gather', gathered],
  ['Unsqueeze', withAxes],
  ['Squeeze', withAxes],
  ['Concat', joined],
  ['Slice', part],
  ['Cast', cast],
  ['ConstantOfShape', filledOf],
  ['Add', computed((left, right) => left + right)],
  ['Sub', computed((left, right) => left - right)],
  ['Mul', computed((left, right) => left * right)],
  ['Div', computed((left, right) => left / right)],
]);

/** What a node gives if everything that it reads is constant. */
export function constantResult(call: NodeCall): Entry | undefined {
  const { opType } = call.node;
  if (opType === 'Constant') return held(call);
  if (opType === 'Shape') return shapeOf(call);
  const fold = folds.get(opType);
  return fold && call.inputs.every(input => !input || input.kind === 'constant') ? fold(call) : undefined;
}
