import { detectInstructions } from '../engine/module.js';
import { checkWideKernels } from '../operations/index.js';
import type { Instructions } from './options.js';

/**
 * The instructions that were asked for, or the best ones, after those that V8 calls experimental have been checked.
 *
 * @throws {@link WideKernelsUnavailableError} and {@link WideKernelsWrongError}
 */
export async function usableInstructions(asked: Instructions = detectInstructions()): Promise<Instructions> {
  if (asked === 'relaxed-simd-256') await checkWideKernels();
  return asked;
}
