/**
 * Networks as data: the graph, what reads it from checkpoints, topologies and descriptions, and the passes that
 * simplify it.
 */

export type {
  EluActivation,
  HardSigmoidActivation,
  PlainActivation,
  RectifierActivation,
} from './activation.js';
export { checkGraph } from './check-graph.js';
export { type GraphCost, graphCost, type NodeCost } from './cost/cost.js';
export { graphFromDescription } from './description/graph-from-description.js';
export type {
  ActivationDescription,
  BinaryDescription,
  BorderDescription,
  ConvolutionDescription,
  DenseDescription,
  DepthToSpaceDescription,
  ElementwiseDescription,
  FlattenDescription,
  GlobalPoolDescription,
  GraphDescription,
  NodeDescription,
  NormalizationDescription,
  PaddingDescription,
  PermuteDescription,
  PlainDescription,
  PoolDescription,
  PreluDescription,
  ReshapeDescription,
  TransposedConvolutionDescription,
  UpsamplingDescription,
} from './description/schema.js';
export type {
  Activation,
  ActivationNode,
  AddNode,
  BinaryNode,
  ConcatNode,
  ConvolutionNode,
  CropNode,
  DenseNode,
  DepthToSpaceNode,
  FlattenNode,
  GlobalPoolNode,
  Graph,
  GraphInput,
  GraphNode,
  NormalizationNode,
  Padding,
  PermuteNode,
  PoolNode,
  PreluNode,
  ReshapeNode,
  Shape,
  SoftmaxNode,
  TransposedConvolutionNode,
  UpsamplingNode,
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
export { graphFromTopology, type TopologyOptions } from './topology/graph-from-topology.js';
export type { InputShapes } from './topology/network-inputs.js';
