import type * as tf from '@tensorflow/tfjs-core';
import { InvalidOptionError } from '../../errors/option-errors.js';
import type { PruningMethod } from '../../method/pruning-method.js';
import type { MethodState } from '../../method/state.js';
import { checkOptions } from '../../options/check-options.js';
import type { OptionRule, OptionRules } from '../../options/option-rule.js';
import { rules } from '../../options/rules.js';
import { convolutionUnavailable, worksInFit } from './checks/contract-fit.js';
import {
  equalsBareOptimizer,
  repeatsWithTheSameSeed,
  resumesBitForBit,
  stateIsAllThatIsRemembered,
} from './checks/contract-identity.js';
import {
  maskedSlotsAreInitial,
  maskedWeightsAreZero,
  masksAreWhatWasDecided,
  tensorsDoNotAccumulate,
} from './checks/contract-masking.js';
import {
  decisionsDependOnArraysAlone,
  describesItself,
  neverCallsMathRandom,
  planIsPure,
  viewsAreNotModified,
} from './checks/contract-method.js';
import { acceptsGivenMasks, reachesItsTarget, rewindsToItsSnapshots } from './checks/contract-promises.js';
import { reparameterizesPurely } from './checks/contract-reparameterization.js';
import { sumsAreThoseOfGradients } from './checks/contract-sums.js';
import type { ContractCase } from './run/contract-case.js';
import type { ContractSetup } from './run/contract-run.js';
import { supportedOptimizers } from './supported-optimizers.js';

/** How much a contract checks. */
export interface ContractOptions {
  /**
   * Steps of each run; must cover everything the method does.
   *
   * @defaultValue the larger of 20 and 4 steps more than the method's target position
   */
  readonly steps?: number | undefined;
  /**
   * Optimizers by name, a new one at each call.
   *
   * @defaultValue {@link supportedOptimizers}
   */
  readonly optimizers?: Readonly<Record<string, () => tf.Optimizer>> | undefined;
  /**
   * Steps after which runs are cut and resumed.
   *
   * @defaultValue after the first step, at the quarters, and before the last step
   */
  readonly cuts?: readonly number[] | undefined;
  /**
   * Root seed of the runs.
   *
   * @defaultValue 7
   */
  readonly seed?: number | undefined;
}

const optimizersRule: OptionRule = (option, value: unknown) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidOptionError(option, value, 'an object of functions that make optimizers');
  }
  for (const [name, create] of Object.entries(value)) rules.function(`${option}.${name}`, create as never);
};

const contractRules: OptionRules<ContractOptions> = {
  steps: rules.optional(rules.integer({ from: 1 })),
  optimizers: rules.optional(optimizersRule),
  cuts: rules.optional(rules.list(rules.integer({ from: 0 }))),
  seed: rules.optional(rules.integer({ from: 0 })),
};

/**
 * The contract that every pruning method must meet, as cases for any test runner: invariants I1 to I7 with every
 * supported optimizer on the current backend, and that the method is pure, honest and reproducible.
 *
 * - I1: masked weights are exactly 0 after every step, also under weight decay;
 * - I2: masked entries of optimizer slots hold their initial value;
 * - I3: masks are exactly what the method decided;
 * - I4: tensors neither accumulate nor leak;
 * - I5: a run that is cut, written to bytes, read and resumed ends in the same bits as one that was never cut;
 * - I6: with nothing masked a session ends in the same bits as its optimizer alone;
 * - I7: the same seed gives the same run, and decisions depend on host arrays alone, so on no backend.
 *
 * For a method with a {@link Reparameterization} I1 also covers raw weights, unless masks act on the effective ones
 * alone; then I2 holds from the decision that bakes. I5 and I7 cover raw weights, parameters and their slots, and one
 * case more checks that the hook is pure.
 *
 * For a method whose plans accumulate sums of gradients I5 and I7 cover the sums, and one case compares what the method
 * is shown with sums on the host of gradients that are read at each step.
 *
 * The runs are short and on toy models (72 prunable entries in two layers), so create the method with a cadence of a
 * few steps, and only with what it needs.
 *
 * @param create - Makes the method; called often, and every time it must make an equal one.
 * @param options - How much to check.
 * @throws {@link InvalidOptionError} and {@link UnknownOptionError} if an option is impossible or does not exist.
 * @returns Independent cases. Run them one after another: some replace `Math.random` or count tensors meanwhile.
 *
 * @example Without a test runner.
 * ```ts
 * import { fixed } from '@espalier/core';
 * import { methodContract } from '@espalier/core/testing';
 *
 * export async function check(): Promise<void> {
 *   for (const { name, run, unavailable } of methodContract(fixed)) {
 *     if (!unavailable?.()) await run();
 *     console.log(name);
 *   }
 * }
 * ```
 */
export function methodContract<State extends MethodState>(
  create: () => PruningMethod<State>,
  options: ContractOptions = {},
): ContractCase[] {
  rules.function('create', create as never);
  checkOptions<ContractOptions>(options, contractRules);
  const { target } = create();
  const { steps = Math.max(20, (target?.position ?? 0) + 4), seed = 7, optimizers = supportedOptimizers } = options;
  const quarters = [1, Math.floor(steps / 4), Math.floor(steps / 2), Math.floor((3 * steps) / 4), steps - 1];
  const cuts = options.cuts ?? [...new Set(quarters)];
  const anyMethod = create as unknown as () => PruningMethod;
  const setups = Object.entries(optimizers).map(
    ([name, optimizer]) => [name, { create: anyMethod, optimizer, steps, seed }] as const,
  );
  const some = setups[0]?.[1];
  if (!some) throw new InvalidOptionError('optimizers', optimizers, 'at least one optimizer');
  const hookCases = create().reparameterization ? [reparameterizationCase(some)] : [];
  return [...methodCases(some), ...hookCases, ...setups.flatMap(([name, setup]) => optimizerCases(name, setup, cuts))];
}

function methodCases(setup: ContractSetup): ContractCase[] {
  return [
    { name: 'says what it is, as plain data', run: () => describesItself(setup) },
    { name: 'plans without side effects', run: () => planIsPure(setup) },
    { name: 'keeps everything it remembers in its state', run: () => stateIsAllThatIsRemembered(setup) },
    { name: 'does not modify the arrays it is shown', run: () => viewsAreNotModified(setup) },
    {
      name: 'decides from host arrays alone, so alike on every backend (I7)',
      run: () => decisionsDependOnArraysAlone(setup),
    },
    { name: 'takes no numbers from Math.random', run: () => neverCallsMathRandom(setup) },
    { name: 'works with layers that start masked', run: () => acceptsGivenMasks(setup) },
    { name: 'reaches the sparsity it promises exactly, if it promises one', run: () => reachesItsTarget(setup) },
    { name: 'goes back to its snapshots exactly, if it rewinds', run: () => rewindsToItsSnapshots(setup) },
    {
      name: 'is shown the sums of gradients that it asks for, if it asks for any',
      run: () => sumsAreThoseOfGradients(setup),
    },
  ];
}

function reparameterizationCase(setup: ContractSetup): ContractCase {
  return { name: 'reparameterizes weights without side effects', run: () => reparameterizesPurely(setup) };
}

function optimizerCases(optimizer: string, setup: ContractSetup, cuts: readonly number[]): ContractCase[] {
  return [
    { name: 'keeps masked weights at exactly 0 (I1)', run: () => maskedWeightsAreZero(setup) },
    { name: 'keeps masked weights at exactly 0 under weight decay (I1)', run: () => maskedWeightsAreZero(setup, 0.01) },
    { name: 'keeps masked slots at their initial value (I2)', run: () => maskedSlotsAreInitial(setup) },
    { name: 'applies exactly the masks that were decided (I3)', run: () => masksAreWhatWasDecided(setup) },
    { name: 'neither accumulates nor leaks tensors (I4)', run: () => tensorsDoNotAccumulate(setup) },
    { name: 'resumes from bytes bit for bit (I5)', run: () => resumesBitForBit(setup, cuts) },
    { name: 'with nothing masked equals the bare optimizer bit for bit (I6)', run: () => equalsBareOptimizer(setup) },
    { name: 'repeats bit for bit with the same seed (I7)', run: () => repeatsWithTheSameSeed(setup) },
    {
      name: 'works in LayersModel.fit with convolution, batch normalization and dense layers',
      run: () => worksInFit(setup),
      unavailable: convolutionUnavailable,
    },
  ].map(part => ({ ...part, name: `${optimizer}: ${part.name}` }));
}
