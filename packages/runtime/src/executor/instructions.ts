import { detectInstructions } from '../engine/module.js';
import { checkWideKernels } from '../kernels/index.js';
import type { Instructions } from './options.js';

/**
 * The instructions that were asked for, or the best ones, after those that V8 calls experimental have been checked.
 *
 * @param shared - Whether the memory will be shared.
 * @throws {@link WideKernelsUnavailableError} and {@link WideKernelsWrongError}
 */
export async function usableInstructions(asked: Instructions | undefined, shared: boolean): Promise<Instructions> {
  const instructions = asked ?? detectInstructions();
  if (instructions === 'relaxed-simd-256') await checkWideKernels(shared);
  return instructions;
}
