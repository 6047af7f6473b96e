import type { StoredTensor } from '../checkpoint.js';
import { fail } from '../fail.js';
import { sameShape, sizeOf } from '../shape.js';

/** Throws unless the tensor has as many values as its shape says. */
export function checkLength({ shape, values }: StoredTensor, what: string): void {
  if (!(values instanceof Float32Array)) fail(`The values of the ${what} are not a Float32Array.`);
  const size = sizeOf(shape, `shape of the ${what}`);
  if (values.length !== size) {
    fail(`The ${what} has ${values.length} values, but its shape [${shape.join(', ')}] needs ${size}.`);
  }
}

/** Throws unless the tensor is sound and has its weight's shape. */
export function checkSame(tensor: StoredTensor, weight: StoredTensor, what: string): void {
  if (!sameShape(tensor.shape, weight.shape)) {
    fail(`The ${what} has shape [${tensor.shape.join(', ')}], but its weight has [${weight.shape.join(', ')}].`);
  }
  checkLength(tensor, what);
}
