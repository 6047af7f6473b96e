import { checkOptions, type OptionRules, rules } from '@espalier/core';
import type { Dataset } from '../batch/dataset.js';
import { DataTooLargeError, MalformedDataError } from '../errors.js';
import { bytesRule, classesRule } from '../option-rules.js';
import { byteDataset } from './byte-dataset.js';
import { digitClasses } from './digits.js';

/** An array out of an IDX file. */
export interface IdxArray {
  /** Length of each axis, slowest first. */
  readonly shape: readonly number[];
  /** Values, row-major: a view of the bytes that were parsed. */
  readonly data: Uint8Array;
}

/** Limits and names for {@link parseIdx}. */
export interface IdxOptions {
  /**
   * What to call the bytes in errors.
   *
   * @defaultValue 'IDX data'
   */
  readonly source?: string | undefined;
  /** Number of axes the file has to have. Any from 1 to 4 if left out. */
  readonly rank?: number | undefined;
  /**
   * Values the file may hold at most.
   *
   * @defaultValue 2^30
   */
  readonly maximumValues?: number | undefined;
}

const idxRules: OptionRules<IdxOptions> = {
  source: rules.optional(rules.text),
  rank: rules.optional(rules.integer({ from: 1, to: 4 })),
  maximumValues: rules.optional(rules.integer({ from: 0 })),
};

const unsignedByte = 0x08;

/**
 * Reads an IDX file of unsigned bytes, the format of MNIST: two zero bytes, type 0x08, number of axes, one big-endian
 * 32-bit length an axis, then the values.
 *
 * @param bytes - The whole file, not compressed.
 * @param options - Name for errors, expected number of axes, cap.
 * @returns Shape and a view of the values.
 * @throws {@link MalformedDataError} if magic, type, number of axes or length are not exactly right.
 * @throws {@link DataTooLargeError} if the header promises more values than allowed.
 * @throws {@link UnknownOptionError} or {@link InvalidOptionError} if an option is unknown or out of range.
 * @see {@link http://yann.lecun.com/exdb/mnist/}, "The IDX file format".
 *
 * @example
 * ```ts
 * import { parseIdx } from '@espalier/datasets';
 *
 * const { shape, data } = parseIdx(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 9));
 * console.log(shape, data); // [2] Uint8Array [7, 9]
 * ```
 */
export function parseIdx(bytes: Uint8Array, options: IdxOptions = {}): IdxArray {
  bytesRule('bytes', bytes as never);
  checkOptions(options, idxRules);
  const { source = 'IDX data', rank, maximumValues = 2 ** 30 } = options;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4 || view.getUint16(0) !== 0) {
    throw new MalformedDataError(source, 'not an IDX file, it must begin with two zero bytes');
  }
  const type = view.getUint8(2);
  if (type !== unsignedByte) {
    throw new MalformedDataError(source, `values of type ${type}, but only unsigned bytes (8) are supported`);
  }
  const axes = view.getUint8(3);
  if (axes < 1 || axes > 4 || (rank !== undefined && axes !== rank)) {
    throw new MalformedDataError(source, `${axes} axes instead of ${rank ?? '1 to 4'}`);
  }
  const header = 4 + 4 * axes;
  if (bytes.length < header) throw new MalformedDataError(source, `the header ends after ${bytes.length} bytes`);
  const shape = Array.from({ length: axes }, (_, axis) => view.getUint32(4 + 4 * axis));
  const values = shape.reduce((product, length) => product * length, 1);
  if (values > maximumValues) throw new DataTooLargeError(source, 'values', maximumValues, 'maximumValues');
  if (bytes.length !== header + values) {
    const problem = `${shape.join('x')} values need ${header + values} bytes, but there are ${bytes.length}`;
    throw new MalformedDataError(source, problem);
  }
  return { shape, data: bytes.subarray(header) };
}

/**
 * Dataset of one IDX file of images and one of labels, such as the files of MNIST after decompression.
 *
 * @param images - File with three axes: example, row, column.
 * @param labels - File with one axis.
 * @param name - Name of the dataset; also used in errors.
 * @param classes - Names of the classes, the ten digits if left out.
 * @returns A dataset of one channel that keeps views of both files.
 * @throws {@link MalformedDataError} if a file is damaged, they do not belong together, or a label has no class.
 *
 * @example One image of 1x2 pixels.
 * ```ts
 * import { idxDataset } from '@espalier/datasets';
 *
 * const images = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 255);
 * const labels = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 7);
 * console.log(idxDataset(images, labels, 'one').label(0)); // 7
 * ```
 */
export function idxDataset(
  images: Uint8Array,
  labels: Uint8Array,
  name: string,
  classes: readonly string[] = digitClasses,
): Dataset {
  rules.text('name', name as never);
  classesRule('classes', classes as never);
  const parsed = parseIdx(images, { source: `${name} images`, rank: 3 });
  const { data } = parseIdx(labels, { source: `${name} labels`, rank: 1 });
  const [count, height, width] = parsed.shape as [number, number, number];
  if (count !== data.length) throw new MalformedDataError(name, `${count} images, but ${data.length} labels`);
  if (count * height * width === 0) throw new MalformedDataError(name, 'it holds no images');
  return byteDataset({ name, classes, shape: [height, width, 1], images: parsed.data, labels: data });
}
