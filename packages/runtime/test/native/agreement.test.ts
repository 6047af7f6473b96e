import { setFlagsFromString } from 'node:v8';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine, NativeChoice } from '../../src/engine/engine.js';
import { LANES, NATIVE_LANES } from '../../src/engine/lanes.js';
import { loadEngine } from '../../src/engine/load.js';
import { supports } from '../../src/engine/module.js';
import { allocateTensor } from '../../src/engine/tensor.js';
import { type ConvolutionSpec, convolution } from '../../src/kernels/index.js';
import { run } from '../kernels/engines.js';
import { emptyTensor, readTensor, writeTensor } from '../kernels/host-image.js';
import { activations, type NativeCase, nativeCases, pack, SMALL_CASE } from './cases.js';
import { nativeChoices, nativeState } from './native-choices.js';

/** Heaps are never given back, so each property has its own engines. */
async function enginesOf(native: NativeChoice): Promise<readonly [own: Engine, wasm: Engine]> {
  const instructions = 'relaxed-simd';
  return [await loadEngine({ native, instructions }), await loadEngine({ instructions })];
}

function results(engine: Engine, each: NativeCase, lanes: number): readonly Float32Array[] {
  const { command, outputs } = pack(engine, each, lanes);
  expect(engine.native?.check(command, command.scratch)).toBeUndefined();
  run(engine, command);
  return outputs.map(output => readTensor(engine, output));
}

/** Bit for bit, but that a NaN is a NaN. */
function expectSame(actual: readonly Float32Array[], expected: readonly Float32Array[], lanes: number): void {
  actual.forEach((values, image) => {
    const at = values.findIndex((value, i) => !Object.is(value, expected[image]?.[i]));
    if (at !== -1) expect({ lanes, image, at, value: values[at] }).toEqual({ value: expected[image]?.[at] });
  });
}

beforeAll(() => {
  // Node 20 has it behind a flag.
  if (!supports('relaxed-simd')) setFlagsFromString('--experimental-wasm-relaxed-simd');
});

describe.skipIf(nativeChoices.length === 0)(`native convolutions (${nativeState})`, () => {
  describe.each(nativeChoices)('by $instructions', native => {
    it('are bit for bit those of relaxed SIMD, for any shape in tiles of any width', async () => {
      const [own, wasm] = await enginesOf(native);
      fc.assert(
        fc.property(nativeCases, fc.constantFrom(...LANES), (each, lanes) => {
          const expected = results(wasm, each, lanes);
          for (const wide of NATIVE_LANES[native.instructions]) expectSame(results(own, each, wide), expected, wide);
        }),
        { numRuns: 150 },
      );
    });

    it.each(activations)('have the activation %o of WebAssembly, of numbers of every size', async activation => {
      const [own, wasm] = await enginesOf(native);
      const special = [0, -0, 1e-40, 1e-8, 0.5, 1, 3, 6, 20, 88, 89, 104, 1e3, 1e30, Infinity, Number.NaN];
      const values = Float32Array.from({ length: 900 }, (_, i) => {
        const value = special[i] ?? ((i % 61) - 30) * 1.37 ** ((i % 29) - 14);
        return i % 2 === 0 ? value : -value;
      });
      const size = { height: 30, width: 30, channels: 1 };
      const spec: ConvolutionSpec = {
        kernel: Float32Array.of(1),
        kernelShape: [1, 1, 1, 1],
        strides: [1, 1],
        dilations: [1, 1],
        padding: { top: 0, bottom: 0, left: 0, right: 0 },
        groups: 1,
        activation,
      };
      const resultOf = (engine: Engine, lanes: number): Float32Array => {
        const input = allocateTensor(engine.heap, size, lanes);
        const output = emptyTensor(engine, size, lanes);
        writeTensor(engine, input, { ...size, values });
        run(engine, convolution(engine, spec, input, output));
        return readTensor(engine, output);
      };
      const expected = resultOf(wasm, 32);
      for (const lanes of NATIVE_LANES[native.instructions]) expectSame([resultOf(own, lanes)], [expected], lanes);
    });

    it('go on in memory that has grown, shared or not', async () => {
      for (const shared of [false, true]) {
        const engine = await loadEngine({ native, instructions: 'simd', shared });
        const { command, outputs } = pack(engine, SMALL_CASE, 16);
        run(engine, command);
        const first = readTensor(engine, outputs[0]!);
        engine.heap.floats(outputs[0]!.address, 16).fill(0);
        engine.heap.allocate(2 ** 24);
        run(engine, command);
        expect(readTensor(engine, outputs[0]!)).toEqual(first);
      }
    });
  });
});
