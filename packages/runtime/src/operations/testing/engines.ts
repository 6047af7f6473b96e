import { setFlagsFromString } from 'node:v8';
import type { Command, Engine } from '../../engine/engine.js';
import { loadEngine } from '../../engine/load.js';
import { supports } from '../../engine/module.js';
import { kernelNamed } from '../../engine/run-command.js';

/** Tile widths that the kernels know. */
export const LANES: readonly number[] = [16, 28, 32];

/** An engine of every instruction set. Node 20 has relaxed SIMD behind a flag, which can be set while it runs. */
export async function loadEngines(): Promise<readonly Engine[]> {
  if (!supports('relaxed-simd')) setFlagsFromString('--experimental-wasm-relaxed-simd');
  return [await loadEngine({ instructions: 'simd' }), await loadEngine({ instructions: 'relaxed-simd', shared: true })];
}

/** Runs a command, its work items one at a time and last first, with scratch memory full of NaN. */
export function run(engine: Engine, command: Command): void {
  const scratch = engine.heap.allocate(command.scratch + 64);
  engine.heap.floats(scratch, Math.ceil(command.scratch / 4)).fill(Number.NaN);
  for (let item = command.items - 1; item >= 0; item--) {
    kernelNamed(engine, command.kernel)(command.record, item, item + 1, scratch);
  }
}
