import * as tf from '@tensorflow/tfjs-core';
import { type Family, say, withGradients } from './case.js';
import type { Random } from './random.js';

type Unary = (x: tf.Tensor) => tf.Tensor;

const UNARY: Readonly<Record<string, Unary>> = {
  abs: tf.abs,
  acos: tf.acos,
  acosh: tf.acosh,
  asin: tf.asin,
  asinh: tf.asinh,
  atan: tf.atan,
  atanh: tf.atanh,
  ceil: tf.ceil,
  clip: x => tf.clipByValue(x, -0.5, 1.5),
  cos: tf.cos,
  cosh: tf.cosh,
  elu: tf.elu,
  erf: tf.erf,
  exp: tf.exp,
  expm1: tf.expm1,
  floor: tf.floor,
  identity: x => tf.clone(x),
  isFinite: tf.isFinite,
  isInf: tf.isInf,
  isNaN: tf.isNaN,
  leakyRelu: x => tf.leakyRelu(x, 0.3),
  log: tf.log,
  log1p: tf.log1p,
  logSigmoid: tf.logSigmoid,
  neg: tf.neg,
  onesLike: tf.onesLike,
  reciprocal: tf.reciprocal,
  relu: tf.relu,
  relu6: tf.relu6,
  round: tf.round,
  rsqrt: tf.rsqrt,
  selu: tf.selu,
  sigmoid: tf.sigmoid,
  sign: tf.sign,
  sin: tf.sin,
  sinh: tf.sinh,
  softplus: tf.softplus,
  sqrt: tf.sqrt,
  square: tf.square,
  step: x => tf.step(x, 0.2),
  tan: tf.tan,
  tanh: tf.tanh,
  toBool: x => tf.cast(x, 'bool'),
  toFloat: x => tf.cast(x, 'float32'),
  toInt: x => tf.cast(x, 'int32'),
  zerosLike: tf.zerosLike,
};

/** Not differentiable, or with an output that is no float. */
const FLAT = new Set(['isFinite', 'isInf', 'isNaN', 'onesLike', 'zerosLike', 'toBool', 'toInt']);
/** Of these wasm cannot tell large angles apart. */
const ANGLES = new Set(['cos', 'sin', 'tan']);
const INTEGRAL = new Set([
  'abs',
  'clip',
  'isFinite',
  'isInf',
  'isNaN',
  'neg',
  'relu',
  'square',
  'toBool',
  'toFloat',
  'toInt',
]);
const DOMAIN: Readonly<Record<string, readonly [number, number]>> = {
  acos: [-0.9, 0.9],
  acosh: [1.1, 5],
  asin: [-0.9, 0.9],
  atanh: [-0.9, 0.9],
  log: [0.1, 4],
  log1p: [-0.8, 4],
  rsqrt: [0.1, 4],
  sqrt: [0.1, 4],
  reciprocal: [0.2, 3],
  tan: [-1.2, 1.2],
};

const unaryForward: Family = random => {
  const op = random.pick(Object.keys(UNARY));
  const shape = random.pick([random.shape(0, 4), [0], [2, 0, 3], [random.int(1, 70)]]);
  // On cpu too, most functions take integers for what they are not.
  const x = INTEGRAL.has(op)
    ? random.pick([random.floats(shape, 3), random.ints(shape)])
    : random.pick([random.floats(shape, 3), ANGLES.has(op) ? random.ties(shape) : random.special(shape)]);
  return { name: `${op} ${say({ shape, dtype: kindOf(x) })}`, compute: () => UNARY[op]!(x()), tolerance: 2e-5 };
};

const unaryGradient: Family = random => {
  const op = random.pick(Object.keys(UNARY).filter(name => !FLAT.has(name)));
  const shape = random.shape(0, 4);
  const [from, to] = DOMAIN[op] ?? [-3, 3];
  const x = DOMAIN[op] === undefined && random.bool() ? random.ties(shape) : random.between(shape, from, to);
  return { name: `grad ${op} ${say({ shape })}`, compute: () => withGradients([x], UNARY[op]!), tolerance: 5e-5 };
};

type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

const ARITHMETIC: Readonly<Record<string, Binary>> = {
  add: tf.add,
  atan2: tf.atan2,
  div: tf.div,
  divNoNan: tf.divNoNan,
  floorDiv: tf.floorDiv,
  maximum: tf.maximum,
  minimum: tf.minimum,
  mod: tf.mod,
  mul: tf.mul,
  pow: tf.pow,
  prelu: (a, b) => tf.prelu(a, b),
  squaredDifference: tf.squaredDifference,
  sub: tf.sub,
};
const COMPARISON: Readonly<Record<string, Binary>> = {
  equal: tf.equal,
  greater: tf.greater,
  greaterEqual: tf.greaterEqual,
  less: tf.less,
  lessEqual: tf.lessEqual,
  notEqual: tf.notEqual,
};
const LOGIC: Readonly<Record<string, Binary>> = {
  logicalAnd: tf.logicalAnd,
  logicalOr: tf.logicalOr,
  logicalXor: tf.logicalXor,
};

const INTEGER_DIVISION = new Set(['mod', 'pow']);

/** Two shapes that broadcast. */
function broadcastShapes(random: Random): [number[], number[]] {
  const whole = random.shape(0, 4);
  const part = (): number[] =>
    whole.slice(random.int(0, whole.length)).map(size => (random.int(0, 2) === 0 ? 1 : size));
  const kind = random.int(0, 4);
  if (kind === 0) return [whole, whole];
  if (kind === 1) return [whole, part()];
  if (kind === 2) return [part(), whole];
  if (kind === 3) return [part(), part()];
  return [[0], [1]];
}

const binaryForward: Family = random => {
  const [a, b] = broadcastShapes(random);
  // On cpu the whole part of a quotient of floats is an integer.
  const op = random.pick([
    ...Object.keys(ARITHMETIC).filter(name => name !== 'floorDiv' && name !== 'prelu'),
    ...Object.keys(COMPARISON),
  ]);
  const make = random.pick([
    (shape: number[]) => random.floats(shape, 3),
    (shape: number[]) => random.special(shape),
    (shape: number[]) => random.ints(shape),
    // A power of these leaves the range of 32 bits, where every backend gives something else.
    (shape: number[]) => (op === 'pow' ? random.ints(shape) : random.ints(shape, -70000, 70000)),
  ]);
  // An integer divided by 0, or to the power of a negative one, is nothing in particular.
  const [left, right] = [make(a), INTEGER_DIVISION.has(op) ? random.ints(b, 1, 5) : make(b)];
  const run = ARITHMETIC[op] ?? COMPARISON[op]!;
  return {
    name: `${op} ${say({ a, b, dtypes: [kindOf(left), kindOf(right)] })}`,
    compute: () => run(left(), right()),
  };
};

const logicForward: Family = random => {
  const [a, b] = broadcastShapes(random);
  const op = random.pick(Object.keys(LOGIC));
  const [left, right] = [random.bools(a), random.bools(b)];
  return {
    name: `${op} ${say({ a, b })}`,
    compute: () => [LOGIC[op]!(left(), right()), tf.logicalNot(left())],
  };
};

const binaryGradient: Family = random => {
  const [a, b] = broadcastShapes(random);
  // On cpu the whole part of a quotient of floats is an integer.
  const op = random.pick(Object.keys(ARITHMETIC).filter(name => name !== 'floorDiv'));
  const positive =
    op === 'pow' || op === 'div' || op === 'mod' || op === 'floorDiv' || op === 'divNoNan' || op === 'atan2';
  const make = (shape: number[]) =>
    positive ? random.between(shape, 0.3, 3) : random.bool() ? random.ties(shape) : random.floats(shape, 2);
  const [left, right] = [make(a), make(b)];
  return {
    name: `grad ${op} ${say({ a, b })}`,
    compute: () => withGradients([left, right], ARITHMETIC[op]!),
    tolerance: 5e-5,
  };
};

const select: Family = random => {
  const shape = random.shape(1, 4);
  const condition = random.bools(random.bool() ? shape : random.pick([[shape[0]!], shape]));
  const [a, b] = random.bool()
    ? [random.floats(shape), random.floats(shape)]
    : [random.ints(shape), random.ints(shape)];
  return {
    name: `where ${say({ shape, dtype: kindOf(a) })}`,
    compute: () => tf.where(condition() as tf.Tensor, a(), b()),
  };
};

const selectGradient: Family = random => {
  const shape = random.shape(1, 4);
  const condition = random.bools(shape);
  const [left, right] = [random.floats(shape), random.floats(shape)];
  return {
    name: `grad where ${say({ shape })}`,
    compute: () => withGradients([left, right], (a, b) => tf.where(condition(), a, b)),
  };
};

const addN: Family = random => {
  const shape = random.shape(0, 3);
  const terms = Array.from({ length: random.int(1, 4) }, () => random.floats(shape));
  return {
    name: `addN ${say({ shape, terms: terms.length })}`,
    compute: () => withGradients(terms, (...all) => tf.addN(all)),
  };
};

export function kindOf(make: () => tf.Tensor): string {
  return tf.tidy(() => make().dtype);
}

export const elementwise: Readonly<Record<string, Family>> = {
  unaryForward,
  unaryGradient,
  binaryForward,
  logicForward,
  binaryGradient,
  select,
  addN,
  selectGradient,
};
