import { fail, quote } from '../fail.js';
import type { SafetensorsDtype } from '../safetensors/dtype.js';
import type { SafetensorsTensor } from '../safetensors/tensor.js';
import { float32Values } from '../safetensors/values.js';
import { sameShape } from '../shape.js';
import { packedLength } from './packed-mask.js';

/** Tensors of a file that are taken out one by one, each once, with the type and shape that the manifest announces. */
export class TensorReader {
  readonly #tensors: Map<string, SafetensorsTensor>;

  constructor(tensors: ReadonlyMap<string, SafetensorsTensor>) {
    this.#tensors = new Map(tensors);
  }

  takeMask(name: string, size: number): Uint8Array {
    return this.take(name, 'U8', [packedLength(size)]).bytes;
  }

  takeValues(name: string, shape: readonly number[]): Float32Array {
    return float32Values(this.take(name, 'F32', shape));
  }

  /** Refuses a file with tensors that its manifest does not know. */
  expectEmpty(): void {
    const [name] = this.#tensors.keys();
    if (name !== undefined) fail(`The tensor ${quote(name)} belongs to nothing in the checkpoint.`);
  }

  /** The tensor as it lies in the file, whose memory it shares, or read from there. */
  take(name: string, dtype: SafetensorsDtype, shape: readonly number[]): SafetensorsTensor {
    const tensor = this.#tensors.get(name);
    if (!tensor) return fail(`The tensor ${quote(name)} is missing.`);
    this.#tensors.delete(name);
    if (tensor.dtype !== dtype || !sameShape(tensor.shape, shape)) {
      const found = `${tensor.dtype} [${tensor.shape.join(', ')}]`;
      fail(`The tensor ${quote(name)} is ${found}, but must be ${dtype} [${shape.join(', ')}].`);
    }
    return { dtype, shape: tensor.shape, bytes: tensor.bytes };
  }
}
