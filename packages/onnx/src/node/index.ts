/**
 * Networks of ONNX from files, and the files of weights beside them.
 *
 * @packageDocumentation
 */
export { type ReadOnnxFileOptions, readOnnxFile } from './read-onnx-file.js';
