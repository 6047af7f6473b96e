import { inputsOf, outputsOf } from '../../src/graph/ends.js';
import type {
  AddNode,
  BinaryNode,
  ConvolutionNode,
  DenseNode,
  Graph,
  GraphNode,
  PoolNode,
  Shape,
  TransposedConvolutionNode,
  UpsamplingNode,
} from '../../src/graph/graph.js';
import { activate } from './activations.js';

/** A value and its shape. */
interface Valued {
  readonly shape: Shape;
  readonly values: Float64Array;
}

/**
 * What a graph computes, in double precision, by its definition and as slowly as that is: the oracle of passes and
 * plans. One image in, one value out; every node's value is kept if `keep` is given.
 */
export function interpret(graph: Graph, input: Float32Array, keep?: Map<string, Float64Array>): Float32Array {
  return interpretAll(graph, [input], keep)[0]!;
}

/** The same for a graph of several inputs and results. */
export function interpretAll(
  graph: Graph,
  inputs: readonly Float32Array[],
  keep?: Map<string, Float64Array>,
): readonly Float32Array[] {
  const values = new Map(
    inputsOf(graph).map(({ name, shape }, index): [string, Valued] => [
      name,
      { shape, values: Float64Array.from(inputs[index]!) },
    ]),
  );
  for (const node of graph.nodes) {
    const result = evaluate(
      node,
      node.inputs.map(name => values.get(name)!),
    );
    values.set(node.name, { shape: node.shape, values: result });
    keep?.set(node.name, result);
  }
  return outputsOf(graph).map(name => Float32Array.from(values.get(name)!.values));
}

function evaluate(node: GraphNode, inputs: readonly Valued[]): Float64Array {
  const [x, y] = inputs as [Valued, Valued | undefined];
  switch (node.kind) {
    case 'convolution':
      return convolution(node, x, y?.values);
    case 'dense':
      return dense(node, x.values);
    case 'normalization':
      return x.values.map((value, index) => {
        const channel = index % node.scale.length;
        return value * node.scale[channel]! + node.offset[channel]!;
      });
    case 'activation':
      return x.values.map(value => activate(value, node.activation));
    case 'add':
    case 'multiply':
    case 'subtract':
    case 'maximum':
    case 'minimum':
      return binary(node, x, y!);
    case 'prelu':
      return x.values.map((value, index) => (value < 0 ? node.slope[index % node.slope.length]! * value : value));
    case 'transposedConvolution':
      return transposed(node, x);
    case 'crop':
      return moved(node.shape, x, (row, column, channel) => [
        row + node.padding.top,
        column + node.padding.left,
        channel,
      ]);
    case 'upsampling':
      return upsampled(node, x);
    case 'depthToSpace': {
      const [rows, columns] = node.block;
      return moved(node.shape, x, (outRow, outColumn, channel) => {
        const [row, column] = [outRow + node.padding.top, outColumn + node.padding.left];
        const part = (row % rows) * columns + (column % columns);
        return [Math.floor(row / rows), Math.floor(column / columns), part * node.shape[2]! + channel];
      });
    }
    case 'permute':
      return moved(node.shape, x, (...place) => {
        const from = [0, 0, 0] as [number, number, number];
        for (const [axis, source] of node.order.entries()) from[source] = place[axis]!;
        return from;
      });
    case 'concat':
      return concat(inputs);
    case 'pool':
      return pool(node, x);
    case 'globalPool': {
      const [height, width] = x.shape as [number, number, number];
      const none = { top: 0, bottom: 0, left: 0, right: 0 };
      return pool(
        { ...node, kind: 'pool', size: [height, width], strides: [1, 1], padding: none, shape: [1, 1, node.shape[0]] },
        x,
      );
    }
    case 'zeroPadding': {
      const result = new Float64Array(size(node.shape));
      const [height, width, channels] = x.shape as [number, number, number];
      each([height, width, channels], (row, column, channel) => {
        const at = offset(node.shape, row + node.padding.top, column + node.padding.left, channel);
        result[at] = x.values[offset(x.shape, row, column, channel)]!;
      });
      return result;
    }
    case 'flatten':
    case 'reshape':
      return x.values;
    case 'softmax': {
      const channels = x.shape.at(-1)!;
      const result = new Float64Array(x.values.length);
      for (let at = 0; at < result.length; at += channels) {
        const vector = x.values.subarray(at, at + channels);
        const largest = Math.max(...vector);
        const powers = vector.map(value => Math.exp(value - largest));
        const sum = powers.reduce((total, power) => total + power, 0);
        result.set(
          powers.map(power => power / sum),
          at,
        );
      }
      return result;
    }
  }
}

/** Entry by entry, with what is smaller repeated. */
function binary(node: BinaryNode | AddNode, x: Valued, y: Valued): Float64Array {
  const image = (shape: Shape): [number, number, number] =>
    shape.length === 1 ? [1, 1, shape[0]] : ([...shape] as [number, number, number]);
  const at = ({ shape, values }: Valued, ...place: readonly [number, number, number]): number => {
    const own = image(shape);
    const [row, column, channel] = place.map((index, axis) => (own[axis] === 1 ? 0 : index)) as typeof own;
    return values[(row * own[1] + column) * own[2] + channel]!;
  };
  const operations = {
    add: (a: number, b: number) => a + b,
    multiply: (a: number, b: number) => a * b,
    subtract: (a: number, b: number) => a - b,
    maximum: Math.max,
    minimum: Math.min,
  };
  const result: number[] = [];
  each(image(node.shape), (...place) => {
    result.push(activate(operations[node.kind](at(x, ...place), at(y, ...place)), node.activation));
  });
  return Float64Array.from(result);
}

type Place = readonly [row: number, column: number, channel: number];

function moved(shape: Shape, x: Valued, from: (...place: Place) => Place): Float64Array {
  const result = new Float64Array(size(shape));
  each(shape, (...place) => {
    result[offset(shape, ...place)] = x.values[offset(x.shape, ...from(...place))]!;
  });
  return result;
}

function upsampled({ shape, factors, mode, centers }: UpsamplingNode, x: Valued): Float64Array {
  const [rows, columns] = factors;
  if (mode === 'nearest') {
    return moved(shape, x, (row, column, channel) => [Math.floor(row / rows), Math.floor(column / columns), channel]);
  }
  const exact = (place: number, factor: number, length: number): number => {
    const at = centers === 'half' ? (place + 0.5) / factor - 0.5 : place / factor;
    return Math.min(Math.max(at, 0), length - 1);
  };
  const result = new Float64Array(size(shape));
  each(shape, (row, column, channel) => {
    const [y, left] = [exact(row, rows, x.shape[0]), exact(column, columns, x.shape[1]!)];
    let sum = 0;
    for (let r = 0; r < x.shape[0]; r++) {
      for (let c = 0; c < x.shape[1]!; c++) {
        const weight = Math.max(0, 1 - Math.abs(y - r)) * Math.max(0, 1 - Math.abs(left - c));
        sum += weight * x.values[offset(x.shape, r, c, channel)]!;
      }
    }
    result[offset(shape, row, column, channel)] = sum;
  });
  return result;
}

/** By its definition: every pixel adds its products to the places that its kernel covers. */
function transposed(node: TransposedConvolutionNode, x: Valued): Float64Array {
  const { kernel, kernelShape, strides, padding, shape, bias, activation } = node;
  const [height, width, inputs, outputs] = kernelShape;
  const sums = new Float64Array(size(shape)).map((_, index) => bias?.[index % outputs] ?? 0);
  each(x.shape, (row, column, input) => {
    for (let tap = 0; tap < height * width; tap++) {
      const outRow = row * strides[0] + Math.floor(tap / width) - padding.top;
      const outColumn = column * strides[1] + (tap % width) - padding.left;
      if (outRow < 0 || outColumn < 0 || outRow >= shape[0] || outColumn >= shape[1]!) continue;
      for (let out = 0; out < outputs; out++) {
        const at = offset(shape, outRow, outColumn, out);
        sums[at]! += x.values[offset(x.shape, row, column, input)]! * kernel[(tap * inputs + input) * outputs + out]!;
      }
    }
  });
  return sums.map(value => activate(value, activation));
}

const size = (shape: Shape): number => shape.reduce<number>((product, length) => product * length, 1);

function offset(shape: Shape, row: number, column: number, channel: number): number {
  return (row * shape[1]! + column) * shape[2]! + channel;
}

function each(shape: Shape, visit: (row: number, column: number, channel: number) => void): void {
  for (let row = 0; row < shape[0]; row++) {
    for (let column = 0; column < shape[1]!; column++) {
      for (let channel = 0; channel < shape[2]!; channel++) visit(row, column, channel);
    }
  }
}

/** Calls `visit` for the places of a window that lie in the image. */
function window(
  [height, width]: readonly [number, number],
  dilations: readonly [number, number],
  top: number,
  left: number,
  [imageHeight, imageWidth]: Shape,
  visit: (row: number, column: number, tapRow: number, tapColumn: number) => void,
): void {
  for (let tapRow = 0; tapRow < height; tapRow++) {
    const row = top + tapRow * dilations[0];
    if (row < 0 || row >= imageHeight) continue;
    for (let tapColumn = 0; tapColumn < width; tapColumn++) {
      const column = left + tapColumn * dilations[1];
      if (column >= 0 && column < imageWidth!) visit(row, column, tapRow, tapColumn);
    }
  }
}

function convolution(node: ConvolutionNode, x: Valued, residual?: Float64Array): Float64Array {
  const { kernel, kernelShape, strides, dilations, padding, groups } = node;
  const [height, width, inputs, outputs] = kernelShape;
  const result = new Float64Array(size(node.shape));
  each(node.shape, (outRow, outColumn, out) => {
    const firstInput = Math.floor(out / (outputs / groups)) * inputs;
    let sum = node.bias?.[out] ?? 0;
    const top = outRow * strides[0] - padding.top;
    const left = outColumn * strides[1] - padding.left;
    window([height, width], dilations, top, left, x.shape, (row, column, tapRow, tapColumn) => {
      const tap = (tapRow * width + tapColumn) * inputs * outputs;
      for (let input = 0; input < inputs; input++) {
        const weight = kernel[tap + input * outputs + out]!;
        sum += weight * x.values[offset(x.shape, row, column, firstInput + input)]!;
      }
    });
    const at = offset(node.shape, outRow, outColumn, out);
    result[at] = activate(sum + (residual?.[at] ?? 0), node.activation);
  });
  return result;
}

function dense(node: DenseNode, x: Float64Array): Float64Array {
  const [outputs] = node.shape;
  return new Float64Array(outputs).map((_, out) => {
    let sum = node.bias?.[out] ?? 0;
    for (let input = 0; input < x.length; input++) sum += x[input]! * node.kernel[input * outputs + out]!;
    return activate(sum, node.activation);
  });
}

function pool(node: PoolNode, x: Valued): Float64Array {
  const result = new Float64Array(size(node.shape));
  each(node.shape, (outRow, outColumn, channel) => {
    const seen: number[] = [];
    const top = outRow * node.strides[0] - node.padding.top;
    const left = outColumn * node.strides[1] - node.padding.left;
    window(node.size, [1, 1], top, left, x.shape, (row, column) => {
      seen.push(x.values[offset(x.shape, row, column, channel)]!);
    });
    const sum = seen.reduce((total, value) => total + value, 0);
    result[offset(node.shape, outRow, outColumn, channel)] =
      node.mode === 'max' ? Math.max(...seen) : sum / seen.length;
  });
  return result;
}

function concat(inputs: readonly Valued[]): Float64Array {
  const channels = inputs.map(({ shape }) => shape.at(-1)!);
  const pixels = inputs[0]!.values.length / channels[0]!;
  const result: number[] = [];
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (const [index, { values }] of inputs.entries()) {
      result.push(...values.subarray(pixel * channels[index]!, (pixel + 1) * channels[index]!));
    }
  }
  return Float64Array.from(result);
}
