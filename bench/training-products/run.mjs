/**
 * The products of sparse training by `@espalier/runtime` (forward, gradients with respect to input and to active
 * weights) beside PyTorch's dense ones: the layer shapes of ResNet-50, tensors resident on both sides, interleaved,
 * results compared.
 *
 *   pnpm build
 *   node bench/training-products/run.mjs --python <interpreter with torch> [--layers 0,1,…,11] [--sparsity
 *     0.8,0.9,0.95,0.98] [--uneven 0.9] [--batch 16] [--threads 1] [--rounds 8] [--instructions
 *     auto|simd|relaxed-simd|relaxed-simd-256] (of ours; the last needs Node 24)
 *
 * Runs under any Node, see bench/inference/run.mjs. Writes
 * bench/results/training-products/node<version>[-<instructions>]-<threads>t.json, in which layers that were not
 * measured this time stay as they were, and README.md beside it.
 */
import { parseArgs } from 'node:util';
import { describeMachine } from '../inference/machine.mjs';
import { layers } from './layers.mjs';
import { measureLayer } from './measure.mjs';
import { keep } from './report.mjs';
import { startTorch } from './torch.mjs';

const { values } = parseArgs({
  options: {
    python: { type: 'string' },
    layers: { type: 'string', default: layers.map((_, index) => index).join(',') },
    sparsity: { type: 'string', default: '0.8,0.9,0.95,0.98' },
    uneven: { type: 'string', default: '0.9' },
    batch: { type: 'string', default: '16' },
    threads: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '8' },
    instructions: { type: 'string', default: 'auto' },
  },
});
const numbers = list => (list === '' ? [] : list.split(',').map(Number));
const [chosen, sparsities, uneven] = [values.layers, values.sparsity, values.uneven].map(numbers);
const [batch, threads, rounds] = [values.batch, values.threads, values.rounds].map(Number);
if (!values.python) fail('--python names an interpreter that has torch');
if (!chosen.every(index => layers[index])) fail(`--layers is a list of numbers from 0 to ${layers.length - 1}`);
if (![...sparsities, ...uneven].every(each => each >= 0 && each < 1)) fail('sparsities are numbers in [0, 1)');
if (![batch, threads, rounds].every(each => Number.isInteger(each) && each > 0)) {
  fail('--batch, --threads and --rounds are positive integers');
}

const masks = [
  ...sparsities.map(sparsity => ({ kind: 'random', sparsity })),
  ...uneven.map(sparsity => ({ kind: 'uneven', sparsity })),
];
const { instructions } = values;
const torch = startTorch(values.python, threads);
for (const index of chosen) {
  const machine = describeMachine();
  const result = await measureLayer(layers[index], masks, torch, { batch, threads, rounds, instructions });
  keep({ index, result, machine, batch, threads, rounds, instructions });
}
torch.close();
process.exit(0);

function fail(message) {
  console.error(`bench/training-products: ${message}.`);
  process.exit(1);
}
