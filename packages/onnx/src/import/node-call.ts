import type { ParsedNode } from '../format/reading/parsed.js';
import type { Constant, Entry, Value } from './entry.js';
import type { LayerList } from './layer-list.js';
import { refuse } from './refusal.js';

export { NodeRefusal, refuse } from './refusal.js';

/** One node that is to be expressed, with what it reads. */
export class NodeCall {
  constructor(
    readonly node: ParsedNode,
    readonly inputs: readonly (Entry | undefined)[],
    readonly list: LayerList,
    readonly opset: number,
    /** What the layer is to be called. */
    readonly name: string,
    /** Number of examples, if the file fixes it. */
    readonly batch: number | undefined,
    /** True if nothing else reads an input. */
    readonly isOnlyReader: (index: number) => boolean,
    /** Which of the node's outputs is wanted. */
    readonly output = 0,
  ) {}

  /** The same node on other inputs, for a layer of another name, or for another of its outputs. */
  with(change: {
    readonly inputs?: readonly (Entry | undefined)[];
    readonly name?: string;
    readonly output?: number;
  }): NodeCall {
    const { node, inputs, list, opset, name, batch, isOnlyReader, output } = { ...this, ...change };
    return new NodeCall(node, inputs, list, opset, name, batch, isOnlyReader, output);
  }

  /** An input that a layer gives. */
  value(index = 0): Value {
    const input = this.inputs[index];
    if (input?.kind === 'value') return input;
    return refuse(`its input ${index} is ${input ? 'a constant' : 'not there'}`);
  }

  constant(index: number): Constant {
    return this.optional(index) ?? refuse(`its input ${index} is not there`);
  }

  /** A constant input that may be left out. */
  optional(index: number): Constant | undefined {
    const input = this.inputs[index];
    if (!input || input.kind === 'constant') return input;
    return refuse(`its input ${index} is computed from the input of the network`);
  }

  /** Whole numbers of a constant input, or of an attribute, which older versions have instead. */
  integersAt(index: number, attribute: string): readonly number[] | undefined {
    const constant = this.optional(index);
    return constant ? [...constant.values] : this.integers(attribute);
  }

  integer(attribute: string, otherwise: number): number {
    return this.node.attributes.get(attribute)?.integer ?? otherwise;
  }

  float(attribute: string, otherwise: number): number {
    return this.node.attributes.get(attribute)?.float ?? otherwise;
  }

  text(attribute: string, otherwise: string): string {
    return this.node.attributes.get(attribute)?.text ?? otherwise;
  }

  integers(attribute: string): readonly number[] | undefined {
    return this.node.attributes.get(attribute)?.integers;
  }
}

/** Expresses a node. */
export type Operation = (call: NodeCall) => Entry;

/** An axis from the front, batch included, of values with so many axes. */
export function axisOf(axis: number, rank: number): number {
  const place = axis < 0 ? axis + rank : axis;
  return Number.isInteger(place) && place >= 0 && place < rank ? place : refuse(`axis ${axis} of ${rank}`);
}
