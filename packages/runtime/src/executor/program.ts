import type { Command, Engine, Kernel } from '../engine/engine.js';
import { kernelNamed } from '../engine/run-command.js';

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

/** The program of these commands on this engine. */
export function programOf(engine: Engine, commands: readonly Command[]): Program {
  const names = [...new Set(commands.map(({ kernel }) => kernel))];
  return {
    commands,
    names,
    kernels: names.map(name => kernelNamed(engine, name)),
    kernelOf: commands.map(({ kernel }) => names.indexOf(kernel)),
    scratch: commands.reduce((most, { scratch }) => Math.max(most, scratch), 64),
  };
}
