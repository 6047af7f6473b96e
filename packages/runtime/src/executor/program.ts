import type { Command, Engine } from '../engine/engine.js';
import type { Kernel } from '../engine/kernel.js';
import { kernelNamed } from '../engine/run-command.js';
import { PlanUnsoundError } from '../errors.js';

/** Commands to run one after the other, with their kernels. */
export interface Program {
  readonly commands: readonly Command[];
  /** Kernels that the commands use, without repetition. */
  readonly names: readonly string[];
  readonly kernels: readonly Kernel[];
  /** For each command, the index of its kernel. */
  readonly kernelOf: readonly number[];
  /** Bytes of scratch memory that each thread needs. */
  readonly scratch: number;
}

/**
 * The program of these commands on this engine.
 *
 * @throws {@link PlanUnsoundError} if a native kernel would reach outside of the heap.
 */
export function programOf(engine: Engine, commands: readonly Command[]): Program {
  checkNative(engine, commands);
  const names = [...new Set(commands.map(({ kernel }) => kernel))];
  return {
    commands,
    names,
    kernels: names.map(name => kernelNamed(engine, name)),
    kernelOf: commands.map(({ kernel }) => names.indexOf(kernel)),
    scratch: commands.reduce((most, { scratch }) => Math.max(most, scratch), 64),
  };
}

function checkNative({ native }: Engine, commands: readonly Command[]): void {
  if (native === undefined) return;
  for (const command of commands) {
    const fault = native.names.has(command.kernel) ? native.check(command, command.scratch) : undefined;
    if (fault !== undefined) throw new PlanUnsoundError(command.kernel, fault);
  }
}
