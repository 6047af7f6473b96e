import { InvalidTensorError } from '../framework-errors.js';
import type { Order } from './arrangement/slot.js';
import type { StoredParameter } from './stored-parameters.js';

const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((side, axis) => side === b[axis]);

/** Refuses masks that are not 0 and 1 and of their weight's shape, and odd thresholds. */
export function checkStored({ tensor, masks, threshold }: StoredParameter): void {
  for (const mask of masks) {
    if (!sameShape(mask.shape, tensor.shape)) {
      const shapes = `[${mask.shape.join(', ')}], but the weight [${tensor.shape.join(', ')}]`;
      throw new InvalidTensorError('torch', mask.source, `a mask has the shape of its weight, but it is ${shapes}`);
    }
    for (let i = 0; i < mask.values.length; i++) {
      if (mask.values[i] === 0 || mask.values[i] === 1) continue;
      throw new InvalidTensorError(
        'torch',
        mask.source,
        `a mask holds zeros and ones, but entry ${i} is ${mask.values[i]}`,
      );
    }
  }
  if (threshold && (threshold.values.length !== 1 || !Number.isFinite(threshold.values[0]))) {
    throw new InvalidTensorError('torch', threshold.source, "STR's threshold is one finite number");
  }
}

/** Product of the masks, 1 = active; undefined if there are none. */
export function combinedMask({ masks, tensor }: StoredParameter): Uint8Array | undefined {
  if (masks.length === 0) return undefined;
  return Uint8Array.from({ length: tensor.values.length }, (_, i) =>
    masks.every(({ values }) => values[i] !== 0) ? 1 : 0,
  );
}

/** The values that the net computes with: STR's `sign(w) · relu(|w| − sigmoid(s))`, and zero where a mask is zero. */
export function effectiveValues(stored: StoredParameter, mask: Uint8Array | undefined): Float32Array {
  const values = new Float32Array(stored.tensor.values);
  const s = stored.threshold?.values[0];
  if (s !== undefined) {
    const threshold = Math.fround(1 / (1 + Math.exp(-s)));
    for (const [i, w] of values.entries()) {
      const left = Math.abs(w) - threshold;
      values[i] = left <= 0 ? 0 : Math.sign(w) * left;
    }
  }
  mask?.forEach((active, i) => {
    if (active === 0) values[i] = 0;
  });
  return values;
}

/**
 * `[outputs][inputs][positions]` as `[positions][inputs][outputs]`: OIHW to HWIO, and a matrix transposed; inputs in
 * our order.
 */
export function outputsLast<T extends Float32Array | Uint8Array>(values: T, order: Order): T {
  const { outputs, inputs, positions, from } = order;
  const result = values.slice() as T;
  if (outputs === values.length) {
    from?.forEach((theirs, ours) => {
      result[ours] = values[theirs] as number;
    });
    return result;
  }
  let to = 0;
  for (let position = 0; position < positions; position++) {
    for (let input = 0; input < inputs; input++) {
      const theirs = from ? (from[input] as number) : input;
      for (let output = 0; output < outputs; output++) {
        result[to++] = values[(output * inputs + theirs) * positions + position] as number;
      }
    }
  }
  return result;
}
