import type { PruningMethod } from '../../method/pruning-method.js';
import type { MethodState } from '../../method/state.js';
import { rules } from '../../options/rules.js';
import { type ContractOptions, methodContract } from './method-contract.js';

/** What a test case can say about itself while it runs; vitest's test context fits. */
export interface TestContext {
  /** Reports the case as skipped, with a reason. Must not return. */
  skip(reason: string): void;
}

/** `describe` and `it` of a test runner, in the shape that vitest has. */
export interface TestRunner {
  /** Groups cases. */
  readonly describe: (name: string, body: () => void) => void;
  /** Registers one case. */
  readonly it: (name: string, run: (context: TestContext) => Promise<void>) => void;
}

/** A runner may have more to it, as vitest itself has. */
function checkRunner(runner: TestRunner | undefined): void {
  rules.function('runner.describe', runner?.describe as never);
  rules.function('runner.it', runner?.it as never);
}

/**
 * Registers {@link methodContract} with a test runner: a group for the method, a case for each check. Set the backend
 * before, in `beforeAll`. Checks that cannot run on it are reported as skipped, with the reason.
 *
 * @param runner - `describe` and `it`, e.g. from vitest.
 * @param name - Name of the group.
 * @param create - Makes the method; every call must make an equal one.
 * @param options - How much to check.
 * @throws {@link InvalidOptionError} and {@link UnknownOptionError} at once, before a test runs.
 *
 * @example A test file of a method package, with vitest.
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { fixed } from '@espalier/core';
 * import { describeMethodContract } from '@espalier/core/testing';
 * import * as tf from '@tensorflow/tfjs-core';
 * import { beforeAll, describe, it } from 'vitest';
 *
 * beforeAll(() => tf.setBackend('cpu'));
 * describeMethodContract({ describe, it }, 'fixed', fixed);
 * ```
 */
export function describeMethodContract<State extends MethodState>(
  runner: TestRunner,
  name: string,
  create: () => PruningMethod<State>,
  options: ContractOptions = {},
): void {
  checkRunner(runner);
  rules.text('name', name as never);
  const cases = methodContract(create, options);
  runner.describe(`${name} keeps the method contract:`, () => {
    for (const { name: sentence, run, unavailable } of cases) {
      runner.it(sentence, async context => {
        const reason = unavailable?.();
        if (reason) context.skip(reason);
        else await run();
      });
    }
  });
}
