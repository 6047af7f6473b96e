import { type Distribution, keptCount, nOfM, overallSparsity, uniform } from '@espalier/core';
import { describeMethodContract } from '@espalier/core/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, it } from 'vitest';
import '@tensorflow/tfjs-backend-cpu';
import { acdc } from '../src/index.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

// D0-2 S3-5 D6-7 S8-10 D11-13 S14-17.
const phases = { total: 18, warmup: 3, sparse: 3, dense: 2, lastDense: 3, lastSparse: 4 };

/** Uniform, with layers of an odd number of inputs left dense; the contract's models have one. */
const evenInputs: Distribution = Object.assign(
  (...[layers, amount]: Parameters<Distribution>): ReadonlyMap<string, number> =>
    new Map(
      layers.map(({ name, shape, size }) => [
        name,
        (shape.at(-2) ?? 1) % 2 ? size : keptCount(size, overallSparsity(layers, amount)),
      ]),
    ),
  { partial: true },
);

describeMethodContract({ describe, it }, 'acdc', () => acdc({ sparsity: 0.8, phases }));
describeMethodContract({ describe, it }, 'acdc with the uniform distribution', () =>
  acdc({ sparsity: 0.7, phases: { total: 16, warmup: 2, sparse: 3, dense: 3 }, distribution: uniform }),
);
describeMethodContract({ describe, it }, 'acdc with 1:2', () =>
  acdc({ sparsity: 0.5, phases, structure: nOfM(1, 2), distribution: evenInputs }),
);
