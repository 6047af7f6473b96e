import { setFlagsFromString } from 'node:v8';
import { beforeAll, describe, expect, it } from 'vitest';
import { NATIVE_LANES } from '../../src/engine/lanes.js';
import { supports } from '../../src/engine/module.js';
import { compile } from '../../src/plan/compile.js';
import { expectClose, noise } from '../plan/compare.js';
import { toyGraph } from '../plan/toy-graph.js';
import { nativeChoices, nativeState } from './native-choices.js';

const graph = toyGraph(30, 16);
const image = noise(30 * 30 * 3, 8);

beforeAll(() => {
  if (!supports('relaxed-simd')) setFlagsFromString('--experimental-wasm-relaxed-simd');
});

describe.skipIf(nativeChoices.length === 0)(`native plans (${nativeState})`, () => {
  it('are what is compiled unless told otherwise, by the best instructions', async () => {
    const plan = await compile(graph, { engine: 'auto', threads: 1 });
    expect(plan.summary).toMatchObject({ engine: 'native', instructions: nativeChoices[0]?.instructions });
    expect(plan.summary.passedOver).toBeUndefined();
    await plan.dispose();
  });

  describe.each(nativeChoices)('by $instructions', ({ instructions }) => {
    it.each([1, 2, 3])('give what WebAssembly gives in tiles of any width, on %d threads', async threads => {
      const wasm = await compile(graph, { engine: 'wasm', instructions: 'relaxed-simd', threads: 1 });
      const expected = await wasm.run(image);
      await wasm.dispose();
      for (const lanes of NATIVE_LANES[instructions]) {
        const plan = await compile(graph, { instructions, lanes, threads });
        expect(plan.summary).toMatchObject({ engine: 'native', instructions, lanes, threads });
        const first = await plan.run(image);
        // WebAssembly computes this network by Winograd's transforms, which round otherwise.
        expectClose(first, expected);
        for (let run = 0; run < 20; run++) expect(await plan.run(image)).toEqual(first);
        await plan.dispose();
      }
    });

    it('give the same when they are tuned', async () => {
      const given = await compile(graph, { instructions, threads: 1 });
      const expected = await given.run(image);
      const tuned = await compile(graph, { instructions, threads: 1, tune: true });
      expect(await tuned.run(image)).toEqual(expected);
      await given.dispose();
      await tuned.dispose();
    });
  });
});

describe('plans of WebAssembly', () => {
  it('say why they are not native', async () => {
    const plan = await compile(graph, { engine: 'wasm', threads: 1 });
    expect(plan.summary).toMatchObject({ engine: 'wasm', passedOver: "`engine: 'wasm'` was asked for" });
    await plan.dispose();
  });
});
