/** The creator of each method package and a call of it that prunes 24 entries to 75 % within 20 steps. */
const methods: Readonly<Record<string, readonly [creator: string, call: string]>> = {
  '@espalier/prune-magnitude': ['magnitude', 'magnitude({ sparsity: 0.75, cadence: { start: 2, end: 8, every: 2 } })'],
  '@espalier/prune-rigl': ['rigl', 'rigl({ sparsity: 0.75, cadence: { start: 2, end: 8, every: 2 } })'],
  '@espalier/prune-lth': ['lotteryTicket', 'lotteryTicket({ sparsity: 0.75, rounds: 2, roundLength: 6, rewindTo: 1 })'],
  '@espalier/prune-acdc': [
    'acdc',
    'acdc({ sparsity: 0.75, phases: { total: 20, warmup: 4, sparse: 4, dense: 4, lastSparse: 8 } })',
  ],
  '@espalier/prune-gap': ['gap', 'gap({ sparsity: 0.75, partitions: 1, turns: 2, turnLength: 5 })'],
  '@espalier/prune-str': [
    'softThreshold',
    'softThreshold({ sparsity: 0.75, cadence: { start: 2, every: 3 }, end: 8 })',
  ],
  '@espalier/prune-woodfisher': [
    'woodFisher',
    'woodFisher({ sparsity: 0.75, cadence: { start: 2, end: 8, every: 3 }, samples: 4, blockSize: 8 })',
  ],
};

/** Packages that {@link pruningProgram} knows. */
export const knownMethods: readonly string[] = Object.keys(methods);

/** Prunes a small model with nothing installed but a method, core and TensorFlow.js, and counts the zeros it left. */
export function pruningProgram(name: string): string {
  const [creator, call] = methods[name] ?? [];
  if (!creator) throw new Error(`${name} has no call in tools/install/methods.ts: add one.`);
  return `
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { modelWeights, PruningSession } from '@espalier/core/tfjs';
import { ${creator} } from '${name}';

const model = sequential({ layers: [layers.dense({ name: 'dense', units: 4, inputShape: [6] })] });
const x = tf.randomNormal([16, 6], 0, 1, 'float32', 1);
const loss = input => tf.mean(tf.square(model.apply(input, { training: true })));
async function* exampleLosses(count) {
  for (let i = 0; i < count; i++) yield () => tf.tidy(() => loss(tf.slice(x, [i, 0], [1, 6])));
}
const session = await PruningSession.start(${call}, { weights: modelWeights(model), optimizer: tf.train.adam(0.01), exampleLosses });
for (let i = 0; i < 20; i++) await session.step(() => loss(x));
const kernel = await model.getWeights()[0].data();
const zeros = kernel.filter(value => value === 0).length;
const masked = session.masks.get('dense/kernel').filter(bit => bit === 0).length;
if (masked !== 18) throw new Error(\`\${masked} of 24 entries are masked, 18 expected\`);
if (zeros < masked) throw new Error(\`\${masked} entries are masked, but only \${zeros} are zero\`);
`;
}
