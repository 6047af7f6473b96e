import { EspalierError } from '@espalier/core';
import { OnnxFileError } from '../../errors.js';
import { fields } from '../fields.js';
import { Budget, fieldsOf, floatsOf, integersOf, messageOf, textOf } from './fields-of.js';
import type { ParsedAttribute, ParsedModel, ParsedNode, ParsedTensor, ParsedValue } from './parsed.js';
import { entryOf, readTensor } from './read-tensor.js';
import type { Stretch } from './stretch.js';

/** What a file says, with the bytes of weights left where they are. */
export function readModelProto(bytes: Stretch): ParsedModel {
  try {
    return read(bytes, new Budget());
  } catch (cause) {
    if (EspalierError.isInstance(cause)) throw cause;
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new OnnxFileError('ONNX_FILE_INVALID', `It is no ONNX file, or damaged: ${problem}`, { cause });
  }
}

function read(bytes: Stretch, budget: Budget): ParsedModel {
  const { model: field } = fields;
  let [opset, producer] = [0, ''];
  const metadata = new Map<string, string>();
  let graph: ReturnType<typeof readGraph> | undefined;
  for (const each of fieldsOf(bytes, budget)) {
    if (each.number === field.producerName) producer = textOf(each);
    else if (each.number === field.opsets) opset = Math.max(opset, opsetOf(messageOf(each), budget));
    else if (each.number === field.metadata) metadata.set(...entryOf(messageOf(each), budget));
    else if (each.number === field.graph) {
      if (graph) throw new Error('It has two graphs.');
      graph = readGraph(messageOf(each), budget);
    }
  }
  if (!graph || opset === 0) throw new Error(`There is no ${graph ? 'version of the operators' : 'graph'}.`);
  return { opset, producer, metadata, ...graph };
}

/** Version of ONNX's own operators; those of other domains are refused where a node has one. */
function opsetOf(message: Stretch, budget: Budget): number {
  let [domain, version] = ['', 0];
  for (const each of fieldsOf(message, budget)) {
    if (each.number === fields.opset.domain) domain = textOf(each);
    else if (each.number === fields.opset.version) version = each.value;
  }
  return domain === '' || domain === 'ai.onnx' ? version : 0;
}

function readGraph(
  message: Stretch,
  budget: Budget,
): Pick<ParsedModel, 'nodes' | 'initializers' | 'inputs' | 'outputs'> {
  const { graph: field } = fields;
  const [nodes, initializers]: [ParsedNode[], ParsedTensor[]] = [[], []];
  const [inputs, outputs]: [ParsedValue[], ParsedValue[]] = [[], []];
  for (const each of fieldsOf(message, budget)) {
    if (each.number === field.nodes) nodes.push(readNode(messageOf(each), budget));
    else if (each.number === field.initializers) initializers.push(readTensor(messageOf(each), budget));
    else if (each.number === field.inputs) inputs.push(readValue(messageOf(each), budget));
    else if (each.number === field.outputs) outputs.push(readValue(messageOf(each), budget));
    else if (each.number === field.sparseInitializers)
      throw new OnnxFileError('ONNX_FILE_UNSUPPORTED', 'It has sparse initializers; write them as dense ones.');
  }
  return { nodes, initializers, inputs, outputs };
}

function readNode(message: Stretch, budget: Budget): ParsedNode {
  const { node: field } = fields;
  const [inputs, outputs]: [string[], string[]] = [[], []];
  const attributes = new Map<string, ParsedAttribute>();
  let [opType, domain, name] = ['', '', ''];
  for (const each of fieldsOf(message, budget)) {
    if (each.number === field.inputs) inputs.push(textOf(each));
    else if (each.number === field.outputs) outputs.push(textOf(each));
    else if (each.number === field.name) name = textOf(each);
    else if (each.number === field.opType) opType = textOf(each);
    else if (each.number === field.domain) domain = textOf(each);
    else if (each.number === field.attributes) {
      const attribute = readAttribute(messageOf(each), budget);
      attributes.set(attribute.name, attribute);
    }
  }
  return { opType, domain, name, inputs, outputs, attributes };
}

function readAttribute(message: Stretch, budget: Budget): ParsedAttribute {
  const { attribute: field } = fields;
  const [integers, floats]: [number[], number[]] = [[], []];
  let found: ParsedAttribute = { name: '' };
  for (const each of fieldsOf(message, budget)) {
    if (each.number === field.name) found = { ...found, name: textOf(each) };
    else if (each.number === field.float) found = { ...found, float: each.value };
    else if (each.number === field.integer) found = { ...found, integer: each.value };
    else if (each.number === field.text) found = { ...found, text: textOf(each) };
    else if (each.number === field.tensor) found = { ...found, tensor: readTensor(messageOf(each), budget) };
    else if (each.number === field.floats) floats.push(...floatsOf(each, budget));
    else if (each.number === field.integers) integers.push(...integersOf(each, budget));
    else if (each.number === field.graph || each.number === field.graphs) found = { ...found, graph: true };
  }
  return { ...found, ...(integers.length > 0 ? { integers } : {}), ...(floats.length > 0 ? { floats } : {}) };
}

function readValue(message: Stretch, budget: Budget): ParsedValue {
  let [name, elementType] = ['', 0];
  let shape: (number | undefined)[] | undefined;
  const inner = (bytes: Stretch, wanted: number): Stretch[] =>
    [...fieldsOf(bytes, budget)].filter(({ number }) => number === wanted).map(messageOf);
  for (const each of fieldsOf(message, budget)) {
    if (each.number === fields.value.name) name = textOf(each);
    if (each.number !== fields.value.type) continue;
    for (const tensor of inner(messageOf(each), fields.type.tensor)) {
      for (const field of fieldsOf(tensor, budget)) {
        if (field.number === fields.tensorType.elementType) elementType = field.value;
        else if (field.number === fields.tensorType.shape)
          shape = inner(messageOf(field), fields.shape.dimensions).map(dimension => lengthOf(dimension, budget));
      }
    }
  }
  return { name, elementType, shape };
}

function lengthOf(dimension: Stretch, budget: Budget): number | undefined {
  const [field] = [...fieldsOf(dimension, budget)].filter(({ number }) => number === fields.dimension.value);
  return field && Number.isSafeInteger(field.value) && field.value > 0 ? field.value : undefined;
}
