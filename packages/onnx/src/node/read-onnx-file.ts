import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { checkOptions, rules } from '@espalier/core';
import { OnnxFileError, OnnxOperationsError } from '../errors.js';
import { type OnnxNetwork, type ReadOnnxOptions, readStretch } from '../import/read-onnx.js';
import { OpenFiles } from './open-files.js';

/** Options of {@link readOnnxFile}. */
export interface ReadOnnxFileOptions extends Pick<ReadOnnxOptions, 'channels'> {
  /**
   * The most bytes that the file and those that it names may have together. More are refused with `ONNX_FILE_LIMIT`
   * before they are read. Reading takes some one and a half times as many bytes of memory.
   *
   * @defaultValue 2 GiB for each file, which is what ONNX's own format allows
   */
  readonly memoryLimit?: number | undefined;
}

/**
 * Reads a network of ONNX from disk, and the files of weights that it names, which must be in its folder. See
 * {@link readOnnx}. Weights are read one after the other when they are put into the order of TensorFlow.js.
 *
 * @param path - Path of the `.onnx` file.
 * @param options - Layout of the inputs, and a limit on memory.
 * @returns The model and what the file says beside it.
 * @throws {@link OnnxOperationsError} for operations, or forms of them, that no layer computes.
 * @throws {@link OnnxFileError} with a code for what else is wrong with the file: `ONNX_EXTERNAL_DATA` if a file of
 *   weights lies outside its folder.
 * @throws {@link FileAccessError} if a file is not there or cannot be read.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { readOnnxFile } from '@espalier/onnx/node';
 *
 * export async function countParameters(path: string): Promise<number> {
 *   const { model } = await readOnnxFile(path);
 *   const count = model.countParams();
 *   model.dispose();
 *   return count;
 * }
 * ```
 */
export async function readOnnxFile(path: string, options: ReadOnnxFileOptions = {}): Promise<OnnxNetwork> {
  rules.text('path', path as never);
  checkOptions<ReadOnnxFileOptions>(options, {
    channels: rules.optional(rules.oneOf('first', 'last')),
    memoryLimit: rules.optional(rules.integer({ from: 0 })),
  });
  const { memoryLimit, channels } = options;
  const folder = dirname(path);
  const files = new OpenFiles(memoryLimit ?? Number.POSITIVE_INFINITY);
  try {
    const file = await files.open(path);
    return await readStretch(file, { channels, files: location => files.open(inside(folder, location)) });
  } catch (error) {
    throw ofFile(path, error);
  } finally {
    await files.close();
  }
}

/** The error with the file's path in it. */
function ofFile(file: string, error: unknown): unknown {
  if (error instanceof OnnxOperationsError) return new OnnxOperationsError(error.nodes, { file });
  if (error instanceof OnnxFileError) return new OnnxFileError(error.code, error.reason, { file, cause: error.cause });
  return error;
}

/** Where a path leads that a network names, which must be in its folder. */
function inside(folder: string, location: string): string {
  const file = resolve(folder, location);
  const way = relative(resolve(folder), file);
  const leaves = way === '' || way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way) || isAbsolute(location);
  if (!leaves && !/[\0\\:]/.test(location)) return join(folder, way);
  throw new OnnxFileError(
    'ONNX_EXTERNAL_DATA',
    `Its weights are said to be in ${JSON.stringify(location)}, which is not in its folder.`,
  );
}
