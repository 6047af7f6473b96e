import { expect, it } from 'vitest';
import * as native from './index.js';

it('@espalier/runtime-native exports exactly its public names', () => {
  expect(Object.keys(native)).toEqual(['findNativeKernels']);
});
