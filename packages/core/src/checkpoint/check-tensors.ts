import { findMaskedOff } from './active-entries.js';
import type { Checkpoint, StoredTensor } from './checkpoint.js';
import { fail, quote } from './fail.js';
import { sameShape, sizeOf } from './shape.js';

/** Checks the numbers of a checkpoint whose manifest is in order. */
export function checkTensors({ weights, masks, slots, snapshots }: Checkpoint): void {
  for (const [name, weight] of weights) checkLength(weight, `weight ${quote(name)}`);
  for (const [name, mask] of masks) {
    const weight = weights.get(name);
    if (!weight) fail(`The mask of ${quote(name)} belongs to no weight of the checkpoint.`);
    checkMask(mask, weight, name);
  }
  for (const { weight, slot, initial, ...tensor } of slots) {
    const what = `slot ${quote(slot)} of ${quote(weight)}`;
    checkSame(tensor, weights.get(weight)!, what);
    const mask = masks.get(weight);
    const off = mask ? findMaskedOff(tensor.values, mask, initial) : -1;
    if (off >= 0)
      fail(`The ${what} is ${tensor.values[off]} at masked entry ${off}, but must be its initial ${initial}.`);
  }
  for (const [name, snapshot] of snapshots) {
    for (const [weight, tensor] of snapshot.weights) {
      checkSame(tensor, weights.get(weight)!, `snapshot ${quote(name)} of ${quote(weight)}`);
    }
  }
}

function checkLength({ shape, values }: StoredTensor, what: string): void {
  if (!(values instanceof Float32Array)) fail(`The values of the ${what} are not a Float32Array.`);
  const size = sizeOf(shape, `shape of the ${what}`);
  if (values.length !== size) {
    fail(`The ${what} has ${values.length} values, but its shape [${shape.join(', ')}] needs ${size}.`);
  }
}

function checkSame(tensor: StoredTensor, weight: StoredTensor, what: string): void {
  if (!sameShape(tensor.shape, weight.shape)) {
    fail(`The ${what} has shape [${tensor.shape.join(', ')}], but its weight has [${weight.shape.join(', ')}].`);
  }
  checkLength(tensor, what);
}

function checkMask(mask: Uint8Array, weight: StoredTensor, name: string): void {
  if (!(mask instanceof Uint8Array)) fail(`The mask of ${quote(name)} is not a Uint8Array.`);
  if (mask.length !== weight.values.length) {
    fail(`The mask of ${quote(name)} has ${mask.length} entries, but its weight has ${weight.values.length}.`);
  }
  const wrong = mask.findIndex(entry => entry > 1);
  if (wrong >= 0) fail(`The mask of ${quote(name)} is ${mask[wrong]} at entry ${wrong}, but must be 0 or 1.`);
  const off = findMaskedOff(weight.values, mask, 0);
  if (off >= 0) fail(`The weight ${quote(name)} is ${weight.values[off]} at masked entry ${off}, but must be 0.`);
}
