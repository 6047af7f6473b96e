import type { SafetensorsTensor } from '@espalier/core';
import type { Shape } from '../graph.js';
import type { NodeSpec } from '../node-spec.js';
import type { NodeFields } from './node-fields.js';
import type { Layout } from './tensors.js';

/** What a node may look at while it is read. */
export interface NodeContext {
  readonly layout: Layout;
  readonly tensors: ReadonlyMap<string, SafetensorsTensor>;
  /** Shape of an earlier value that a node reads. */
  shape(name: string, user: string): Shape;
  /** Values that the model sees in the order channels, height, width: the image that was flattened. */
  readonly channelsFirst: Map<string, readonly [number, number, number]>;
}

/** What all nodes have. */
export type Base = { readonly name: string; readonly inputs: readonly string[] };
/** Reads the fields of one kind of node. */
export type Read = (fields: NodeFields, base: Base, context: NodeContext) => NodeSpec;
