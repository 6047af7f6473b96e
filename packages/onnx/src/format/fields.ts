/**
 * Numbers of the fields that are read and written, from onnx.proto (ONNX 1.20, IR version 8 and newer).
 *
 * The messages of ONNX never change a number, so a file of any version has these.
 */
export const fields = {
  model: { irVersion: 1, producerName: 2, producerVersion: 3, graph: 7, opsets: 8, metadata: 14, functions: 25 },
  opset: { domain: 1, version: 2 },
  entry: { key: 1, value: 2 },
  graph: { nodes: 1, name: 2, initializers: 5, inputs: 11, outputs: 12, sparseInitializers: 15 },
  node: { inputs: 1, outputs: 2, name: 3, opType: 4, attributes: 5, domain: 7 },
  attribute: {
    name: 1,
    float: 2,
    integer: 3,
    text: 4,
    tensor: 5,
    graph: 6,
    floats: 7,
    integers: 8,
    texts: 9,
    graphs: 11,
    type: 20,
  },
  value: { name: 1, type: 2 },
  type: { tensor: 1 },
  tensorType: { elementType: 1, shape: 2 },
  shape: { dimensions: 1 },
  dimension: { value: 1, parameter: 2 },
  tensor: {
    dimensions: 1,
    dataType: 2,
    segment: 3,
    floats: 4,
    integers: 5,
    longs: 7,
    name: 8,
    raw: 9,
    doubles: 10,
    external: 13,
    location: 14,
  },
} as const;

/** `AttributeProto.AttributeType`. */
export const attributeTypes = {
  float: 1,
  integer: 2,
  text: 3,
  tensor: 4,
  graph: 5,
  floats: 6,
  integers: 7,
  texts: 8,
} as const;

/** `TensorProto.DataType`, for those types that have numbers. */
export const dataTypes = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
  uint64: 13,
  bfloat16: 16,
} as const;
