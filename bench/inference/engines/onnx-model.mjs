import { outputsFirst, transpose } from '../layout.mjs';

const FLOAT = 1; // TensorProto.DataType
const INTEGERS = 7; // AttributeProto.AttributeType
const INTEGER = 2;

/**
 * A graph as the bytes of an ONNX model (opset 13, NCHW). `onnx` is the module `onnx-buf`, `protobuf` is
 * `@bufbuild/protobuf`; `batch` is how many images it takes at once.
 */
export function onnxModel(graph, { onnx, protobuf }, batch = 1) {
  const initializer = [];
  const node = [];
  const constant = (name, dims, values) => {
    const rawData = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    initializer.push({ name, dims: dims.map(BigInt), dataType: FLOAT, rawData });
    return name;
  };
  const emit = (opType, name, input, attributes = {}) => {
    const attribute = Object.entries(attributes).map(([key, value]) =>
      Array.isArray(value)
        ? { name: key, type: INTEGERS, ints: value.map(BigInt) }
        : { name: key, type: INTEGER, i: BigInt(value) },
    );
    node.push({ opType, name, input, output: [name], attribute });
    return name;
  };
  const inner = (name, activation) => (activation === 'linear' ? name : `${name}_linear`);
  const activate = (name, activation) => {
    if (activation === 'relu') emit('Relu', name, [inner(name, activation)]);
    if (activation === 'relu6') {
      const limits = [
        constant(`${name}_least`, [], Float32Array.of(0)),
        constant(`${name}_most`, [], Float32Array.of(6)),
      ];
      emit('Clip', name, [inner(name, activation), ...limits]);
    }
  };
  const pads = ({ top, left, bottom, right }) => [top, left, bottom, right];
  const writers = {
    convolution: ({ name, inputs, kernel, kernelShape, bias, strides, dilations, padding, groups, activation }) => {
      const [height, width, channels, filters] = kernelShape;
      const weights = constant(`${name}_kernel`, [filters, channels, height, width], outputsFirst(kernel, kernelShape));
      const attributes = { kernel_shape: [height, width], pads: pads(padding), strides, dilations, group: groups };
      const biases = constant(`${name}_bias`, [filters], bias);
      emit('Conv', inner(name, activation), [...inputs, weights, biases], attributes);
      activate(name, activation);
    },
    add: ({ name, inputs, activation }) => {
      emit('Add', inner(name, activation), inputs);
      activate(name, activation);
    },
    pool: ({ name, inputs, size, strides, padding }) =>
      emit('MaxPool', name, inputs, { kernel_shape: size, pads: pads(padding), strides }),
    globalPool: ({ name, inputs }) => {
      emit('GlobalAveragePool', `${name}_image`, inputs);
      emit('Flatten', name, [`${name}_image`], { axis: 1 });
    },
    dense: ({ name, inputs, kernel, bias, shape }) => {
      const features = kernel.length / shape[0];
      const weights = constant(`${name}_kernel`, [shape[0], features], transpose(kernel, features, shape[0]));
      emit('Gemm', name, [...inputs, weights, constant(`${name}_bias`, shape, bias)], { transB: 1 });
    },
  };
  for (const each of graph.nodes) writers[each.kind](each);
  const value = (name, dims) => ({
    name,
    type: {
      value: {
        case: 'tensorType',
        value: {
          elemType: FLOAT,
          shape: { dim: dims.map(side => ({ value: { case: 'dimValue', value: BigInt(side) } })) },
        },
      },
    },
  });
  const [height, width, channels] = graph.input.shape;
  const output = graph.nodes.find(({ name }) => name === graph.output);
  const model = protobuf.create(onnx.ModelProtoSchema, {
    irVersion: 8n,
    opsetImport: [{ domain: '', version: 13n }],
    graph: {
      name: 'network',
      node,
      initializer,
      input: [value(graph.input.name, [batch, channels, height, width])],
      output: [value(graph.output, [batch, ...output.shape])],
    },
  });
  return protobuf.toBinary(onnx.ModelProtoSchema, model);
}
