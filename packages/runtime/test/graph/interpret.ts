import type {
  Activation,
  ConvolutionNode,
  DenseNode,
  Graph,
  GraphNode,
  PoolNode,
  Shape,
} from '../../src/graph/graph.js';

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
  const values = new Map<string, Valued>([
    [graph.input.name, { shape: graph.input.shape, values: Float64Array.from(input) }],
  ]);
  for (const node of graph.nodes) {
    const result = evaluate(
      node,
      node.inputs.map(name => values.get(name)!),
    );
    values.set(node.name, { shape: node.shape, values: result });
    keep?.set(node.name, result);
  }
  return Float32Array.from(values.get(graph.output)!.values);
}

export function activate(value: number, activation: Activation): number {
  if (activation === 'linear') return value;
  return activation === 'relu' ? Math.max(0, value) : Math.min(Math.max(0, value), 6);
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
      return x.values.map((value, index) => activate(value + y!.values[index]!, node.activation));
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
      return x.values;
    case 'softmax': {
      const largest = Math.max(...x.values);
      const powers = x.values.map(value => Math.exp(value - largest));
      const sum = powers.reduce((total, power) => total + power, 0);
      return powers.map(power => power / sum);
    }
  }
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
