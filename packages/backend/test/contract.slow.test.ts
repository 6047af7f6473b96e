import { useBackend } from '@espalier/backend';
import { fixed, global } from '@espalier/core';
import { describeMethodContract } from '@espalier/core/testing';
import { magnitude } from '@espalier/prune-magnitude';
import { beforeAll, describe, it } from 'vitest';

/*
 * Pruning on the training kernels of this package: the whole contract, including `fit` with convolutions, which plain
 * tfjs-backend-wasm cannot train.
 */
beforeAll(() => useBackend('wasm'));

describeMethodContract({ describe, it }, 'on wasm with training kernels, fixed', fixed);
describeMethodContract({ describe, it }, 'on wasm with training kernels, magnitude', () =>
  magnitude({ sparsity: 0.75, cadence: { start: 2, end: 8, every: 3 }, distribution: global }),
);
