import { dataTypes } from '../format/fields.js';
import { numbersOf } from '../format/reading/tensor-values.js';
import { clipped, computed, ofAll, ofEach, truth } from './constant-arithmetic.js';
import { gathered, part, small, spreadOver, transposed } from './constant-places.js';
import { reductions } from './constant-reductions.js';
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

/** Whole numbers from one to another in steps. */
function range(call: NodeCall): Constant {
  const [start, limit, delta] = [0, 1, 2].map(index => call.constant(index).values[0] ?? Number.NaN) as [
    number,
    number,
    number,
  ];
  const count = Math.max(Math.ceil((limit - start) / delta), 0);
  if (!Number.isFinite(count)) return refuse('a length that depends on the input');
  const isFloat = call.constant(0).values instanceof Float32Array;
  const values = Array.from({ length: small([count])[0] as number }, (_, i) => start + i * delta);
  return constantOf([count], isFloat ? Float32Array.from(values) : values);
}

/** Numbers of one or the other constant. */
function chosen(call: NodeCall): Constant {
  const parts = [call.constant(0), call.constant(1), call.constant(2)] as const;
  const { shape, places } = spreadOver(parts.map(part => part.shape));
  const isFloat = parts[1].values instanceof Float32Array;
  const values = Array.from({ length: sizeOf(shape) }, (_, i) => {
    const [condition = 0, yes = 0, no = 0] = places(i);
    const choice = parts[0].values[condition] as number;
    if (Number.isNaN(choice)) return Number.NaN;
    return (choice === 0 ? parts[2].values[no] : parts[1].values[yes]) as number;
  });
  return constantOf(shape, isFloat ? Float32Array.from(values) : values);
}

/** A constant in a shape that it is spread over. */
function expanded(call: NodeCall): Constant {
  const [data, target] = [call.constant(0), [...call.constant(1).values]];
  const { shape, places } = spreadOver([data.shape, target]);
  const values = Array.from({ length: sizeOf(shape) }, (_, i) => data.values[places(i)[0] ?? 0] as number);
  return constantOf(shape, data.values instanceof Float32Array ? Float32Array.from(values) : values);
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
  ['Pow', computed((left, right) => left ** right)],
  // The sign of the divisor, or of what is divided.
  [
    'Mod',
    (call: NodeCall) =>
      computed((left, right) =>
        call.integer('fmod', 0) === 1 ? left % right : left - Math.floor(left / right) * right,
      )(call),
  ],
  ['Max', ofAll(Math.max)],
  ['Min', ofAll(Math.min)],
  ['Clip', clipped],
  ['Neg', ofEach(value => -value)],
  ['Abs', ofEach(Math.abs)],
  ['Sqrt', ofEach(Math.sqrt)],
  ['Exp', ofEach(Math.exp)],
  ['Log', ofEach(Math.log)],
  ['Reciprocal', ofEach(value => 1 / value)],
  ['Relu', ofEach(value => Math.max(value, 0))],
  ['Not', ofEach(value => (Number.isNaN(value) ? value : Number(value === 0)))],
  ['Equal', truth((left, right) => left === right)],
  ['Greater', truth((left, right) => left > right)],
  ['GreaterOrEqual', truth((left, right) => left >= right)],
  ['Less', truth((left, right) => left < right)],
  ['LessOrEqual', truth((left, right) => left <= right)],
  ['And', truth((left, right) => left !== 0 && right !== 0)],
  ['Or', truth((left, right) => left !== 0 || right !== 0)],
  ['Where', chosen],
  ['Range', range],
  ['Expand', expanded],
  ...reductions,
]);

/** What a node gives if everything that it reads is constant. */
export function constantResult(call: NodeCall): Entry | undefined {
  const { opType } = call.node;
  if (opType === 'Constant') return held(call);
  if (opType === 'Shape') return shapeOf(call);
  if (opType === 'Size') return constantOf([], [sizeOf([...shapeOf(call).values])]);
  const fold = folds.get(opType);
  return fold && call.inputs.every(input => !input || input.kind === 'constant') ? fold(call) : undefined;
}
