/**
 * Networks as data: the graph, what reads it from checkpoints, topologies and descriptions, and the passes that
 * simplify it.
 */

export { checkGraph } from './check-graph.js';
export { type GraphCost, graphCost, type NodeCost } from './cost/cost.js';
export { graphFromDescription } from './description/graph-from-description.js';
export type {
  ConvolutionDescription,
  DenseDescription,
  ElementwiseDescription,
  FlattenDescription,
  GlobalPoolDescription,
  GraphDescription,
  NodeDescription,
  NormalizationDescription,
  PaddingDescription,
  PlainDescription,
  PoolDescription,
  ZeroPaddingDescription,
} from './description/schema.js';
export type {
  Activation,
  ActivationNode,
  AddNode,
  ConcatNode,
  ConvolutionNode,
  DenseNode,
  FlattenNode,
  GlobalPoolNode,
  Graph,
  GraphNode,
  NormalizationNode,
  Padding,
  PoolNode,
  Shape,
  SoftmaxNode,
  ZeroPaddingNode,
} from './graph.js';
export { graphFromCheckpoint } from './graph-from-checkpoint.js';
export { dropIdentities } from './passes/drop-identities.js';
export { foldBatchNorm } from './passes/fold-batch-norm.js';
export { foldZeroPadding } from './passes/fold-zero-padding.js';
export { fuseActivation } from './passes/fuse-activation.js';
export { fuseResidualAdd } from './passes/fuse-residual-add.js';
export { mergeSubsampling } from './passes/merge-subsampling.js';
export { simplify } from './simplify.js';
export { graphFromTopology } from './topology/graph-from-topology.js';
