import { type NodeWithoutLayer, OnnxFileError, OnnxOperationsError } from '../errors.js';
import { dataTypes } from '../format/fields.js';
import type { ParsedNode, ParsedValue } from '../format/reading/parsed.js';
import { constantResult } from './constants.js';
import { channelsLast, type Entry, inOrder, isSame, type Missing, type Value } from './entry.js';
import type { GraphReading, ReadNetwork } from './graph-reading.js';
import { LayerList } from './layer-list.js';
import { curvesIfAny, nodesBehind, partsOfActivations } from './missing.js';
import { layerName } from './naming.js';
import { NodeCall, NodeRefusal, refuse } from './node-call.js';
import { curvesOf, recognized } from './operations/chains.js';
import { operations } from './operations/index.js';

/** Most nodes of a graph, and most numbers of constants that are computed. */
const [mostNodes, mostComputed] = [20_000, 2 ** 26];

/** On how many values before it a value is remembered to depend. */
const mostCurves = 16;

/** Expresses a graph as layers, or names all nodes that the outputs need and that cannot be expressed. */
export function readNetwork(reading: GraphReading): ReadNetwork {
  return new GraphReader(reading).read();
}

class GraphReader {
  readonly #list: LayerList;
  readonly #entries = new Map<string, Entry>();
  readonly #readers = new Map<string, number>();
  /** The name in the graph that stands for what a layer gives. */
  readonly #owners = new Map<string, string>();
  readonly #refused: NodeWithoutLayer[] = [];
  /** Where images have their channels in the file; undefined if no input is one. */
  #channels: 'first' | 'last' | undefined;
  #batch: number | undefined;
  #computed = 0;

  constructor(readonly reading: GraphReading) {
    this.#list = new LayerList(reading.mostWeights);
  }

  read(): ReadNetwork {
    const { nodes, outputs: ends } = this.reading.model;
    if (nodes.length > mostNodes) throw new OnnxFileError('ONNX_FILE_LIMIT', `It has ${nodes.length} nodes.`);
    for (const name of [...nodes.flatMap(({ inputs }) => inputs), ...ends.map(({ name }) => name)])
      this.#readers.set(name, (this.#readers.get(name) ?? 0) + 1);
    const inputs = this.reading.model.inputs.flatMap(input => this.#input(input));
    if (inputs.length === 0) throw new OnnxFileError('ONNX_FILE_INVALID', 'It has no inputs.');
    for (const [index, node] of nodes.entries()) this.#node(node, index);
    if (ends.length === 0) throw new OnnxFileError('ONNX_FILE_INVALID', 'It has no outputs.');
    const results = ends.map(({ name }) => this.#find(name) ?? this.#absent(name));
    const missing = results.flatMap(result => (result.kind === 'missing' ? [...result.nodes] : []));
    if (missing.length > 0) {
      const list = [...new Set(missing)].sort((a, b) => a - b);
      throw new OnnxOperationsError(list.map(index => this.#refused[index] as NodeWithoutLayer));
    }
    const outputs = results.map((result, index) => this.#output(ends[index]?.name ?? '', result));
    return { list: this.#list, inputs, outputs };
  }

  /** An input that is no initializer, which older versions list too. */
  #input({ name, elementType, shape }: ParsedValue): Value[] {
    if (this.#isInitializer(name)) return [];
    if (![dataTypes.float32, dataTypes.float16, dataTypes.float64].some(type => type === elementType))
      throw new OnnxFileError('ONNX_FILE_UNSUPPORTED', `Its input "${name}" is of type ${elementType}, not of floats.`);
    if (!shape || shape.length < 2 || shape.length > 6)
      throw new OnnxFileError('ONNX_FILE_UNSUPPORTED', `Its input "${name}" has no batch of one to five axes.`);
    const [batch, ...sides] = shape;
    this.#batch ??= batch;
    const rank = sides.length;
    const first = this.reading.channels ? this.reading.channels === 'first' : !this.#isTurned(name, rank);
    const perm = rank > 1 && rank < 4 && first ? channelsLast(rank) : inOrder(rank);
    if (rank > 1) this.#channels ??= first ? 'first' : 'last';
    const known = sides.map(side => side ?? Number.NaN);
    if (sides.reduce<number>((size, side) => size * (side ?? 1), 1) > 2 ** 28)
      throw new OnnxFileError('ONNX_FILE_LIMIT', `Its input "${name}" is of shape [${sides.join(', ')}].`);
    const layer = layerName(
      { opType: 'Input', domain: '', name, inputs: [], outputs: [], attributes: new Map() },
      () => false,
    );
    const value = this.#list.add({ className: 'InputLayer', name: layer, inputs: [], shape: known, perm });
    this.#entries.set(name, value);
    return [value];
  }

  /** True if everything that reads an input turns its channels to the front first. */
  #isTurned(name: string, rank: number): boolean {
    const readers = this.reading.model.nodes.filter(({ inputs }) => inputs.includes(name));
    const perm = [0, ...channelsLast(rank).map(axis => axis + 1)];
    return (
      readers.length > 0 &&
      readers.every(
        ({ opType, attributes }) => opType === 'Transpose' && isSame(attributes.get('perm')?.integers ?? [], perm),
      )
    );
  }

  #isInitializer(name: string): boolean {
    return this.reading.isInitializer(name);
  }

  #find(name: string): Entry | undefined {
    return this.#entries.get(name) ?? this.reading.initializer(name);
  }

  #absent(name: string): never {
    throw new OnnxFileError('ONNX_FILE_INVALID', `"${name}" is read, but nothing before gives it.`);
  }

  #node(node: ParsedNode, index: number): void {
    const inputs = node.inputs.map(name => (name === '' ? undefined : (this.#find(name) ?? this.#absent(name))));
    const isOnly = (i: number): boolean => {
      const [name, input] = [node.inputs[i] ?? '', inputs[i]];
      return this.#readers.get(name) === 1 && input?.kind === 'value' && this.#owners.get(input.layer) === name;
    };
    const name = layerName(node, each => this.#isInitializer(each));
    const call = new NodeCall(node, inputs, this.#list, this.reading.model.opset, name, this.#batch, isOnly);
    const [output = '', ...others] = node.outputs;
    const first = this.#express(call, index);
    this.#give(output, call, first);
    for (const [i, other] of others.entries()) {
      if (other === '') continue;
      // Of other operations only the first output can be had.
      if (node.opType === 'Split' && first.kind !== 'missing')
        this.#give(other, call, this.#express(call.with({ output: i + 1 }), index));
      else
        this.#entries.set(other, first.kind === 'missing' ? first : this.#missing(index, node, `output ${i + 1}`, []));
    }
  }

  /** What an output of a node is from now on. */
  #give(output: string, { inputs, isOnlyReader }: NodeCall, entry: Entry): void {
    if (this.#entries.has(output)) throw new OnnxFileError('ONNX_FILE_INVALID', `"${output}" is given twice.`);
    if (entry.kind === 'value') {
      const keeps = inputs.findIndex(input => input?.kind === 'value' && input.layer === entry.layer);
      if (keeps < 0 || isOnlyReader(keeps)) this.#owners.set(entry.layer, output);
    }
    if (entry.kind === 'constant') this.#computed += entry.values.length;
    if (this.#computed > mostComputed) throw new OnnxFileError('ONNX_FILE_LIMIT', 'It computes too many constants.');
    this.#entries.set(output, entry);
  }

  #express(call: NodeCall, index: number): Entry {
    const { node, inputs } = call;
    const missing = inputs.filter((input): input is Missing => input?.kind === 'missing');
    try {
      if (node.domain !== '' && node.domain !== 'ai.onnx') refuse(`an operation of ${node.domain}`);
      if ([...node.attributes.values()].some(({ graph }) => graph)) refuse('it holds a graph');
      const constant = missing.length === 0 ? constantResult(call) : undefined;
      if (constant) return constant;
      const curves = curvesOf(call);
      const whole = recognized(call, curves);
      if (whole)
        return whole.curves.length > 1
          ? whole
          : { ...whole, curves: [...whole.curves, ...curves].slice(0, mostCurves) };
      const known = operations.has(node.opType) || partsOfActivations.has(node.opType);
      if (missing.length > 0 && known) return { kind: 'missing', curves, nodes: nodesBehind(missing) };
      const operation = operations.get(node.opType) ?? refuse('');
      const result = operation(call);
      const isNew =
        result.kind === 'value' && !inputs.some(input => input?.kind === 'value' && input.layer === result.layer);
      return isNew ? { ...result, curves: [...result.curves, ...curves].slice(0, mostCurves) } : result;
    } catch (error) {
      if (!(error instanceof NodeRefusal)) throw error;
      return this.#missing(index, node, error.message, curvesIfAny(call), missing);
    }
  }

  #missing(
    index: number,
    node: ParsedNode,
    reason: string,
    curves: Missing['curves'],
    before: readonly Missing[] = [],
  ): Missing {
    const name = node.name || node.outputs[0] || '';
    this.#refused[index] = { node: name, opType: node.opType, reason };
    return { kind: 'missing', curves, nodes: new Set([...nodesBehind(before), index]) };
  }

  /** Images come out with the channels last, other values as in ONNX; all of them if the inputs have them last. */
  #output(name: string, result: Entry): Value {
    if (result.kind !== 'value')
      throw new OnnxFileError('ONNX_FILE_UNSUPPORTED', `Its output "${name}" is a constant.`);
    const value = this.#list.settled(result);
    const rank = value.shape.length;
    const isNatural = isSame(value.perm, channelsLast(rank)) || isSame(value.perm, inOrder(rank));
    const channels = this.reading.channels ?? this.#channels ?? (isNatural ? undefined : 'last');
    if (channels === undefined) return value;
    if (channels === 'last' || rank > 3) return this.#list.as(value, inOrder(rank));
    return rank === 3 || isSame(value.perm, channelsLast(rank))
      ? this.#list.image(value)
      : this.#list.as(value, inOrder(rank));
  }
}
