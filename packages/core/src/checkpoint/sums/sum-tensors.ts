import { type GradientSum, gradientSums } from '../../method/gradient-sum.js';
import { fail, quote, show } from '../fail.js';
import { asArray, asInteger, asName, asObject } from '../json/fields.js';
import type { SafetensorsTensor } from '../safetensors/tensor.js';
import { float32Tensor } from '../safetensors/values.js';
import { checkSame } from '../tensors/check-tensor.js';
import type { StoredTensor } from '../tensors/stored-tensor.js';
import type { TensorReader } from '../tensors/tensor-reader.js';
import type { StoredSum } from './stored-sum.js';

/** A sum as the manifest lists it; shapes are the weights'. */
export interface SumEntry {
  readonly kind: GradientSum;
  readonly steps: number;
  readonly weights: readonly string[];
}

type Weights = ReadonlyMap<string, StoredTensor>;

/** Name in the file of a weight's sum. */
export const sumTensor = (index: number, weight: string): string => `${index}:${weight}.sum`;

export function sumEntries(sums: readonly StoredSum[]): readonly SumEntry[] {
  return sums.map(({ kind, steps, weights }) => ({ kind, steps, weights: [...weights.keys()] }));
}

/** Checks the list of a manifest. */
export function checkSumEntries(value: unknown, weights: { has(name: string): boolean }): readonly SumEntry[] {
  const seen = new Set<unknown>();
  return asArray(value, 'list of sums').map((each, index) => {
    const where = `sums[${index}]`;
    const { kind: given, steps, weights: listed } = asObject(each, where);
    const kind = gradientSums.find(known => known === given);
    if (!kind) return fail(`The ${where}.kind is ${show(given)}, but must be one of ${gradientSums.join(', ')}.`);
    if (seen.has(kind)) fail(`The sum ${quote(kind)} is listed twice.`);
    seen.add(kind);
    const names = asArray(listed, `${where}.weights`).map((name, place) => asName(name, `${where}.weights[${place}]`));
    const unknown = names.find(name => !weights.has(name));
    if (unknown !== undefined) fail(`The sum ${quote(kind)} is of ${quote(unknown)}, no weight of the checkpoint.`);
    if (new Set(names).size !== names.length) fail(`The sum ${quote(kind)} lists a weight twice.`);
    return { kind, steps: asInteger(steps, `${where}.steps`, 1), weights: names };
  });
}

/** Checks the numbers of sums whose manifest entries are in order. */
export function checkSumTensors(sums: readonly StoredSum[], weights: Weights): void {
  for (const { kind, weights: own } of sums) {
    for (const [name, tensor] of own) checkSame(tensor, weights.get(name)!, `sum ${quote(kind)} of ${quote(name)}`);
  }
}

export function* writeSums(sums: readonly StoredSum[]): Generator<[string, SafetensorsTensor]> {
  for (const [index, { weights }] of sums.entries()) {
    for (const [name, { shape, values }] of weights) yield [sumTensor(index, name), float32Tensor(shape, values)];
  }
}

export function readSums(entries: readonly SumEntry[], weights: Weights, reader: TensorReader): readonly StoredSum[] {
  return entries.map(({ kind, steps, weights: names }, index) => {
    const read = (name: string): [string, StoredTensor] => {
      const { shape } = weights.get(name)!;
      return [name, { shape, values: reader.takeValues(sumTensor(index, name), shape) }];
    };
    return { kind, steps, weights: new Map(names.map(read)) };
  });
}
