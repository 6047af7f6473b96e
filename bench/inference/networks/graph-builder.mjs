/**
 * Builds a graph of `@espalier/runtime` (plain data) node by node; kernels stay empty until `weights.mjs` fills them.
 */
export class GraphBuilder {
  nodes = [];
  #shapes = new Map();

  constructor(shape) {
    this.input = { name: 'image', shape };
    this.#shapes.set('image', shape);
  }

  shape(name) {
    return this.#shapes.get(name);
  }

  #add(node) {
    this.nodes.push(node);
    this.#shapes.set(node.name, node.shape);
    return node.name;
  }

  convolution(name, input, { filters, size, stride = 1, padding, activation = 'linear', depthwise = false }) {
    const [height, width, channels] = this.shape(input);
    const { top, bottom, left, right } = padding ?? around((size - 1) / 2);
    const outputs = depthwise ? channels : filters;
    return this.#add({
      kind: 'convolution',
      name,
      inputs: [input],
      shape: [
        Math.floor((height + top + bottom - size) / stride) + 1,
        Math.floor((width + left + right - size) / stride) + 1,
        outputs,
      ],
      kernel: new Float32Array(0),
      kernelShape: [size, size, depthwise ? 1 : channels, outputs],
      strides: [stride, stride],
      dilations: [1, 1],
      padding: { top, bottom, left, right },
      groups: depthwise ? channels : 1,
      activation,
    });
  }

  add(name, inputs, activation) {
    return this.#add({ kind: 'add', name, inputs, shape: this.shape(inputs[0]), activation });
  }

  pool(name, input, { mode, size, stride, padding }) {
    const [height, width, channels] = this.shape(input);
    const side = length => Math.floor((length + 2 * padding - size) / stride) + 1;
    return this.#add({
      kind: 'pool',
      name,
      inputs: [input],
      shape: [side(height), side(width), channels],
      mode,
      size: [size, size],
      strides: [stride, stride],
      padding: around(padding),
    });
  }

  globalAverage(name, input) {
    return this.#add({
      kind: 'globalPool',
      name,
      inputs: [input],
      shape: [this.shape(input)[2]],
      mode: 'average',
    });
  }

  dense(name, input, units) {
    return this.#add({
      kind: 'dense',
      name,
      inputs: [input],
      shape: [units],
      kernel: new Float32Array(0),
      activation: 'linear',
    });
  }

  finish(output) {
    return { input: this.input, nodes: this.nodes, output };
  }
}

const around = pixels => ({ top: pixels, bottom: pixels, left: pixels, right: pixels });
