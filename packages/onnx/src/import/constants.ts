import { dataTypes } from '../format/fields.js';
import { numbersOf } from '../format/reading/tensor-values.js';
import { gathered, most, part, small, transposed } from './constant-places.js';
import { type Constant, type Entry, sizeOf } from './entry.js';
import { axisOf, type NodeCall, refuse } from './node-call.js';

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

/** The shape of a value, batch first, as numbers; NaN for what is not known. */
function shapeOf(call: NodeCall): Constant {
  const [input] = call.inputs;
  if (input?.kind === 'missing' || !input) return refuse('no input');
  const shape = input.kind === 'constant' ? input.shape : [call.batch ?? Number.NaN, ...input.shape];
  const part = shape.slice(call.integer('start', 0), call.node.attributes.get('end')?.integer ?? shape.length);
  return constantOf([part.length], part);
}

function reshaped(call: NodeCall): Constant {
  const data = call.constant(0);
  const target = [...call.constant(1).values].map((side, axis) => (side === 0 ? (data.shape[axis] ?? 1) : side));
  const known = target.filter(side => side !== -1).reduce((size, side) => size * side, 1);
  const shape = target.map(side => (side === -1 ? data.values.length / known : side));
  return sizeOf(shape) === data.values.length ? { ...data, shape } : refuse(`shape [${target.join(', ')}]`);
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

/** A function of each number; what depends on an unknown size stays unknown. */
function ofEach(compute: (value: number) => number): (call: NodeCall) => Constant {
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

function cast(call: NodeCall): Constant {
  const data = call.constant(0);
  const to = call.integer('to', 0);
  const isFloat = [dataTypes.float32, dataTypes.float16, dataTypes.float64, dataTypes.bfloat16].some(
    type => type === to,
  );
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
  ['Ceil', ofEach(Math.ceil)],
  ['Floor', ofEach(Math.floor)],
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
