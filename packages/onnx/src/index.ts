/**
 * Writes networks as ONNX, and reads those of others.
 *
 * @packageDocumentation
 */
export { type LayerWithoutOnnx, OnnxLayersError } from './errors.js';
export { exportOnnx } from './export/export-onnx.js';
export type { ExportOnnxOptions } from './export/options.js';
