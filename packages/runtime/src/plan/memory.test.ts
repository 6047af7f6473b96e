import { describe, expect, it } from 'vitest';
import { noise } from '../../test/plan/compare.js';
import { inUse } from '../../test/plan/in-use.js';
import { toyGraph } from '../../test/plan/toy-graph.js';
import { compile } from './compile.js';

describe('memory', () => {
  it.each([1, 2])('does not grow in 10,000 runs on %d threads', async threads => {
    const plan = await compile(toyGraph(8, 4), { threads });
    const input = noise(8 * 8 * 3, 1);
    for (let run = 0; run < 1000; run++) await plan.run(input);
    const before = await inUse();
    for (let run = 0; run < 10_000; run++) await plan.run(input);
    const after = await inUse();
    // A single leaked result of 4 floats with its object, some 200 bytes, would make 2 MB.
    expect(after.bytes - before.bytes).toBeLessThan(500_000);
    expect(after.resources).toEqual(before.resources);
    await plan.dispose();
  });

  it('is given back by disposal, and so are threads', async () => {
    const cycle = async (): Promise<void> => {
      // 3 activations of 256² pixels, some 20 MB.
      const plan = await compile(toyGraph(256, 64), { threads: 2 });
      await plan.run(noise(256 * 256 * 3, 1));
      await plan.dispose();
    };
    await cycle();
    const before = await inUse();
    for (let round = 0; round < 5; round++) await cycle();
    const after = await inUse();
    expect(after.bytes - before.bytes).toBeLessThan(10_000_000);
    expect(after.resources).toEqual(before.resources);
  });
});
