import type { Checkpoint, StoredTensor } from './checkpoint.js';
import { fail, quote } from './fail.js';
import { denseSlots } from './reparameterization/reparameterization.js';
import { checkReparameterizationTensors } from './reparameterization/reparameterization-tensors.js';
import { checkSumTensors } from './sums/sum-tensors.js';
import { findMaskedOff } from './tensors/active-entries.js';
import { checkLength, checkSame } from './tensors/check-tensor.js';

/** Checks the numbers of a checkpoint whose manifest is in order. */
export function checkTensors({ weights, masks, slots, snapshots, reparameterization, sums = [] }: Checkpoint): void {
  for (const [name, weight] of weights) checkLength(weight, `weight ${quote(name)}`);
  for (const [name, mask] of masks) {
    const weight = weights.get(name);
    if (!weight) fail(`The mask of ${quote(name)} belongs to no weight of the checkpoint.`);
    checkMask(mask, weight, name);
  }
  const dense = denseSlots(reparameterization);
  for (const { weight, slot, initial, ...tensor } of slots) {
    const what = `slot ${quote(slot)} of ${quote(weight)}`;
    checkSame(tensor, weights.get(weight)!, what);
    const mask = dense.has(weight) ? undefined : masks.get(weight);
    const off = mask ? findMaskedOff(tensor.values, mask, initial) : -1;
    if (off >= 0)
      fail(`The ${what} is ${tensor.values[off]} at masked entry ${off}, but must be its initial ${initial}.`);
  }
  if (reparameterization) checkReparameterizationTensors(reparameterization, { weights, masks });
  checkSumTensors(sums, weights);
  for (const [name, snapshot] of snapshots) {
    for (const [weight, tensor] of snapshot.weights) {
      checkSame(tensor, weights.get(weight)!, `snapshot ${quote(name)} of ${quote(weight)}`);
    }
  }
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
