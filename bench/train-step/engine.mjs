/**
 * One engine of the benchmark as a process: `node engine.mjs <backend> <network>`, where backend is a name of
 * `useBackend`, or `bare` for tfjs-backend-wasm with nothing but the one kernel that it needs to train convolutions.
 */
import { useBackend } from '@espalier/backend';
import * as tf from '@tensorflow/tfjs-core';
import { serve } from './serve.mjs';
import { createWorkload, profileKernels, time } from './workload.mjs';

const [name, network] = process.argv.slice(2);
const description = name === 'bare' ? await (await import('./bare-wasm.mjs')).useBareWasm() : await useBackend(name);
const { step } = createWorkload(network);

await serve({
  describe: () => ({ description }),
  warm: async ({ steps }) => ({ losses: await losses(steps), tensors: tf.memory().numTensors }),
  time: async ({ steps }) => ({ ...(await time(step, steps)), tensors: tf.memory().numTensors }),
  profile: ({ steps, top }) => profileKernels(step, steps, top),
});

async function losses(steps) {
  const values = [];
  for (let i = 0; i < steps; i++) values.push(await step());
  return values;
}
