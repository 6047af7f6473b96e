import { ModelFileError } from './errors.js';

/** The error for files that are not as Keras writes them. */
export function invalidKerasFile(file: string, problem: string, cause?: unknown): ModelFileError {
  const remedy = 'Give a file that Keras saved (.h5, .weights.h5, .keras), and copy it again if it was cut off.';
  return new ModelFileError('KERAS_FILE_INVALID', file, problem, remedy, { cause });
}

/** The error for files that take more memory than they may. */
export function overMemory(file: string, problem: string): ModelFileError {
  const remedy = 'Give a `memoryLimit` of more bytes if you trust the file.';
  return new ModelFileError('MODEL_MEMORY_LIMIT', file, `It takes too much memory: ${problem}.`, remedy);
}

/** The error for files that take more time than they may. */
export function overTime(file: string, timeLimit: number): ModelFileError {
  const remedy = 'Copy it again if it may be damaged, or give a `timeLimit` of more milliseconds if you trust it.';
  return new ModelFileError('MODEL_TIME_LIMIT', file, `It was not read within ${timeLimit} ms.`, remedy);
}

/** The error where the library cannot be had. */
export function libraryMissing(file: string, cause: unknown): ModelFileError {
  const problem = 'The package h5wasm, which reads HDF5, is not installed.';
  return new ModelFileError('H5WASM_MISSING', file, problem, 'Run: npm install h5wasm@0.10', { cause });
}
