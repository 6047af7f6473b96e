import type { Attribute, Initializer, OnnxNode } from '../src/format/model.js';

/** Nodes on one input `x`, of which the last gives `y`. */
export interface Form {
  readonly opset?: number;
  /** Shape of the input without the batch. */
  readonly shape: readonly number[];
  readonly nodes: readonly OnnxNode[];
  readonly initializers?: readonly Initializer[];
}

type Attributes = Readonly<Record<string, Attribute>>;

const node = (opType: string, inputs: string[], attributes: Attributes = {}, output = 'y'): OnnxNode => ({
  opType,
  name: `${opType}_${output}`,
  inputs,
  outputs: [output],
  attributes,
});

const ints = (...integers: number[]): Attribute => ({ integers });
const int = (integer: number): Attribute => ({ integer });
const text = (value: string): Attribute => ({ text: value });

const numbers = (name: string, ...shape: number[]): Initializer => {
  const size = shape.reduce((product, side) => product * side, 1);
  return { name, shape, values: Float32Array.from({ length: size }, (_, i) => Math.sin(i * 1.7 + name.length) * 0.8) };
};
const floats = (name: string, shape: number[], ...values: number[]): Initializer => ({
  name,
  shape,
  values: Float32Array.from(values),
});
const longs = (name: string, ...values: number[]): Initializer => ({
  name,
  shape: [values.length],
  values: BigInt64Array.from(values, BigInt),
});

const image = [4, 9, 7];
const conv = (attributes: Attributes, ...kernel: number[]): Form => ({
  shape: image,
  nodes: [node('Conv', ['x', 'w', 'b'], attributes)],
  initializers: [numbers('w', ...kernel), numbers('b', kernel[0] as number)],
});
const transposed = (attributes: Attributes, side: number): Form => ({
  shape: image,
  nodes: [node('ConvTranspose', ['x', 'w'], attributes)],
  initializers: [numbers('w', 4, 3, side, side)],
});
const pool = (opType: string, attributes: Attributes, before: OnnxNode[] = []): Form => ({
  shape: image,
  nodes: [...before, node(opType, [before.length > 0 ? 'r' : 'x'], attributes)],
});
const relu = [node('Relu', ['x'], {}, 'r')];
const window = (side: number, stride: number): Attributes => ({
  kernel_shape: ints(side, side),
  strides: ints(stride, stride),
});
const one = (opType: string, attributes: Attributes = {}, shape: readonly number[] = image): Form => ({
  shape,
  nodes: [node(opType, ['x'], attributes)],
});
const two = (opType: string, constant: Initializer, first = false, shape: readonly number[] = image): Form => ({
  shape,
  nodes: [node(opType, first ? [constant.name, 'x'] : ['x', constant.name])],
  initializers: [constant],
});
const resize = (attributes: Attributes): Form => ({
  shape: image,
  nodes: [node('Resize', ['x', '', 's'], attributes)],
  initializers: [floats('s', [4], 1, 1, 2, 3)],
});

/** What is read, in the forms that exporters write; compared with ONNX Runtime. */
/** A part along some axes. */
const sliced = (shape: readonly number[], from: number[], to: number[], axes: number[]): Form => ({
  shape,
  nodes: [node('Slice', ['x', 'from', 'to', 'axes'])],
  initializers: [longs('from', ...from), longs('to', ...to), longs('axes', ...axes)],
});
/** Some of the parts of an image, behind each other; without sizes there are two. */
const split = (wanted: readonly number[], attributes: Attributes, ...sizes: number[]): Form => ({
  opset: 18,
  shape: image,
  nodes: [
    {
      ...node('Split', ['x', ...(sizes.length > 0 ? ['sizes'] : [])], attributes),
      outputs: Array.from({ length: sizes.length || 2 }, (_, i) => `part${i}`),
    },
    node(
      'Concat',
      wanted.map(i => `part${i}`),
      { axis: attributes.axis ?? int(1) },
    ),
  ],
  initializers: sizes.length > 0 ? [longs('sizes', ...sizes)] : [],
});

export const readForms: Readonly<Record<string, Form>> = {
  'Conv SAME_UPPER': conv({ auto_pad: text('SAME_UPPER'), strides: ints(2, 2) }, 5, 4, 3, 3),
  'Conv SAME_LOWER': conv({ auto_pad: text('SAME_LOWER'), strides: ints(2, 2) }, 5, 4, 4, 4),
  'Conv pads of one side': conv({ pads: ints(0, 2, 1, 0) }, 5, 4, 3, 2),
  'Conv dilations': conv({ dilations: ints(2, 2), pads: ints(2, 2, 2, 2) }, 5, 4, 3, 3),
  'Conv group of each channel': conv({ group: int(4), pads: ints(1, 1, 1, 1), strides: ints(2, 2) }, 8, 1, 3, 3),
  'ConvTranspose pads': transposed({ strides: ints(2, 2), pads: ints(1, 1, 1, 1), output_padding: ints(1, 1) }, 3),
  'ConvTranspose without pads': transposed({ strides: ints(2, 2) }, 3),
  'ConvTranspose cut on all sides': transposed({ pads: ints(1, 2, 2, 0) }, 4),
  'MaxPool ceil_mode behind Relu': pool('MaxPool', { ...window(3, 2), ceil_mode: int(1) }, relu),
  'MaxPool ceil_mode beyond the image': pool('MaxPool', { ...window(2, 2), ceil_mode: int(1) }, relu),
  'MaxPool pads behind Relu': pool('MaxPool', { ...window(3, 2), pads: ints(1, 1, 1, 1) }, relu),
  'MaxPool pads of any numbers': pool('MaxPool', { ...window(3, 2), pads: ints(1, 1, 1, 1) }),
  'MaxPool pads of any numbers, in other steps': pool('MaxPool', {
    kernel_shape: ints(3, 5),
    strides: ints(3, 2),
    pads: ints(1, 2, 1, 2),
  }),
  'MaxPool pads of any numbers of a sequence': {
    shape: [4, 10],
    nodes: [node('MaxPool', ['x'], { kernel_shape: ints(3), strides: ints(2), pads: ints(1, 1) })],
  },
  'MaxPool SAME_UPPER': pool('MaxPool', { ...window(3, 2), auto_pad: text('SAME_UPPER') }),
  'AveragePool count_include_pad': pool('AveragePool', {
    ...window(3, 2),
    pads: ints(1, 1, 1, 1),
    count_include_pad: int(1),
  }),
  'AveragePool SAME_UPPER': pool('AveragePool', { ...window(2, 2), auto_pad: text('SAME_UPPER') }),
  GlobalMaxPool: one('GlobalMaxPool'),
  'ReduceMean of rows': one('ReduceMean', { axes: ints(2), keepdims: int(0) }),
  'ReduceMax of rows': one('ReduceMax', { axes: ints(2), keepdims: int(0) }),
  'ReduceMax of all places': one('ReduceMax', { axes: ints(-1, -2) }),
  'Gemm with factors': {
    shape: [4],
    nodes: [node('Gemm', ['x', 'w', 'b'], { alpha: { float: 0.5 }, beta: { float: 2 }, transB: int(1) })],
    initializers: [numbers('w', 3, 4), numbers('b', 1, 3)],
  },
  'MatMul and Add': {
    shape: [4],
    nodes: [node('MatMul', ['x', 'w'], {}, 'p'), node('Add', ['b', 'p'])],
    initializers: [numbers('w', 4, 3), numbers('b', 3)],
  },
  'MatMul of a turned constant': {
    shape: [4],
    nodes: [node('Transpose', ['w'], { perm: ints(1, 0) }, 't'), node('MatMul', ['x', 't'])],
    initializers: [numbers('w', 3, 4)],
  },
  'MatMul of a sequence': {
    shape: [5, 4],
    nodes: [node('MatMul', ['x', 'w'])],
    initializers: [numbers('w', 4, 3)],
  },
  'Clip by attributes': { ...one('Clip', { min: { float: 0 }, max: { float: 6 } }), opset: 10 },
  'Clip from -1 to 2': {
    shape: image,
    nodes: [node('Clip', ['x', 'l', 'h'])],
    initializers: [floats('l', [], -1), floats('h', [], 2)],
  },
  LeakyRelu: one('LeakyRelu', { alpha: { float: 0.2 } }),
  'PRelu of channels': two('PRelu', numbers('s', 4, 1, 1)),
  'PRelu of one slope': two('PRelu', floats('s', [1], 0.3)),
  Elu: one('Elu'),
  Selu: one('Selu'),
  Softplus: one('Softplus'),
  Softsign: one('Softsign'),
  ThresholdedRelu: one('ThresholdedRelu', { alpha: { float: 0.4 } }),
  Neg: one('Neg'),
  HardSigmoid: one('HardSigmoid'),
  'HardSigmoid of another slope': one('HardSigmoid', { alpha: { float: 0.3 }, beta: { float: 0.4 } }),
  HardSwish: one('HardSwish'),
  Mish: { ...one('Mish'), opset: 18 },
  Gelu: { ...one('Gelu'), opset: 20 },
  'Gelu by tanh': { ...one('Gelu', { approximate: text('tanh') }), opset: 20 },
  'Softmax of channels': one('Softmax', { axis: int(1) }),
  'Softmax of columns': one('Softmax', { axis: int(-1) }),
  LogSoftmax: one('LogSoftmax', { axis: int(1) }, [5]),
  LayerNormalization: {
    shape: [5, 4],
    nodes: [node('LayerNormalization', ['x', 'g', 'b'])],
    initializers: [numbers('g', 4), numbers('b', 4)],
  },
  'Add of numbers for channels': two('Add', numbers('c', 4, 1, 1)),
  'Mul of numbers for columns': two('Mul', numbers('c', 7)),
  'Sub from a constant': two('Sub', numbers('c', 1, 4, 1, 1), true),
  'Div by a constant': two('Div', floats('c', [], 3)),
  'Max with a constant': two('Max', floats('c', [], 0.3)),
  'Pow of two': two('Pow', floats('c', [], 2)),
  'Sub of two values': { shape: image, nodes: [node('Sigmoid', ['x'], {}, 's'), node('Sub', ['x', 's'])] },
  'Sum, Mean, Min and Max of values': {
    shape: image,
    nodes: [
      node('Tanh', ['x'], {}, 't'),
      node('Sum', ['x', 't', 'x'], {}, 'a'),
      node('Mean', ['x', 't', 'a'], {}, 'b'),
      node('Max', ['b', 'x', 't'], {}, 'c'),
      node('Min', ['c', 'a']),
    ],
  },
  'Conv, then numbers for channels': {
    shape: image,
    nodes: [node('Conv', ['x', 'w'], {}, 'c'), node('Mul', ['c', 'm'], {}, 'd'), node('Add', ['d', 'a'])],
    initializers: [numbers('w', 5, 4, 3, 3), numbers('m', 1, 5, 1, 1), numbers('a', 5, 1, 1)],
  },
  'Conv that two read, one of them with numbers for channels': {
    shape: image,
    nodes: [
      node('Conv', ['x', 'w'], {}, 'c'),
      node('Identity', ['c'], {}, 'i'),
      node('Mul', ['i', 'm'], {}, 'd'),
      node('Add', ['d', 'c']),
    ],
    initializers: [numbers('w', 5, 4, 3, 3), numbers('m', 1, 5, 1, 1)],
  },
  'Concat of columns': {
    shape: image,
    nodes: [node('Relu', ['x'], {}, 'r'), node('Concat', ['x', 'r'], { axis: int(-1) })],
  },
  Pad: { shape: image, nodes: [node('Pad', ['x', 'p'])], initializers: [longs('p', 0, 0, 1, 0, 0, 0, 2, 3)] },
  'Conv of two groups': conv({ group: int(2), pads: ints(1, 0, 1, 2), strides: ints(2, 1) }, 6, 2, 3, 3),
  'Conv of groups of one channel with two outputs': conv({ group: int(4) }, 8, 1, 2, 2),
  'Conv of groups in one dimension': {
    shape: [6, 11],
    nodes: [node('Conv', ['x', 'w', 'b'], { group: int(3) })],
    initializers: [numbers('w', 9, 2, 3), numbers('b', 9)],
  },
  'Slice of channels': sliced(image, [1], [3], [1]),
  'Slice of channels and columns': sliced(image, [-3, 2], [-1, 6], [1, 3]),
  'Slice of a row': sliced([9], [2], [2 ** 31], [1]),
  'Slice of a sequence': sliced([4, 9], [1], [-1], [1]),
  'Slice of the other axis of a sequence': sliced([4, 9], [3], [8], [2]),
  'Split of channels, first and last': split([2, 0], { axis: int(1) }, 1, 2, 1),
  'Split of columns, equal': split([1], { axis: int(-1), num_outputs: int(2) }),
  'Split of channels of old versions': { ...split([1], { axis: int(1), split: ints(1, 3) }), opset: 11 },
  'parts of channels that change places': {
    shape: image,
    nodes: [
      { ...node('Split', ['x', 'sizes'], { axis: int(1) }), outputs: ['a', 'b'] },
      node('Relu', ['b'], {}, 'r'),
      node('Concat', ['r', 'a'], { axis: int(1) }, 'c'),
      node('Reshape', ['c', 'pairs'], {}, 'p'),
      node('Transpose', ['p'], { perm: ints(0, 2, 1, 3, 4) }, 't'),
      node('Reshape', ['t', 'whole'], {}, 's'),
      node('Conv', ['s', 'w']),
    ],
    initializers: [
      longs('sizes', 2, 2),
      longs('pairs', 0, 2, 2, 9, 7),
      longs('whole', 0, 4, 9, 7),
      numbers('w', 3, 4, 2, 2),
    ],
  },
  'Slice of rows': {
    shape: image,
    nodes: [node('Slice', ['x', 'from', 'to', 'axes'])],
    initializers: [longs('from', 1, -5), longs('to', 2 ** 40, -1), longs('axes', 2, 3)],
  },
  'Resize nearest, half_pixel': resize({ mode: text('nearest') }),
  'Resize nearest, asymmetric': resize({
    mode: text('nearest'),
    coordinate_transformation_mode: text('asymmetric'),
    nearest_mode: text('floor'),
  }),
  'Resize linear, asymmetric': resize({ mode: text('linear'), coordinate_transformation_mode: text('asymmetric') }),
  Upsample: {
    opset: 9,
    shape: image,
    nodes: [node('Upsample', ['x', 's'])],
    initializers: [floats('s', [4], 1, 1, 2, 2)],
  },
  'Squeeze and Unsqueeze': {
    shape: image,
    nodes: [
      node('GlobalAveragePool', ['x'], {}, 'g'),
      node('Squeeze', ['g', 'a'], {}, 's'),
      node('Unsqueeze', ['s', 'a'], {}, 'u'),
      node('Mul', ['x', 'u']),
    ],
    initializers: [longs('a', 2, 3)],
  },
  'Reshape to rows': { shape: image, nodes: [node('Reshape', ['x', 's'])], initializers: [longs('s', 0, 6, -1)] },
  'Transpose, then Flatten': {
    shape: image,
    nodes: [node('Transpose', ['x'], { perm: ints(0, 2, 3, 1) }, 't'), node('Flatten', ['t'])],
  },
  'Ceil of half a size for a slice': {
    shape: image,
    nodes: [
      node('Shape', ['x'], {}, 's'),
      node('Gather', ['s', 'two'], {}, 'rows'),
      node('Cast', ['rows'], { to: int(1) }, 'float'),
      node('Div', ['float', 'divisor'], {}, 'half'),
      node('Ceil', ['half'], {}, 'up'),
      node('Cast', ['up'], { to: int(7) }, 'end'),
      node('Slice', ['x', 'zero', 'end', 'two']),
    ],
    initializers: [longs('zero', 0), longs('two', 2), floats('divisor', [1], 2)],
  },
  // As PyTorch's exporter writes TensorFlow's padding: max((ceil(9 / 2) − 1) · 2 − 6, 0) = 2 rows.
  'pads by Neg, Mod, Clip, Max and Min of a size': {
    shape: image,
    nodes: [
      node('Shape', ['x'], {}, 's'),
      node('Slice', ['s', 'two', 'three', 'zero'], {}, 'rows'),
      node('Neg', ['rows'], {}, 'minus'),
      node('Div', ['rows', 'two'], {}, 'below'),
      node('Mod', ['minus', 'two'], {}, 'odd'),
      node('Add', ['below', 'odd'], {}, 'places'),
      node('Sub', ['places', 'one'], {}, 'steps'),
      node('Mul', ['steps', 'two'], {}, 'reach'),
      node('Sub', ['reach', 'six'], {}, 'total'),
      node('Clip', ['total', 'none', 'many'], {}, 'kept'),
      node('Max', ['kept', 'zero', 'one'], {}, 'most'),
      node('Min', ['most', 'six'], {}, 'pad'),
      node('Concat', ['zero', 'zero', 'pad', 'zero', 'zero', 'zero', 'one', 'one'], { axis: int(0) }, 'pads'),
      node('Pad', ['x', 'pads']),
    ],
    initializers: [
      ...(['zero', 'one', 'two', 'three'] as const).map((name, value) => longs(name, value)),
      longs('six', 6),
      { name: 'none', shape: [], values: BigInt64Array.of(0n) },
      { name: 'many', shape: [], values: BigInt64Array.of(99n) },
    ],
  },
  // 9 · 7 numbers for each of 4 channels, and [0, 1, 2, 3] + [[10], [20]], whose rows sum to 46 and 86.
  'Reductions, Range, Where and Expand of constants': {
    shape: image,
    nodes: [
      node('Shape', ['x'], {}, 's'),
      node('Slice', ['s', 'two', 'four', 'zero'], {}, 'space'),
      node('ReduceProd', ['space'], { keepdims: int(1), axes: ints(0) }, 'count'),
      node('Range', ['from', 'to', 'by'], {}, 'row'),
      node('Add', ['row', 'column'], {}, 'table'),
      node('ReduceSum', ['table', 'one'], { keepdims: int(0) }, 'sums'),
      node('ReduceMax', ['sums'], { keepdims: int(1) }, 'largest'),
      node('ReduceMin', ['sums'], { keepdims: int(1) }, 'smallest'),
      node('Greater', ['largest', 'smallest'], {}, 'more'),
      node('Where', ['more', 'largest', 'smallest'], {}, 'chosen'),
      node('Expand', ['chosen', 'one'], {}, 'same'),
      node('Sqrt', ['same'], {}, 'root'),
      node('Div', ['x', 'root'], {}, 'divided'),
      node('Mul', ['count', 'four'], {}, 'row4'),
      node('Concat', ['minus', 'row4'], { axis: int(0) }, 'target'),
      node('Reshape', ['divided', 'target']),
    ],
    initializers: [
      longs('zero', 0),
      longs('one', 1),
      longs('two', 2),
      longs('four', 4),
      longs('minus', -1),
      ...(
        [
          ['from', 0],
          ['to', 4],
          ['by', 1],
        ] as const
      ).map(([name, value]): Initializer => ({ name, shape: [], values: Float32Array.of(value) })),
      floats('column', [2, 1], 10, 20),
    ],
  },
  'Shape, Gather, Concat for a row': {
    shape: image,
    nodes: [
      node('Shape', ['x'], {}, 's'),
      node('Gather', ['s', 'zero'], {}, 'n'),
      node('Unsqueeze', ['n', 'axis'], {}, 'm'),
      node('Concat', ['m', 'rest'], { axis: int(0) }, 't'),
      node('Reshape', ['x', 't']),
    ],
    initializers: [{ name: 'zero', shape: [], values: BigInt64Array.of(0n) }, longs('axis', 0), longs('rest', -1)],
  },
  'Dropout, Cast, Identity': {
    shape: image,
    nodes: [node('Dropout', ['x'], {}, 'd'), node('Cast', ['d'], { to: int(1) }, 'c'), node('Identity', ['c'])],
  },
};

/** What is refused, with words of the reason. */
export const refusedForms: Readonly<Record<string, readonly [Form, RegExp]>> = {
  'Conv of many groups': [
    { ...conv({ group: int(65) }, 130, 2, 1, 1), shape: [130, 3, 3] },
    /group 65 of 130 channels; supported: up to 64/,
  ],
  'Conv of groups that do not fit': [conv({ group: int(2) }, 5, 2, 3, 3), /group 2 of 4 channels and 5 outputs/],
  'Split of rows that do not fit': [{ ...split([0], { axis: int(2) }, 2, 3), opset: 13 }, /parts of 2, 3 of 9/],
  'a part of five axes': [
    {
      shape: [2, 2, 9, 7],
      nodes: [node('Slice', ['x', 'from', 'to', 'axes'])],
      initializers: [longs('from', 1), longs('to', 2), longs('axes', 1)],
    },
    /a part of 5 axes/,
  ],
  'Conv of negative pads': [conv({ pads: ints(-1, 0, 0, -2) }, 5, 4, 3, 3), /pads below 0/],
  'MaxPool pads of any numbers, to one side': [
    pool('MaxPool', { ...window(2, 1), pads: ints(1, 1, 1, 1) }),
    /pads of numbers that may be below 0/,
  ],
  'AveragePool without pads counted': [
    pool('AveragePool', { ...window(2, 1), pads: ints(1, 1, 1, 1) }),
    /count_include_pad 0/,
  ],
  'Elu of another alpha': [one('Elu', { alpha: { float: 2 } }), /Elu "Elu_y"/],
  'Erf alone': [one('Erf'), /Erf "Erf_y"/],
  'Resize linear, half_pixel': [resize({ mode: text('linear') }), /coordinate_transformation_mode "half_pixel"/],
  'Resize cubic': [resize({ mode: text('cubic') }), /mode "cubic"/],
  'Pad by reflection': [
    {
      shape: image,
      nodes: [node('Pad', ['x', 'p'], { mode: text('reflect') })],
      initializers: [longs('p', 0, 0, 1, 0, 0, 0, 2, 3)],
    },
    /mode "reflect"/,
  ],
  'a quantized network': [
    {
      shape: image,
      nodes: [{ ...node('DynamicQuantizeLinear', ['x'], {}, 'q'), outputs: ['q', 's', 'z'] }, node('Add', ['q', 's'])],
    },
    /DynamicQuantizeLinear "DynamicQuantizeLinear_q"\. The network is quantized/,
  ],
  LRN: [one('LRN', { size: int(3) }), /LRN "LRN_y"/],
  'a mean over channels': [one('ReduceMean', { axes: ints(1) }), /axes 1/],
  'a maximum over channels': [one('ReduceMax', { axes: ints(1) }), /axes 1/],
  'a constant of very many axes': [
    {
      shape: image,
      nodes: [node('Expand', ['c', 's'], {}, 'e'), node('Add', ['x', 'e'])],
      initializers: [numbers('c', 1), longs('s', ...new Array<number>(33).fill(1))],
    },
    /constants of 33 axes/,
  ],
  'a Transpose of the batch': [one('Transpose', { perm: ints(1, 0, 2, 3) }), /perm 1, 0, 2, 3/],
  'a constant for each number': [two('Add', numbers('c', 4, 9, 7)), /a constant of shape \[4, 9, 7\]/],
  'Softmax of old versions': [{ ...one('Softmax', { axis: int(1) }), opset: 11 }, /axis 1 in opset 11/],
  'a Reshape of the batch': [
    { shape: image, nodes: [node('Reshape', ['x', 's'])], initializers: [longs('s', -1, 9)] },
    /shape \[-1, 9\]/,
  ],
};
