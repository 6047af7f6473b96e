/**
 * node contract.mjs <backend>: the method contract suite of `@espalier/core/testing` on a backend, for every method there
 * is, without a test runner. Prints each failure and, last, `contract on <backend>: N passed, N failed, N skipped`; exits
 * with 1 if anything failed.
 *
 * Runs where the packages are installed: .ci/native.sh and .ci/webgpu.sh copy it there, bundle.sh bundles it.
 */

import { useBackend } from '@espalier/backend';
import { erdosRenyiKernel, fixed } from '@espalier/core';
import { methodContract } from '@espalier/core/testing';
import { magnitude, oneShotMagnitude } from '@espalier/prune-magnitude';

const cadence = { start: 2, end: 13, every: 4 };
const methods = {
  fixed: () => fixed(),
  magnitude: () => magnitude({ sparsity: 0.8, cadence }),
  'magnitude with ERK': () => magnitude({ sparsity: 0.7, cadence, distribution: erdosRenyiKernel }),
  'one-shot magnitude': () => oneShotMagnitude({ sparsity: 0.6, position: 5 }),
};

const [name = 'auto'] = process.argv.slice(2);
const backend = await useBackend(name);
const counts = { passed: 0, failed: 0, skipped: 0 };
for (const [method, create] of Object.entries(methods)) {
  for (const { name: sentence, run, unavailable } of methodContract(create)) {
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
