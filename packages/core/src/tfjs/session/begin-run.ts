import { InvalidOptionError } from '../../errors/option-errors.js';
import type { PruningMethod } from '../../method/pruning-method.js';
import type { MethodState } from '../../method/state.js';
import { requireSupported } from '../optimizer/optimizer-support.js';
import { requirePrunable } from '../weights/require-prunable.js';
import { requireMethod } from './method-check.js';
import { requireOptions, type SessionOptions } from './session-options.js';
import { SessionRun } from './session-run.js';
import { doubleDecayWarning, frozenWarning, ignoredRegularizerWarning, warn } from './session-warning.js';
import { StepCycle } from './step/step-cycle.js';

/** A checked run and its steps; what `begin` allocated before it failed is freed. */
export async function beginRun<State extends MethodState>(
  method: PruningMethod<State>,
  options: SessionOptions,
  begin: (run: SessionRun<State>, cycle: StepCycle<State>) => Promise<void>,
): Promise<[SessionRun<State>, StepCycle<State>]> {
  requireMethod(method);
  requireOptions(options);
  const prunes = method.prunes ?? true;
  const run = new SessionRun(method, options);
  const { table } = run;
  if (table.trainable.length === 0) {
    throw new InvalidOptionError('weights', options.weights, 'a list with a trainable weight');
  }
  if (prunes) requirePrunable(table, `the method "${method.name}"`);
  await requireSupported(options.optimizer, table);
  if (prunes) warn(options, frozenWarning(table));
  warn(options, doubleDecayWarning(table, options.weightDecay));
  warn(options, ignoredRegularizerWarning(table));
  const cycle = new StepCycle(run);
  try {
    await begin(run, cycle);
  } catch (error) {
    run.reparameterized?.expose(); // gives the weights back as they were
    run.dispose();
    throw error;
  }
  return [run, cycle];
}
