import { InvalidOptionError } from '@espalier/core';
import { bandWidth, type FisherBand, factorLength } from './band.js';
import { accumulate, accumulateAll, invertDirect, multiplyDirect } from './direct-band.js';
import { invertGram, multiplyGram } from './gram-band.js';

/** Where the gradients and factors of a band are: in memory, or from these bytes of the file on. */
export type FisherData =
  | {
      /** Gradients of the band; empty where the direct form has added them up already. */
      readonly gradients: Float32Array;
      /** Packed factors of its blocks. */
      readonly factors: Float64Array;
    }
  | {
      /** Byte of the file at which the gradients begin. The factors follow them. */
      readonly at: number;
    };

/**
 * One piece of work on a band of blocks, as plain data and arrays over memory of {@link FisherWork}: it can be posted
 * to a worker. Tasks of one `run` write to different bands.
 */
export type FisherTask =
  | {
      /** Takes a segment of gradients in: adds it to the blocks in memory, or writes it to the file. */
      readonly kind: 'accumulate' | 'write';
      /** The blocks. */
      readonly band: FisherBand;
      /** The gradients, block after block. */
      readonly segment: Float32Array;
      /** How many gradients it holds. */
      readonly rows: number;
      /** Index of the first of them. */
      readonly first: number;
      /** Where they go. */
      readonly data: FisherData;
    }
  | {
      /** Factorizes, and overwrites `vector` by the diagonal of F⁻¹; or replaces `vector` by `F⁻¹ vector`. */
      readonly kind: 'invert' | 'multiply';
      /** The blocks. */
      readonly band: FisherBand;
      /** One number for each entry of the band. */
      readonly vector: Float64Array;
      /** The gradients and factors. */
      readonly data: FisherData;
    };

/** The file that a task reads and writes, synchronously. */
export interface FisherFile {
  /** Fills the bytes of an array from the file. */
  read(into: Float32Array | Float64Array, at: number): void;
  /** Writes the bytes of an array. */
  write(from: Float32Array | Float64Array, at: number): void;
}

/**
 * Does one task; what an executor calls wherever its tasks end up. The same task gives the same bits everywhere.
 *
 * @param task - What to do.
 * @param file - The file, if the executor has one.
 * @returns False if a block is not positive definite.
 * @throws Error if the task needs a file and there is none.
 *
 * @example An executor that does everything at once on its own thread.
 * ```ts
 * import { type FisherExecutor, runFisherTask } from '@espalier/prune-woodfisher';
 *
 * const executor: FisherExecutor = {
 *   threads: 1,
 *   spills: false,
 *   open: async () => ({
 *     allocate: bytes => new ArrayBuffer(bytes),
 *     run: async tasks => tasks.map(task => runFisherTask(task)),
 *     close: async () => {},
 *   }),
 * };
 * ```
 */
export function runFisherTask(task: FisherTask, file: FisherFile = noFile): boolean {
  if (typeof task !== 'object' || task === null) throw new InvalidOptionError('task', task, 'a task of a session');
  switch (task.kind) {
    case 'accumulate':
    case 'write':
      return takeIn(task, file);
    case 'invert':
      return invert(task.band, task.data, task.vector, file);
    case 'multiply':
      return multiply(task.band, task.data, task.vector, file);
  }
}

function takeIn({ band, segment, rows, first, data }: IntakeTask, file: FisherFile): boolean {
  const width = bandWidth(band);
  if ('at' in data) file.write(segment.subarray(0, rows * width), data.at + 4 * first * width);
  else accumulate(band, segment, rows, data.factors);
  return true;
}

type IntakeTask = Extract<FisherTask, { readonly kind: 'accumulate' | 'write' }>;

/** Bytes of a band in the file. */
export function fileBytes(band: FisherBand): number {
  return factorsOffset(band) + 8 * factorLength(band);
}

const factorsOffset = (band: FisherBand): number => 8 * Math.ceil((band.count * bandWidth(band)) / 2);

function invert(band: FisherBand, data: FisherData, diagonal: Float64Array, file: FisherFile): boolean {
  const spilled = 'at' in data;
  const gradients = spilled ? new Float32Array(band.count * bandWidth(band)) : data.gradients;
  const factors = spilled ? new Float64Array(factorLength(band)) : data.factors;
  if (spilled) file.read(gradients, data.at);
  if (spilled && band.form === 'direct') accumulateAll(band, gradients, factors);
  const regular =
    band.form === 'gram' ? invertGram(band, gradients, factors, diagonal) : invertDirect(band, factors, diagonal);
  if (spilled) file.write(factors, data.at + factorsOffset(band));
  return regular;
}

function multiply(band: FisherBand, data: FisherData, vector: Float64Array, file: FisherFile): boolean {
  if (vector.every(value => value === 0)) return true;
  const spilled = 'at' in data;
  const factors = spilled ? new Float64Array(factorLength(band)) : data.factors;
  if (spilled) file.read(factors, data.at + factorsOffset(band));
  if (band.form === 'direct') {
    multiplyDirect(band, factors, vector);
    return true;
  }
  const gradients = spilled ? new Float32Array(band.count * bandWidth(band)) : data.gradients;
  if (spilled) file.read(gradients, data.at);
  multiplyGram(band, gradients, factors, vector);
  return true;
}

const noFile: FisherFile = {
  read: () => {
    throw new Error('This executor has no file.');
  },
  write: () => {
    throw new Error('This executor has no file.');
  },
};
