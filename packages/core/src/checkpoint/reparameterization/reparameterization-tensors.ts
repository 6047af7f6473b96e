import type { Checkpoint, StoredTensor } from '../checkpoint.js';
import { fail, quote } from '../fail.js';
import type { SafetensorsTensor } from '../safetensors/tensor.js';
import { float32Tensor } from '../safetensors/values.js';
import { countActive, findMaskedOff, gatherActive, scatterActive } from '../tensors/active-entries.js';
import { checkSame } from '../tensors/check-tensor.js';
import type { TensorReader } from '../tensors/tensor-reader.js';
import type { ReparameterizationEntry } from './reparameterization.js';
import type { StoredParameter, StoredReparameterization } from './stored-reparameterization.js';

type Masks = Checkpoint['masks'];

/** Name in the file of a weight's raw values: all of them, or the active ones if masks act on raw weights. */
export const rawTensor = (weight: string): string => `${weight}.raw`;
/** Name in the file of a parameter's value and slots. */
export const parameterTensor = (index: number, { weight, name }: { weight: string; name: string }): string =>
  `${index}:${weight}/${name}.parameter`;

/** Checks the numbers of a reparameterization whose manifest entry is in order. */
export function checkReparameterizationTensors(
  { masking, raw, parameters }: StoredReparameterization,
  { weights, masks }: Pick<Checkpoint, 'weights' | 'masks'>,
): void {
  for (const [name, tensor] of raw) {
    checkSame(tensor, weights.get(name)!, `raw weight ${quote(name)}`);
    const mask = masking === 'raw' ? masks.get(name) : undefined;
    const off = mask ? findMaskedOff(tensor.values, mask, 0) : -1;
    if (off >= 0) fail(`The raw weight ${quote(name)} is ${tensor.values[off]} at masked entry ${off}, but must be 0.`);
  }
  for (const parameter of parameters) {
    const { weight, name, values } = parameter;
    const what = `parameter ${quote(name)} of ${quote(weight)}`;
    if (!(values instanceof Float32Array)) fail(`The values of the ${what} are not a Float32Array.`);
    const expected = parameterShape(parameter, weights).reduce((product, side) => product * side, 1);
    if (values.length !== expected) fail(`The ${what} has ${values.length} values, not ${expected}.`);
  }
}

/** Shape of a parameter's tensor: a row each for value and slots if it is per weight, else a number each. */
function parameterShape(
  { weight, perWeight, slots }: Omit<StoredParameter, 'values'>,
  weights: ReadonlyMap<string, StoredTensor>,
): number[] {
  const count = 1 + slots.length;
  return perWeight ? [count, weights.get(weight)!.values.length] : [count];
}

export function* writeReparameterization(
  { masking, raw, parameters }: StoredReparameterization,
  { masks, weights }: Pick<Checkpoint, 'masks' | 'weights'>,
): Generator<[string, SafetensorsTensor]> {
  for (const [name, { shape, values }] of raw) {
    const mask = masking === 'raw' ? masks.get(name) : undefined;
    const active = mask ? gatherActive(values, mask) : values;
    yield [rawTensor(name), float32Tensor(mask ? [active.length] : shape, active)];
  }
  for (const [index, parameter] of parameters.entries()) {
    yield [parameterTensor(index, parameter), float32Tensor(parameterShape(parameter, weights), parameter.values)];
  }
}

export function readReparameterization(
  { masking, raw, parameters }: ReparameterizationEntry,
  masks: Masks,
  weights: ReadonlyMap<string, StoredTensor>,
  reader: TensorReader,
): StoredReparameterization {
  const read = (name: string): [string, StoredTensor] => {
    const { shape } = weights.get(name)!;
    const mask = masking === 'raw' ? masks.get(name) : undefined;
    const values = reader.takeValues(rawTensor(name), mask ? [countActive(mask)] : shape);
    return [name, { shape, values: mask ? scatterActive(values, mask, 0) : values }];
  };
  return {
    masking,
    raw: new Map([...raw].map(read)),
    parameters: parameters.map((entry, index) => {
      return { ...entry, values: reader.takeValues(parameterTensor(index, entry), parameterShape(entry, weights)) };
    }),
  };
}
