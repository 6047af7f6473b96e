import type { Json } from '../method/json.js';
import type { PruningMethod } from '../method/pruning-method.js';
import { requireSupported } from './optimizer-support.js';
import { requireOptions, type SessionOptions } from './session-options.js';
import { SessionRun } from './session-run.js';
import { StepCycle } from './step-cycle.js';

/** A checked run and its steps; what `begin` allocated before it failed is freed. */
export async function beginRun<State extends Json>(
  method: PruningMethod<State>,
  options: SessionOptions,
  begin: (run: SessionRun<State>, cycle: StepCycle<State>) => Promise<void>,
): Promise<[SessionRun<State>, StepCycle<State>]> {
  requireOptions(method, options);
  const run = new SessionRun(method, options);
  await requireSupported(options.optimizer, run.table);
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
