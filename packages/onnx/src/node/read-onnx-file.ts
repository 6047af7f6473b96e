import { type FileHandle, open } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { checkOptions, rules } from '@espalier/core';
import { withFileErrors } from '@espalier/core/node';
import { OnnxFileError } from '../errors.js';
import { type OnnxNetwork, type ReadOnnxOptions, readOnnx } from '../import/read-onnx.js';

/** Most bytes of one file, which is what ONNX's own format allows; files of weights beside it may be as large. */
const longest = 2 ** 31 - 1;

/** Options of {@link readOnnxFile}. */
export interface ReadOnnxFileOptions extends Pick<ReadOnnxOptions, 'channels'> {
  /**
   * The most bytes that the file and those that it names may have together. More are refused with `ONNX_FILE_LIMIT`
   * before they are read. Reading takes some two and a half times as many bytes of memory.
   *
   * @defaultValue 2 GiB for each file, which is what ONNX's own format allows
   */
  readonly memoryLimit?: number | undefined;
}

/**
 * Reads a network of ONNX from disk, and the files of weights that it names, which must be in its folder. See
 * {@link readOnnx}.
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
  const { memoryLimit, ...reading } = options;
  let left = memoryLimit ?? Number.POSITIVE_INFINITY;
  const bytesOf = async (file: string): Promise<Uint8Array> => {
    const bytes = await wholeFile(file, left);
    left -= bytes.length;
    return bytes;
  };
  const folder = dirname(path);
  const externalData = (location: string): Promise<Uint8Array> => bytesOf(inside(folder, location));
  return readOnnx(await bytesOf(path), { ...reading, externalData });
}

/** A whole regular file, if it is not too long. */
async function wholeFile(path: string, left: number): Promise<Uint8Array> {
  return withFileErrors(path, 'read', async () => {
    const file: FileHandle = await open(path, 'r');
    try {
      const found = await file.stat();
      if (!found.isFile()) throw new OnnxFileError('ONNX_FILE_INVALID', `${path} is no regular file.`);
      if (found.size > Math.min(left, longest)) {
        const limit = left < longest ? `, of which ${left} may be read: give a memoryLimit of more bytes` : '';
        throw new OnnxFileError('ONNX_FILE_LIMIT', `${path} has ${found.size} bytes${limit}.`);
      }
      return await file.readFile();
    } finally {
      await file.close();
    }
  });
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
