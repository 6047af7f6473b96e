import { setFlagsFromString } from 'node:v8';
import type { Command, Engine } from '../../src/engine/engine.js';
import { loadEngine } from '../../src/engine/load.js';
import { supports } from '../../src/engine/module.js';
import { startedWide } from '../../src/engine/revectorize.js';
import { kernelNamed } from '../../src/engine/run-command.js';

/**
 * An engine with multiply-add and one without. Node 20 has relaxed SIMD behind a flag, which can be set while it runs.
 * Started with `--experimental-wasm-revectorize`, Node 24 takes 256 bits.
 */
export async function loadEngines(): Promise<readonly Engine[]> {
  if (!supports('relaxed-simd')) setFlagsFromString('--experimental-wasm-relaxed-simd');
  const instructions = startedWide() ? 'relaxed-simd-256' : 'relaxed-simd';
  return [await loadEngine({ instructions: 'simd' }), await loadEngine({ instructions, shared: true })];
}

/** Runs a command, its work items one at a time and last first, with scratch memory full of NaN. */
export function run(engine: Engine, command: Command): void {
  const scratch = engine.heap.allocate(command.scratch + 64);
  engine.heap.floats(scratch, Math.ceil(command.scratch / 4)).fill(Number.NaN);
  for (let item = command.items - 1; item >= 0; item--) {
    kernelNamed(engine, command.kernel)(command.record, item, item + 1, scratch);
  }
}
