/**
 * A pruned step beside a bare one on wasm, in one process: two copies of the workload, one stepped by the plain
 * optimizer, one through a `PruningSession` with gradual magnitude pruning to 90 % in mid-ramp. Steps alternate.
 */
import { useBackend } from '@espalier/backend';
import { modelWeights, PruningSession } from '@espalier/core/tfjs';
import { magnitude } from '@espalier/prune-magnitude';
import { serve } from './serve.mjs';
import { createWorkload } from './workload.mjs';

/** Masks are renewed every so many steps; a usual choice. */
const EVERY = 100;

const description = await useBackend('wasm');
const network = process.argv[2];
const bare = createWorkload(network);
const pruned = createWorkload(network);
const session = await PruningSession.start(
  magnitude({ sparsity: 0.9, cadence: { start: 0, end: 1000 * EVERY, every: EVERY }, initialSparsity: 0.8 }),
  {
    weights: modelWeights(pruned.model),
    optimizer: pruned.optimizer,
  },
);

await serve({
  describe: () => ({ description }),
  time: async ({ pairs }) => {
    const seconds = { bare: [], ordinary: [], decision: [] };
    for (let i = 0; i < pairs; i++) {
      const decides = session.clock.position % EVERY === 0;
      const first = await stopwatch(i % 2 === 0 ? bare.step : () => session.step(pruned.loss));
      const second = await stopwatch(i % 2 === 0 ? () => session.step(pruned.loss) : bare.step);
      seconds.bare.push(i % 2 === 0 ? first : second);
      seconds[decides ? 'decision' : 'ordinary'].push(i % 2 === 0 ? second : first);
    }
    return { seconds, sparsity: session.sparsity, every: EVERY };
  },
});

async function stopwatch(work) {
  const begin = performance.now();
  await work();
  return (performance.now() - begin) / 1000;
}
