import type { Stretch } from './stretch.js';

/** A tensor whose numbers are still bytes of the file. */
export interface ParsedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dataType: number;
  /** `raw_data`, if the numbers are there. */
  readonly raw: Stretch | undefined;
  /** Packed numbers by field: floats, 32-bit and 64-bit whole numbers, doubles. */
  readonly packed: ReadonlyMap<number, readonly Stretch[]>;
  /** Where the numbers are if they are in another file. */
  readonly external: ReadonlyMap<string, string> | undefined;
}

/** An attribute; what its type does not have is undefined. */
export interface ParsedAttribute {
  readonly name: string;
  readonly float?: number;
  readonly integer?: number;
  readonly text?: string;
  readonly tensor?: ParsedTensor;
  readonly floats?: readonly number[];
  readonly integers?: readonly number[];
  /** True if it holds a graph, such as the branches of `If`. */
  readonly graph?: boolean;
}

/** A node as it stands in the file. */
export interface ParsedNode {
  readonly opType: string;
  readonly domain: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, ParsedAttribute>;
}

/** An input or output; an axis of any length is undefined. */
export interface ParsedValue {
  readonly name: string;
  readonly elementType: number;
  /** Undefined if the file does not say how many axes there are. */
  readonly shape: readonly (number | undefined)[] | undefined;
}

/** A file of ONNX. */
export interface ParsedModel {
  readonly opset: number;
  readonly producer: string;
  readonly metadata: ReadonlyMap<string, string>;
  readonly nodes: readonly ParsedNode[];
  readonly initializers: readonly ParsedTensor[];
  readonly inputs: readonly ParsedValue[];
  readonly outputs: readonly ParsedValue[];
}
