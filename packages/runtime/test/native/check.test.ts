import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Command, Engine } from '../../src/engine/engine.js';
import { NATIVE_LANES } from '../../src/engine/lanes.js';
import { kernelNamed } from '../../src/engine/run-command.js';
import { PlanUnsoundError } from '../../src/errors.js';
import { programOf } from '../../src/executor/program.js';
import { pack, SMALL_CASE } from './cases.js';
import {
  fullEngine,
  leastScratch,
  nativeCommands,
  nativeEngine,
  type PackCommand,
  type PackedCommand,
} from './commands.js';
import { approachBorder, mutate, mutations, wordsNear } from './mutations.js';
import { nativeChoices, nativeState } from './native-choices.js';

/** Fixed, since a kernel that gets through ends the process and can say nothing: the same run then ends it again. */
const seed = Number(process.env.ESPALIER_FUZZ_SEED ?? 13);
const numRuns = Number(process.env.ESPALIER_FUZZ_RUNS ?? 60);

/** Runs a command with scratch memory that ends where the memory ends. */
function runAtTheEnd(engine: Engine, { kernel, record, items, scratch }: Command): void {
  const at = engine.heap.memory.buffer.byteLength - scratch;
  kernelNamed(engine, kernel)(record, 0, items, at);
}

/** Fractions of changed commands that are refused, for every kernel. */
class Counts {
  readonly #counts = new Map<string, { refused: number; run: number }>();

  add({ kernel }: Command, refused: boolean): void {
    const count = this.#counts.get(kernel) ?? { refused: 0, run: 0 };
    if (refused) count.refused++;
    else count.run++;
    this.#counts.set(kernel, count);
  }

  get kernels(): readonly string[] {
    return [...this.#counts.keys()].sort();
  }

  /** Fewest of a kernel that were refused, and that were run. */
  get least(): number {
    return Math.min(...[...this.#counts.values()].flatMap(({ refused, run }) => [refused, run]));
  }
}

describe.skipIf(nativeChoices.length === 0)(
  `the check of native commands (${nativeState})`,
  { timeout: 120_000 },
  () => {
    describe.each(nativeChoices)('for $instructions', native => {
      const packed = (packCommand: PackCommand, lanes: number): PackedCommand & { readonly engine: Engine } => {
        const engine = nativeEngine(native);
        const { command, tables } = packCommand(engine, lanes);
        const least = leastScratch(engine, command);
        return { engine: fullEngine(native, engine, least.scratch), command: least, tables };
      };

      it('refuses tables that were written over, or their kernel stays in its memory', () => {
        const counts = new Counts();
        const lanes = fc.constantFrom(...NATIVE_LANES[native.instructions]);
        const lists = fc.array(fc.tuple(mutations, fc.integer({ min: 0, max: 3 })), { minLength: 40, maxLength: 40 });
        fc.assert(
          fc.property(nativeCommands, lanes, lists, (packCommand, tileLanes, list) => {
            const { engine, command, tables } = packed(packCommand, tileLanes);
            expect(engine.native?.check(command, command.scratch)).toBeUndefined();
            const before = new Uint8Array(engine.heap.memory.buffer.slice(0));
            for (const [words, more] of list) {
              mutate(engine, command, tables, words);
              const changed = { ...command, items: more === 0 ? command.items : command.items * more };
              const fault = engine.native?.check(changed, command.scratch);
              counts.add(changed, fault !== undefined);
              if (fault === undefined) runAtTheEnd(engine, changed);
              new Uint8Array(engine.heap.memory.buffer).set(before);
            }
          }),
          { numRuns, seed },
        );
        expect(counts.kernels).toEqual(['convolution', 'depthwise', 'fullDense', 'sparseDense', 'windowPool']);
        expect(counts.least).toBeGreaterThan(0);
      });

      it('lets every word be as large and as small as its kernel can live with, and no more', () => {
        const lanes = fc.constantFrom(...NATIVE_LANES[native.instructions]);
        const places = fc.array(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), {
          minLength: 20,
          maxLength: 20,
        });
        fc.assert(
          fc.property(nativeCommands, lanes, places, (packCommand, tileLanes, fractions) => {
            const { engine, command, tables } = packed(packCommand, tileLanes);
            const { buffer } = engine.heap.memory;
            const before = new Uint8Array(buffer.slice(0));
            const words = new Int32Array(buffer);
            const runs = (at: number, value: number): boolean => {
              words[at] = value | 0;
              const sound = engine.native?.check(command, command.scratch) === undefined;
              if (sound) runAtTheEnd(engine, command);
              new Uint8Array(buffer).set(before);
              return sound;
            };
            for (const address of wordsNear(command, tables, fractions)) {
              const old = words[address / 4] as number;
              for (const step of [1, 4, -1, -4]) {
                approachBorder(step > 0 ? old >>> 0 : old, step, value => runs(address / 4, value));
              }
            }
          }),
          { numRuns, seed },
        );
      });

      it('refuses tiles of widths that no kernel has', () => {
        const engine = nativeEngine(native);
        const { command } = pack(engine, SMALL_CASE, 16);
        for (const lanes of [-16, 0, 1, 8, 20, 48, 96, 144, 176, 1024]) {
          engine.heap.integers(command.record, 1)[0] = lanes;
          expect(engine.native?.check(command, command.scratch)).toBe('its tiles have a width that there is not');
        }
      });

      it('makes a program of unsound commands impossible, and names kernel and reason', () => {
        const engine = nativeEngine(native);
        const { command } = pack(engine, SMALL_CASE, 16);
        expect(programOf(engine, [command]).commands).toEqual([command]);
        // Word 9 of the record is where the output begins.
        engine.heap.integers(command.record, 20)[9] = engine.heap.memory.buffer.byteLength;
        expect(() => programOf(engine, [command])).toThrow(PlanUnsoundError);
        expect(() => programOf(engine, [command])).toThrow(
          expect.objectContaining({
            code: 'PLAN_UNSOUND',
            kernel: 'convolution',
            reason: 'a row of the output lies beyond the memory',
          }),
        );
      });

      it('refuses names that it does not know', () => {
        const { native: own } = nativeEngine(native);
        const command = { kernel: 'nothing', record: 1024, items: 1, scratch: 0 };
        expect(own?.check(command, 0)).toBe('there is no check of it');
      });
    });
  },
);
