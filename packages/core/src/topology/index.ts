export type { TopologyFields } from './fields/fields.js';
export { originOf as topologyOrigin, type TopologyOrigin } from './fields/origin.js';
export { type LayerReading, plainConfig as plainLayerConfig } from './layer-options/plain-layer.js';
export { type ReadTopology, readTopology, type TopologyReading } from './read-topology.js';
export { type CallOutput, type TopologyCall, TopologyLayer, type TopologyNetwork } from './topology-layer.js';
