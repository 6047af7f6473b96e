export type { TopologyFields } from './fields.js';
export { originOf as topologyOrigin, type TopologyOrigin } from './origin.js';
export { type LayerReading, plainConfig as plainLayerConfig } from './plain-layer.js';
export { type ReadTopology, readTopology, type TopologyReading } from './read-topology.js';
export { type CallOutput, type TopologyCall, TopologyLayer, type TopologyNetwork } from './topology-layer.js';
