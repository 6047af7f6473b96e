import { TensorShapeMismatchError, TensorsMismatchError } from '../framework-errors.js';
import type { Leaf } from '../leaves.js';
import { isSlot, type Slot, type UnknownWeight } from './arrangement/slot.js';
import { checkStored } from './baked.js';
import type { StoredParameter } from './stored-parameters.js';

/** Stored parameters by the layer and PyTorch's name of the parameter. */
export type Found = ReadonlyMap<Leaf, ReadonlyMap<string, StoredParameter>>;

/** Every weight with its tensor, of a shape that fits; `undefined` for a bias that STR's head does not have. */
export function matched(
  slots: readonly (Slot | UnknownWeight)[],
  found: Found,
  unknown: readonly string[],
): [Slot, StoredParameter | undefined][] {
  const missing: string[] = [];
  const pairs: [Slot, StoredParameter | undefined][] = [];
  for (const slot of slots) {
    const stored = isSlot(slot) ? found.get(slot.leaf)?.get(slot.parameter) : undefined;
    if (isSlot(slot) && (stored || isBiasOfConvolutionalHead(slot, found))) pairs.push([slot, stored]);
    else missing.push(slot.name);
  }
  if (missing.length + unknown.length > 0) throw new TensorsMismatchError('torch', missing, unknown);
  for (const [slot, stored] of pairs) {
    if (!stored) continue;
    const { source, shape } = stored.tensor;
    if (!slot.shapes.some(expected => expected.join() === shape.join())) {
      throw new TensorShapeMismatchError('torch', source, slot.name, slot.shapes[0] as readonly number[], shape);
    }
    checkStored(stored);
  }
  return pairs;
}

/** True for the bias of a dense layer that the checkpoint stores as a 1x1 convolution, which has none. */
function isBiasOfConvolutionalHead({ dense, parameter, leaf }: Slot, found: Found): boolean {
  const weight = found.get(leaf)?.get('weight');
  return dense && parameter === 'bias' && weight?.tensor.shape.length === 4;
}
