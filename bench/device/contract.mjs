/**
 * node contract.mjs <backend>: the method contract suite of `@espalier/core/testing` on a backend, for every method
 * there is, without a test runner. Prints each failure and, last,
 * `contract on <backend>: N passed, N failed, N skipped`; exits with 1 if anything failed. One method runs with every
 * optimizer, the others with momentum and Adam.
 *
 * Runs where the packages are installed: .ci/native.sh and .ci/webgpu.sh copy it there, bundle.sh bundles it.
 */

import { useBackend } from '@espalier/backend';
import { fixed } from '@espalier/core';
import { methodContract, supportedOptimizers } from '@espalier/core/testing';
import { acdc } from '@espalier/prune-acdc';
import { gap } from '@espalier/prune-gap';
import { lotteryTicket } from '@espalier/prune-lth';
import { iterativeMagnitude, magnitude, oneShotMagnitude } from '@espalier/prune-magnitude';
import { granet, rigl, set, staticSparse } from '@espalier/prune-rigl';
import { softThreshold } from '@espalier/prune-str';
import { woodFisher } from '@espalier/prune-woodfisher';

const cadence = { start: 2, end: 13, every: 4 };
const phases = { total: 18, warmup: 3, sparse: 3, dense: 2, lastDense: 3, lastSparse: 4 };
const dense = { denseSchedule: () => 0.05, denseSteps: 8, start: 4 };
const { momentum, adam } = supportedOptimizers;
const some = { optimizers: { momentum, adam } };
const methods = {
  magnitude: [() => magnitude({ sparsity: 0.8, cadence })],
  fixed: [() => fixed(), some],
  'one-shot magnitude': [() => oneShotMagnitude({ sparsity: 0.6, position: 5 }), some],
  'iterative magnitude': [
    () => iterativeMagnitude({ sparsity: 0.8, phases: 3, ...dense, retrainSteps: { total: 14 } }),
    some,
  ],
  rigl: [() => rigl({ sparsity: 0.7, cadence }), some],
  set: [() => set({ sparsity: 0.7, cadence }), some],
  'static sparse': [() => staticSparse({ sparsity: 0.7 }), some],
  granet: [() => granet({ sparsity: 0.8, cadence, trainingSteps: 20 }), some],
  'lottery ticket': [
    () => lotteryTicket({ sparsity: 0.8, rounds: 3, roundLength: 5, rewindTo: 2 }),
    { ...some, steps: 5 + 3 * 3 },
  ],
  acdc: [() => acdc({ sparsity: 0.8, phases }), some],
  gap: [() => gap({ sparsity: 0.8, partitions: 2, turns: 4, turnLength: 4 }), some],
  'soft threshold': [() => softThreshold({ end: 13, initialThreshold: -3, thresholdDecay: 0.5 }), some],
  'soft threshold with a controller': [
    () => softThreshold({ end: 13, sparsity: 0.8, cadence: { start: 2, every: 4 } }),
    some,
  ],
  woodfisher: [() => woodFisher({ sparsity: 0.8, cadence, samples: 6, blockSize: 5 }), some],
};

const [name = 'auto'] = process.argv.slice(2);
const backend = await useBackend(name);
const counts = { passed: 0, failed: 0, skipped: 0 };
for (const [method, [create, options]] of Object.entries(methods)) {
  for (const { name: sentence, run, unavailable } of methodContract(create, options)) {
    const reason = unavailable?.();
    if (reason) {
      counts.skipped++;
      console.log(`skipped  ${method}: ${sentence} (${reason})`);
      continue;
    }
    try {
      await run();
      counts.passed++;
    } catch (error) {
      counts.failed++;
      console.log(`FAILED   ${method}: ${sentence}\n         ${error.code ?? error.name}: ${error.message}`);
    }
  }
}
const { passed, failed, skipped } = counts;
console.log(`contract on ${backend.name}: ${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
