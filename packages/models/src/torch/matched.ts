import type { LayersModel } from '@tensorflow/tfjs-layers';
import { checkStored } from './baked.js';
import { TorchShapeMismatchError, TorchTensorsMismatchError } from './errors.js';
import { keyOf, type Slot, slotsOf } from './slot.js';
import type { StoredParameter } from './stored-parameters.js';

/** Every weight with its tensor, of a shape that fits; `undefined` for a bias that STR's head does not have. */
export function matched(
  model: LayersModel,
  found: ReadonlyMap<string, StoredParameter>,
  kept: string | undefined,
  unknown: readonly string[],
): [Slot, StoredParameter | undefined][] {
  const slots = model.layers.filter(({ name }) => name !== kept).flatMap(slotsOf);
  const missing: string[] = [];
  const pairs: [Slot, StoredParameter | undefined][] = [];
  for (const slot of slots) {
    const stored = found.get(keyOf(slot));
    if (typeof slot === 'string') missing.push(slot);
    else if (stored || isBiasOfConvolutionalHead(slot, found)) pairs.push([slot, stored]);
    else missing.push(slot.name);
  }
  if (missing.length + unknown.length > 0) throw new TorchTensorsMismatchError(missing, unknown);
  for (const [slot, stored] of pairs) {
    if (!stored) continue;
    const { source, shape } = stored.tensor;
    if (!slot.shapes.some(expected => expected.join() === shape.join())) {
      throw new TorchShapeMismatchError(source, slot.name, slot.shapes[0] as readonly number[], shape);
    }
    checkStored(stored);
  }
  return pairs;
}

/** True for the bias of a dense layer that the checkpoint stores as a 1x1 convolution, which has none. */
function isBiasOfConvolutionalHead(slot: Slot, found: ReadonlyMap<string, StoredParameter>): boolean {
  const weight = found.get(`${slot.layer}/weight`);
  return slot.dense && slot.parameter === 'bias' && weight?.tensor.shape.length === 4;
}
