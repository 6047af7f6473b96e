import type { ParsedTensor } from '../format/reading/parsed.js';
import type { Stretch } from '../format/reading/stretch.js';
import { type Numbers, numbersOf } from '../format/reading/tensor-values.js';
import { most } from './constant-places.js';
import { type Constant, sizeOf } from './entry.js';

/**
 * Constants whose numbers are decoded when somebody looks at them. Those that may be computed with stay decoded; of the
 * larger ones, weights that are put into another order as a whole, the last one alone.
 */
export class StoredConstants {
  #last: { readonly tensor: ParsedTensor; readonly values: Numbers } | undefined;

  /** @param raw - The numbers' bytes, if they are in another file. */
  of(tensor: ParsedTensor, raw: Stretch | undefined): Constant {
    const { shape } = tensor;
    if (sizeOf(shape) <= most) return keptConstant(shape, () => numbersOf(tensor, raw ?? tensor.raw));
    const decoded = (): Numbers => {
      if (this.#last?.tensor !== tensor) {
        this.#last = undefined; // may be collected before the next one is made
        this.#last = { tensor, values: numbersOf(tensor, raw ?? tensor.raw) };
      }
      return this.#last.values;
    };
    return {
      kind: 'constant',
      shape,
      get values() {
        return decoded();
      },
    };
  }
}

function keptConstant(shape: readonly number[], decode: () => Numbers): Constant {
  let values: Numbers | undefined;
  return {
    kind: 'constant',
    shape,
    get values() {
      values ??= decode();
      return values;
    },
  };
}
