export type { TopologyFields } from './fields.js';
export { originOf as topologyOrigin, type TopologyOrigin } from './origin.js';
export { type LayerReading, plainConfig as plainLayerConfig } from './plain-layer.js';
