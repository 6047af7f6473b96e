import { attributeTypes, dataTypes, fields } from './fields.js';
import { MessageWriter } from './message-writer.js';
import type { Attribute, Initializer, OnnxModel, OnnxNode, OnnxValue } from './model.js';

/** IR version of ONNX 1.10 to 1.13, which opset 17 came with. */
const irVersion = 8;

/** A network as the bytes of an ONNX file. */
export function encodeModel(model: OnnxModel): Uint8Array {
  const { model: field, entry } = fields;
  const writer = new MessageWriter()
    .integer(field.irVersion, irVersion)
    .text(field.producerName, 'espalier')
    .message(field.graph, graphOf(model))
    .message(field.opsets, new MessageWriter().text(1, '').integer(fields.opset.version, model.opset));
  for (const [key, value] of Object.entries(model.metadata))
    writer.message(field.metadata, new MessageWriter().text(entry.key, key).text(entry.value, value));
  return writer.join();
}

function graphOf({ name, nodes, initializers, inputs, outputs }: OnnxModel): MessageWriter {
  const { graph: field } = fields;
  const writer = new MessageWriter();
  for (const node of nodes) writer.message(field.nodes, nodeOf(node));
  writer.text(field.name, name);
  for (const initializer of initializers) writer.message(field.initializers, tensorOf(initializer));
  for (const input of inputs) writer.message(field.inputs, infoOf(input));
  for (const output of outputs) writer.message(field.outputs, infoOf(output));
  return writer;
}

function nodeOf({ opType, name, inputs, outputs, attributes }: OnnxNode): MessageWriter {
  const { node: field } = fields;
  const writer = new MessageWriter();
  for (const input of inputs) writer.text(field.inputs, input);
  for (const output of outputs) writer.text(field.outputs, output);
  writer.text(field.name, name).text(field.opType, opType);
  for (const [key, value] of Object.entries(attributes)) writer.message(field.attributes, attributeOf(key, value));
  return writer;
}

function attributeOf(name: string, value: Attribute): MessageWriter {
  const { attribute: field } = fields;
  const writer = new MessageWriter().text(field.name, name);
  if ('float' in value) return writer.float(field.float, value.float).integer(field.type, attributeTypes.float);
  if ('integer' in value)
    return writer.integer(field.integer, value.integer).integer(field.type, attributeTypes.integer);
  if ('text' in value) return writer.text(field.text, value.text).integer(field.type, attributeTypes.text);
  for (const integer of value.integers) writer.integer(field.integers, integer);
  return writer.integer(field.type, attributeTypes.integers);
}

function tensorOf({ name, shape, values }: Initializer): MessageWriter {
  const { tensor: field } = fields;
  const writer = new MessageWriter();
  for (const side of shape) writer.integer(field.dimensions, side);
  const type = values instanceof Float32Array ? dataTypes.float32 : dataTypes.int64;
  writer.integer(field.dataType, type).text(field.name, name);
  return writer.bytes(field.raw, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}

function infoOf({ name, shape }: OnnxValue): MessageWriter {
  const dimensions = new MessageWriter();
  for (const side of shape ?? []) {
    const dimension = new MessageWriter();
    if (typeof side === 'number') dimension.integer(fields.dimension.value, side);
    else dimension.text(fields.dimension.parameter, side);
    dimensions.message(fields.shape.dimensions, dimension);
  }
  const tensor = new MessageWriter().integer(fields.tensorType.elementType, dataTypes.float32);
  if (shape) tensor.message(fields.tensorType.shape, dimensions);
  const type = new MessageWriter().message(fields.type.tensor, tensor);
  return new MessageWriter().text(fields.value.name, name).message(fields.value.type, type);
}
