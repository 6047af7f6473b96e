import type { TopologyFields } from './fields/fields.js';

/** A layer of a topology with plain options, or a network in the place of a layer. */
export class TopologyLayer {
  readonly [key: string]: unknown;

  constructor(
    readonly name: string,
    readonly className: string,
    /** Options in the spelling of Keras 2; a layer inside is a {@link TopologyLayer}. */
    readonly config: TopologyFields,
    /** The network, if the layer is one. */
    readonly network: TopologyNetwork | undefined,
    /** How many layers run when it is called. */
    readonly cost: number,
  ) {}
}

/** One call of a layer. */
export interface TopologyCall {
  readonly layer: TopologyLayer;
  /** What it reads; empty for inputs. */
  readonly inputs: readonly CallOutput[];
}

/** One output of a call. */
export interface CallOutput {
  readonly call: TopologyCall;
  readonly tensor: number;
}

/** Layers one after the other, or calls of layers, each after those that it reads. */
export type TopologyNetwork =
  | { readonly kind: 'sequential'; readonly layers: readonly TopologyLayer[] }
  | {
      readonly kind: 'functional';
      readonly calls: readonly TopologyCall[];
      readonly inputs: readonly CallOutput[];
      readonly outputs: readonly CallOutput[];
    };
