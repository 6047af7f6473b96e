import type { ParsedModel } from '../format/reading/parsed.js';
import type { Constant, Value } from './entry.js';
import type { LayerList } from './layer-list.js';

/** A graph as layers. */
export interface ReadNetwork {
  readonly list: LayerList;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
}

/** What reading a graph carries along. */
export interface GraphReading {
  readonly model: ParsedModel;
  /** A constant of the file, decoded anew each time, so that only what layers need stays in memory. */
  readonly initializer: (name: string) => Constant | undefined;
  /** Most numbers of all weights of layers. */
  readonly mostWeights: number;
  readonly isInitializer: (name: string) => boolean;
  /** Where the inputs of images have their channels; undefined if the graph is to tell. */
  readonly channels: 'first' | 'last' | undefined;
}
