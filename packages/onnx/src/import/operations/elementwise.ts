import { affine, aligned, alongLast, spread } from '../affine.js';
import { unary } from '../curves.js';
import type { Constant, Value } from '../entry.js';
import { type NodeCall, type Operation, refuse } from '../node-call.js';
import { limitsOf } from './chains.js';

function simple(call: NodeCall, className: string, config: Record<string, unknown>, atLeastZero = false): Value {
  const { list, name } = call;
  const input = list.settled(call.value());
  const { shape, perm } = input;
  return list.add({ className, name, config, inputs: [input], shape, perm, atLeastZero });
}

/** `min(max(x, low), high)` as a ReLU of the distance from `low`. */
function clipped(call: NodeCall, low: number, high: number): Value {
  const { list, name } = call;
  if (!Number.isFinite(low)) return refuse(`a lower bound of ${low}`);
  const [value, most] = [call.value(), high - low];
  if (!(most > 0)) return refuse(`bounds ${low} and ${high}`);
  const shifted =
    low === 0
      ? list.settled(value)
      : affine(list, list.settled(value), { scale: [1], offset: [-low] }, `${name}_shift`, false);
  const { shape, perm } = shifted;
  const config = Number.isFinite(most) ? { max_value: most } : {};
  const relu = list.add({ className: 'ReLU', name, config, inputs: [shifted], shape, perm, atLeastZero: true });
  return low === 0 ? relu : affine(list, relu, { scale: [1], offset: [low] }, `${name}_back`, false);
}

/** `min(max(α·x + β, 0), 1)`, as `relu6(6α·x + 6β) / 6`. */
function hardSigmoid(
  { list, name }: Pick<NodeCall, 'list' | 'name'>,
  value: Value,
  alpha: number,
  beta: number,
): Value {
  const before = affine(list, value, { scale: [6 * alpha], offset: [6 * beta] }, `${name}_scaled`, false);
  const { shape, perm } = before;
  const config = { max_value: 6 };
  const relu = list.add({
    className: 'ReLU',
    name: `${name}_relu6`,
    config,
    inputs: [before],
    shape,
    perm,
    atLeastZero: true,
  });
  return { ...affine(list, relu, { scale: [1 / 6], offset: [0] }, name, false), atLeastZero: true };
}

const hardSwish: Operation = call => {
  const { list, name } = call;
  const value = list.settled(call.value());
  const gate = hardSigmoid({ list, name: `${name}_gate` }, value, 1 / 6, 0.5);
  const { shape, perm } = value;
  return list.add({ className: 'Multiply', name, inputs: [value, gate], shape, perm });
};

/** Layers of two values. */
const layersOfTwo: Readonly<Record<string, string>> = {
  Add: 'Add',
  Sum: 'Add',
  Mul: 'Multiply',
  Max: 'Maximum',
  Min: 'Minimum',
  Mean: 'Average',
};

function merged(call: NodeCall, className: string, given: readonly Value[]): Value {
  const { list, name } = call;
  const inputs = aligned(list, given);
  const [first, ...others] = inputs as readonly [Value, ...Value[]];
  if (others.length === 0) return first;
  const shape = others.reduce((sides, other) => spread(sides, other.shape), [...first.shape]);
  const atLeastZero =
    className === 'Maximum' ? inputs.some(input => input.atLeastZero) : inputs.every(input => input.atLeastZero);
  return list.add({ className, name, inputs, shape, perm: first.perm, atLeastZero });
}

/** One value and one constant. */
function withConstant(call: NodeCall, given: Value, constant: Constant, at: number): Value {
  const { list, name, node } = call;
  const { value, numbers } = alongLast(list, given, constant);
  const isOnly = call.isOnlyReader(at);
  const fold = (scale: readonly number[], offset: readonly number[]): Value =>
    affine(list, value, { scale, offset }, name, isOnly);
  const [negative, inverse] = [numbers.map(number => -number), numbers.map(number => 1 / number)];
  const [only = 0] = numbers;
  if (node.opType === 'Add') return fold([1], numbers);
  if (node.opType === 'Mul') return fold(numbers, [0]);
  if (node.opType === 'Sub') return at === 0 ? fold([1], negative) : fold([-1], numbers);
  if (node.opType === 'Div' && at === 0)
    return inverse.every(Number.isFinite) ? fold(inverse, [0]) : refuse('division by 0');
  if (node.opType === 'Max' && numbers.length === 1) return clipped(call, only, Infinity);
  if (node.opType === 'Pow' && at === 0 && only === 2 && numbers.length === 1)
    return merged(call, 'Multiply', [value, value]);
  return refuse(at === 0 ? 'a constant as its second input' : 'a constant as its first input');
}

const two: Operation = call => {
  const { node, inputs, list, name } = call;
  const values = inputs.filter((input): input is Value => input?.kind === 'value');
  const at = inputs.findIndex(input => input?.kind === 'value');
  const constant = inputs.find((input): input is Constant => input?.kind === 'constant');
  if (inputs.length === 2 && values.length === 1 && constant)
    return withConstant(call, values[0] as Value, constant, at);
  if (values.length !== inputs.length) return refuse('a constant among its inputs');
  const [left, right] = values;
  if (node.opType === 'Sub' && left && right) {
    const minus = affine(list, list.settled(right), { scale: [-1], offset: [0] }, `${name}_minus`, false);
    return merged(call, 'Add', [left, minus]);
  }
  return merged(call, layersOfTwo[node.opType] ?? refuse('two values that are not constant'), values);
};

const selfName: Operation = () => refuse('');

/** Operations on each number; those of which a whole chain is an activation are told before. */
export const elementwise: Readonly<Record<string, Operation>> = {
  ...Object.fromEntries(['Add', 'Sub', 'Mul', 'Div', 'Max', 'Min', 'Pow', 'Sum', 'Mean'].map(name => [name, two])),
  ...Object.fromEntries([...unary.keys()].filter(name => !name.includes(' ')).map(name => [name, selfName])),
  Clip: call => clipped(call, ...limitsOf(call)),
  LeakyRelu: call => simple(call, 'LeakyReLU', { alpha: call.float('alpha', 0.01) }),
  ThresholdedRelu: call => simple(call, 'ThresholdedReLU', { theta: call.float('alpha', 1) }),
  Neg: call =>
    affine(call.list, call.list.settled(call.value()), { scale: [-1], offset: [0] }, call.name, call.isOnlyReader(0)),
  HardSigmoid: call =>
    hardSigmoid(call, call.list.settled(call.value()), call.float('alpha', 0.2), call.float('beta', 0.5)),
  HardSwish: hardSwish,
  Gelu: selfName,
};
