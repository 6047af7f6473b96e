import { findNativeKernels } from '@espalier/runtime-native';
import type { NativeChoice } from '../../src/engine/engine.js';

const found = findNativeKernels();

/** What must be tested here: `.ci/native-kernels.sh` sets it, so that nothing is skipped there. */
const expected = process.env.ESPALIER_EXPECT_NATIVE;

/** Native kernels of every instruction set of this processor; none where the addon was not built. */
export const nativeChoices: readonly NativeChoice[] =
  'kernels' in found
    ? found.kernels.instructionSets().map(instructions => ({ kernels: found.kernels, instructions }))
    : [];

/** Why there are none, for the names of tests that are skipped; otherwise what they are tested on. */
export const nativeState: string =
  'kernels' in found ? found.kernels.instructionSets().join(' and ') : `skipped: ${found.reason}`;

if (expected !== undefined && nativeState !== expected) {
  throw new Error(`Native kernels were expected for ${expected}; here: ${nativeState}.`);
}
