import { withNodes } from '../graph/ends.js';
import type { Graph, GraphNode, TransposedConvolutionNode } from '../graph/graph.js';
import { sizeOf } from '../graph/shape-of.js';

/** A graph without transposed convolutions, and which node each convolution that replaces one comes from. */
export interface Expanded {
  readonly graph: Graph;
  readonly origins: ReadonlyMap<string, string>;
}

/**
 * Makes ordinary convolutions of transposed ones. Pixels of the result that are a stride apart read the same weights,
 * so all pixels of a block of `strides` are channels of one convolution of stride 1 over the input, whose window holds
 * every `stride`-th row and column of the kernel; places that a kernel does not have are zeros, which cost nothing.
 */
export function expandTransposed(graph: Graph): Expanded {
  const names = new Set(graph.nodes.map(({ name }) => name));
  const origins = new Map<string, string>();
  const nodes = graph.nodes.flatMap((node): GraphNode[] => {
    if (node.kind !== 'transposedConvolution') return [node];
    let name = `${node.name}/blocks`;
    while (names.has(name)) name += '_';
    names.add(name);
    origins.set(name, node.name);
    return expanded(node, name);
  });
  return { graph: withNodes(graph, nodes, name => name), origins };
}

/** How the pixels of one axis of the result follow from those of the input. */
interface Axis {
  /** Rows of the window. */
  readonly taps: number;
  /** Zeros in front of the input and behind it. */
  readonly before: number;
  readonly after: number;
  /** Blocks. */
  readonly blocks: number;
  /** Places of the first and of the last block that are not in the result. */
  readonly cutBefore: number;
  readonly cutAfter: number;
}

function axisOf(input: number, output: number, kernel: number, stride: number, pad: number): Axis {
  const taps = Math.ceil(kernel / stride);
  // Place `o` of the result is place `o + pad` before cutting: place `(o + pad) mod stride` of block `(o + pad) /
  // stride`.
  const [first, last] = [Math.floor(pad / stride), Math.floor((output - 1 + pad) / stride)];
  const blocks = last - first + 1;
  return {
    taps,
    before: taps - 1 - first,
    after: last + 1 - input,
    blocks,
    cutBefore: pad - first * stride,
    cutAfter: blocks * stride - (pad - first * stride) - output,
  };
}

function expanded(node: TransposedConvolutionNode, name: string): GraphNode[] {
  const { kernelShape, strides, padding, extra, shape, bias, activation, inputs } = node;
  const [height, width, channels, outputs] = kernelShape;
  const [outRows, outColumns] = shape as readonly [number, number, number];
  const inRows = (outRows + padding.top + padding.bottom - height - extra[0]) / strides[0] + 1;
  const inColumns = (outColumns + padding.left + padding.right - width - extra[1]) / strides[1] + 1;
  const rows = axisOf(inRows, outRows, height, strides[0], padding.top);
  const columns = axisOf(inColumns, outColumns, width, strides[1], padding.left);
  const places = strides[0] * strides[1];
  const convolution: GraphNode = {
    kind: 'convolution',
    name,
    inputs,
    shape: [rows.blocks, columns.blocks, places * outputs],
    kernel: blockKernel(node, rows.taps, columns.taps),
    kernelShape: [rows.taps, columns.taps, channels, places * outputs],
    ...(bias === undefined
      ? {}
      : { bias: Float32Array.from({ length: places * outputs }, (_, i) => bias[i % outputs] ?? 0) }),
    strides: [1, 1],
    dilations: [1, 1],
    padding: { top: rows.before, bottom: rows.after, left: columns.before, right: columns.after },
    groups: 1,
    activation,
  };
  const cut = { top: rows.cutBefore, bottom: rows.cutAfter, left: columns.cutBefore, right: columns.cutAfter };
  return [convolution, { kind: 'depthToSpace', name: node.name, inputs: [name], shape, block: strides, padding: cut }];
}

/** Row `y` of the kernel is read by row `y mod stride` of a block, at tap `taps - 1 - floor(y / stride)`. */
function blockKernel(node: TransposedConvolutionNode, rowTaps: number, columnTaps: number): Float32Array {
  const { kernel, kernelShape, strides } = node;
  const [height, width, channels, outputs] = kernelShape;
  const all = strides[0] * strides[1] * outputs;
  const result = new Float32Array(sizeOf([rowTaps, columnTaps, channels]) * all);
  for (let y = 0; y < height; y++) {
    const tapRow = rowTaps - 1 - Math.floor(y / strides[0]);
    for (let x = 0; x < width; x++) {
      const tap = tapRow * columnTaps + columnTaps - 1 - Math.floor(x / strides[1]);
      const part = ((y % strides[0]) * strides[1] + (x % strides[1])) * outputs;
      for (let channel = 0; channel < channels; channel++) {
        const from = ((y * width + x) * channels + channel) * outputs;
        result.set(kernel.subarray(from, from + outputs), (tap * channels + channel) * all + part);
      }
    }
  }
  return result;
}
