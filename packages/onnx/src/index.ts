/**
 * Writes networks as ONNX, and reads those of others.
 *
 * @packageDocumentation
 */
export {
  type LayerWithoutOnnx,
  type NodeWithoutLayer,
  type OnnxFileCode,
  OnnxFileError,
  OnnxLayersError,
  OnnxOperationsError,
} from './errors.js';
export { exportOnnx } from './export/export-onnx.js';
export type { ExportOnnxOptions } from './export/options.js';
export type { ExternalData } from './import/external-data.js';
export { type OnnxNetwork, type ReadOnnxOptions, readOnnx } from './import/read-onnx.js';
