import type { Command, Engine } from './engine.js';
import type { Kernel } from './kernel.js';

/** Does all work items of a command on this thread. `scratch` is the address of `command.scratch` bytes or more. */
export function runCommand(engine: Engine, command: Command, scratch: number): void {
  kernelNamed(engine, command.kernel)(command.record, 0, command.items, scratch);
}

/** The kernel of a name. */
export function kernelNamed(engine: Engine, name: string): Kernel {
  const kernel = engine.kernels[name];
  if (kernel === undefined) throw new RangeError(`There is no kernel ${name}.`);
  return kernel;
}
