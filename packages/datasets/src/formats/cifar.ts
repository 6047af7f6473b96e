import { rules } from '@espalier/core';
import type { Dataset } from '../batch/dataset.js';
import { MalformedDataError } from '../errors.js';
import { bytesRule, classesRule } from '../option-rules.js';
import { byteDataset } from './byte-dataset.js';

/** Names of the classes of CIFAR-10, in the order of its labels. */
export const cifar10Classes: readonly string[] = [
  'airplane',
  'automobile',
  'bird',
  'cat',
  'deer',
  'dog',
  'frog',
  'horse',
  'ship',
  'truck',
];

const side = 32;
const plane = side * side;

/**
 * Dataset of the records of CIFAR-10's binary version: for each image one byte of label, then 1,024 bytes of red, green
 * and blue.
 *
 * @param files - Whole files, in the order their records should have.
 * @param name - Name of the dataset; also used in errors.
 * @returns A dataset of 32x32x3; the bytes are copied, channels last.
 * @throws {@link MalformedDataError} if a file is empty or not whole records, or a label is above 9.
 * @see {@link https://www.cs.toronto.edu/~kriz/cifar.html}, "Binary version".
 *
 * @example One gray image of class 3.
 * ```ts
 * import { cifar10Dataset } from '@espalier/datasets';
 *
 * const record = new Uint8Array(3073).fill(128);
 * record[0] = 3;
 * const dataset = cifar10Dataset([record], 'one');
 * console.log(dataset.classes[dataset.label(0)]); // cat
 * ```
 */
export function cifar10Dataset(files: readonly Uint8Array[], name: string): Dataset {
  return recordDataset(files, name, cifar10Classes, 1);
}

/**
 * Dataset of the records of CIFAR-100's binary version: for each image a byte for its coarse and one for its fine
 * label, then 1,024 bytes of red, green and blue.
 *
 * @param file - The whole file, `train.bin` or `test.bin`.
 * @param name - Name of the dataset; also used in errors.
 * @param classes - Names of the 100 fine classes, the lines of `fine_label_names.txt`.
 * @returns A dataset of 32x32x3 with fine labels; the bytes are copied, channels last.
 * @throws {@link MalformedDataError} if the file is empty or not whole records, or a label has no class.
 * @see {@link https://www.cs.toronto.edu/~kriz/cifar.html}, "Binary version".
 *
 * @example One gray image of class 1.
 * ```ts
 * import { cifar100Dataset } from '@espalier/datasets';
 *
 * const record = new Uint8Array(3074).fill(128);
 * record.set([0, 1]);
 * console.log(cifar100Dataset(record, 'one', ['apple', 'aquarium_fish']).label(0)); // 1
 * ```
 */
export function cifar100Dataset(file: Uint8Array, name: string, classes: readonly string[]): Dataset {
  return recordDataset([file], name, classes, 2);
}

/** The last of the bytes before the pixels is the label. */
function recordDataset(
  files: readonly Uint8Array[],
  name: string,
  classes: readonly string[],
  labelBytes: number,
): Dataset {
  rules.list(bytesRule)('files', files as never);
  rules.text('name', name as never);
  classesRule('classes', classes as never);
  const recordLength = labelBytes + 3 * plane;
  for (const [index, { length }] of files.entries()) {
    if (length > 0 && length % recordLength === 0) continue;
    throw new MalformedDataError(name, `file ${index} has ${length} bytes, not records of ${recordLength}`);
  }
  const count = files.reduce((sum, { length }) => sum + length / recordLength, 0);
  if (count === 0) throw new MalformedDataError(name, 'there are no files');
  const images = new Uint8Array(count * 3 * plane);
  const labels = new Uint8Array(count);
  let example = 0;
  for (const file of files) {
    for (let start = 0; start < file.length; start += recordLength, example++) {
      labels[example] = file[start + labelBytes - 1]!;
      const target = example * 3 * plane;
      for (let pixel = 0; pixel < plane; pixel++) {
        for (let channel = 0; channel < 3; channel++) {
          images[target + pixel * 3 + channel] = file[start + labelBytes + channel * plane + pixel]!;
        }
      }
    }
  }
  return byteDataset({ name, classes, shape: [side, side, 3], images, labels });
}
