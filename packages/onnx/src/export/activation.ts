import type { GraphWriter } from './graph-writer.js';
import { refuse } from './layer-call.js';
import type { Value } from './value.js';

/** Writes an activation of a value under a name; gives the name of the result. */
type Writer = (graph: GraphWriter, name: string, input: Value) => string;

const single =
  (opType: string): Writer =>
  (graph, name, input) =>
    graph.emit(opType, name, [input.name]);

/** Along the channels, where they come last in TensorFlow.js. */
const alongChannels =
  (opType: string): Writer =>
  (graph, name, input) =>
    graph.emit(opType, name, [input.name], { axis: { integer: input.order === 'first' ? 1 : -1 } });

/** `0.5 · x · (1 + inner)`. */
function halved(graph: GraphWriter, name: string, input: Value, inner: string): string {
  const sum = graph.emit('Add', `${name}/sum`, [inner, graph.scalar(1)]);
  const product = graph.emit('Mul', `${name}/product`, [input.name, sum]);
  return graph.emit('Mul', name, [product, graph.scalar(0.5)]);
}

const gelu: Writer = (graph, name, input) => {
  const scaled = graph.emit('Div', `${name}/scaled`, [input.name, graph.scalar(Math.SQRT2)]);
  return halved(graph, name, input, graph.emit('Erf', `${name}/erf`, [scaled]));
};

/** The approximation by tanh. */
const geluNew: Writer = (graph, name, input) => {
  const cube = graph.emit('Pow', `${name}/cube`, [input.name, graph.scalar(3)]);
  const small = graph.emit('Mul', `${name}/small`, [cube, graph.scalar(0.044715)]);
  const sum = graph.emit('Add', `${name}/argument`, [input.name, small]);
  const scaled = graph.emit('Mul', `${name}/scaled`, [sum, graph.scalar(Math.sqrt(2 / Math.PI))]);
  return halved(graph, name, input, graph.emit('Tanh', `${name}/tanh`, [scaled]));
};

const writers: ReadonlyMap<string, Writer> = new Map<string, Writer>([
  ['relu', single('Relu')],
  ['relu6', (graph, name, input) => clip(graph, name, input, 6)],
  ['sigmoid', single('Sigmoid')],
  ['tanh', single('Tanh')],
  ['elu', single('Elu')],
  ['selu', single('Selu')],
  ['softplus', single('Softplus')],
  ['softsign', single('Softsign')],
  ['softmax', alongChannels('Softmax')],
  ['logSoftmax', alongChannels('LogSoftmax')],
  [
    'hardSigmoid',
    (graph, name, input) =>
      graph.emit('HardSigmoid', name, [input.name], { alpha: { float: 0.2 }, beta: { float: 0.5 } }),
  ],
  [
    'swish',
    (graph, name, input) =>
      graph.emit('Mul', name, [input.name, graph.emit('Sigmoid', `${name}/sigmoid`, [input.name])]),
  ],
  [
    'mish',
    (graph, name, input) => {
      const softplus = graph.emit('Softplus', `${name}/softplus`, [input.name]);
      return graph.emit('Mul', name, [input.name, graph.emit('Tanh', `${name}/tanh`, [softplus])]);
    },
  ],
  ['gelu', gelu],
  ['gelu_new', geluNew],
]);

/** Values below 0 become 0, those above `most` become `most`. */
export function clip(graph: GraphWriter, name: string, input: Value, most: number): string {
  return graph.emit('Clip', name, [input.name, graph.scalar(0), graph.scalar(most)]);
}

/** Adds an activation by TensorFlow.js's name. */
export function activate(graph: GraphWriter, name: string, input: Value, activation: unknown): Value {
  if (isLinear(activation)) return input;
  const writer = writers.get(String(activation));
  if (!writer) return refuse(`activation "${String(activation)}"`);
  return { ...input, name: writer(graph, name, input) };
}

export const isLinear = (activation: unknown): boolean =>
  activation === undefined || activation === null || activation === 'linear';

/** Name of what comes before an activation: the layer's own if there is none. */
export const before = (name: string, activation: unknown): string => (isLinear(activation) ? name : `${name}/linear`);
