import type { NativeInstructions } from '../engine/native-kernels.js';
import type { EngineName, Instructions, Lanes } from '../executor/options.js';
import type { GraphCost, NodeCost } from '../graph/cost/cost.js';
import type { Graph, GraphNode } from '../graph/graph.js';

/** One layer of a plan. What was folded into it, such as batch normalization, is part of it. */
export interface LayerSummary {
  /** Name of the layer. */
  readonly name: string;
  /** What it does. */
  readonly kind: GraphNode['kind'];
  /** Shape of its value for one image: `[height, width, channels]` or `[features]`. */
  readonly shape: readonly number[];
  /** Entries of its kernel; 0 without one. */
  readonly entries: number;
  /** Kernel entries that are not 0: only these are stored and computed. */
  readonly nonzeros: number;
  /** Floating-point operations of the dense layer for one image: 2 per multiply-add. */
  readonly denseFlops: number;
  /** Floating-point operations with what is not 0. */
  readonly sparseFlops: number;
  /**
   * How a convolution is partitioned, `winograd` (a dense one of at most four channels) or `depthwise` (native). Empty
   * for other layers.
   */
  readonly variant: string;
  /** Bytes of packed weights. */
  readonly bytes: number;
}

/** What a plan consists of. */
export interface PlanSummary {
  /** Layers in the order in which they run. */
  readonly layers: readonly LayerSummary[];
  /** Sum over all layers. */
  readonly denseFlops: number;
  /** Sum over all layers. */
  readonly sparseFlops: number;
  /** `sparseFlops / denseFlops`: what decides the speed. 1 for a network without kernels. */
  readonly flopDensity: number;
  /** Bytes of all packed weights. */
  readonly weightBytes: number;
  /** Bytes for values between layers, which share memory when they are not needed at the same time. */
  readonly activationBytes: number;
  /** Threads, the calling one included. */
  readonly threads: number;
  /** Where the kernels come from. With `native` some layers other than convolutions are computed in WebAssembly. */
  readonly engine: EngineName;
  /** Why the kernels are not native, without a full stop; absent where they are. */
  readonly passedOver?: string | undefined;
  /** Instructions that the kernels use. */
  readonly instructions: Instructions | NativeInstructions;
  /** Pixels that a kernel works on at once. */
  readonly lanes: Lanes;
}

/** What of a summary is not of the network. */
type PlanSettings = Pick<
  PlanSummary,
  'activationBytes' | 'threads' | 'engine' | 'passedOver' | 'instructions' | 'lanes'
>;

/** Facts of a node that only its lowering knows. */
export interface LoweredFacts {
  readonly variant: string;
  readonly bytes: number;
}

/** What is known of the nodes of a graph when it has been compiled. */
export interface CompiledFacts {
  /** Of the graph with its transposed convolutions. */
  readonly cost: GraphCost;
  /** Of convolutions that replace them, their names. */
  readonly origins: ReadonlyMap<string, string>;
  readonly facts: ReadonlyMap<string, LoweredFacts>;
}

/** The summary of a graph as it was compiled. */
export function summarize(graph: Graph, { cost, origins, facts }: CompiledFacts, settings: PlanSettings): PlanSummary {
  const costs = new Map(cost.nodes.map(node => [node.name, node]));
  const replaced = new Set(origins.values());
  const costOf = (name: string): Partial<NodeCost> =>
    replaced.has(name) ? {} : (costs.get(origins.get(name) ?? name) ?? {});
  const layers = graph.nodes.map(({ name, kind, shape }): LayerSummary => {
    const { entries = 0, nonzeros = 0, denseMultiplyAdds = 0, sparseMultiplyAdds = 0 } = costOf(name);
    const { variant = '', bytes = 0 } = facts.get(name) ?? {};
    const flops = { denseFlops: 2 * denseMultiplyAdds, sparseFlops: 2 * sparseMultiplyAdds };
    return { name, kind, shape, entries, nonzeros, ...flops, variant, bytes };
  });
  return {
    layers,
    denseFlops: 2 * cost.denseMultiplyAdds,
    sparseFlops: 2 * cost.sparseMultiplyAdds,
    flopDensity: cost.flopDensity,
    weightBytes: layers.reduce((sum, { bytes }) => sum + bytes, 0),
    ...settings,
  };
}
