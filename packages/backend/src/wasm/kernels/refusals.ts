import { WasmUnsupportedError } from '../errors.js';
import type { Kernel } from './kernel.js';

/** Kernels of cpu that nobody has for wasm, with the reason. None is part of a layer or of a gradient of one. */
const MISSING: Readonly<Record<string, string>> = {
  Complex: 'It has no complex numbers.',
  ComplexAbs: 'It has no complex numbers.',
  FFT: 'It has no complex numbers.',
  IFFT: 'It has no complex numbers.',
  Imag: 'It has no complex numbers.',
  Real: 'It has no complex numbers.',
  RaggedGather: 'It has no ragged tensors.',
  RaggedRange: 'It has no ragged tensors.',
  RaggedTensorToTensor: 'It has no ragged tensors.',
  StaticRegexReplace: 'It has no regular expressions.',
};

/** Refuse by name what TensorFlow.js would refuse without a code. */
export const refusals: readonly Kernel[] = Object.entries(MISSING).map(([name, why]) => ({
  name,
  run() {
    throw new WasmUnsupportedError(name, why);
  },
}));

/** Whether a kernel of this name was registered only to refuse. */
export function isRefusal(name: string): boolean {
  return Object.hasOwn(MISSING, name);
}
