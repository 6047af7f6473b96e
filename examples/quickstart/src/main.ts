/**
 * Trains a small conv net on real digits, prunes 90 % of it, all at once and gradually, and shows what that costs and
 * saves.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { useBackend } from '@espalier/backend';
import { type Checkpoint, checkpointSparsity } from '@espalier/core';
import { readCheckpoint, writeCheckpoint } from '@espalier/core/node';
import * as tf from '@tensorflow/tfjs-core';
import { drawChart } from './chart.js';
import { accuracyOf, bytesOf, pruneWithoutRetraining } from './measure.js';
import { dense, gradual, recipe } from './recipe.js';
import { formatTable, type Row, writeReport } from './report.js';
import { type CurvePoint, trainDigits } from './train-digits.js';

const started = performance.now();
const directory = fileURLToPath(new URL('../../../runs/quickstart/', import.meta.url));
tf.enableProdMode();
const backend = await useBackend('wasm');
console.log(`Training twice for ${recipe.steps} steps on ${backend.name}. This takes about half a minute.`);

const report = (name: string) => (point: CurvePoint) => {
  if (point.step % 264 !== 0) return;
  const [accuracy, pruned] = [point.accuracy, point.sparsity].map(fraction =>
    `${(100 * fraction).toFixed(1)} %`.padStart(7),
  );
  console.log(`${name.padEnd(8)} step ${String(point.step).padStart(4)}: accuracy ${accuracy}, pruned ${pruned}`);
};
const denseNetwork = await trainDigits(dense, report('dense'));
const gradualNetwork = await trainDigits(gradual, report('gradual'));
const oneShot = await pruneWithoutRetraining(denseNetwork.checkpoint, recipe.sparsity);

// Save the sparse network, and go on with what comes back from the file.
const path = join(directory, 'digits-90.safetensors');
await mkdir(directory, { recursive: true });
await writeCheckpoint(path, gradualNetwork.checkpoint);
const loaded = await readCheckpoint(path);

const row = async (network: string, training: string, checkpoint: Checkpoint): Promise<Row> => ({
  network,
  training,
  accuracy: await accuracyOf(checkpoint),
  sparsity: checkpointSparsity(checkpoint).prunable,
  bytes: bytesOf(checkpoint),
});
const { steps, sparsity, cadence } = recipe;
const networks = [
  await row('dense', `${steps} steps`, denseNetwork.checkpoint),
  await row('one-shot', `the dense network, pruned to ${sparsity} after its last step; no step after that`, oneShot),
  await row('gradual', `${steps} steps, pruned to ${sparsity} in steps ${cadence.start} to ${cadence.end}`, loaded),
] as const;
const accuracyLost = 100 * (networks[0].accuracy - networks[2].accuracy);

const curves = { dense: denseNetwork.curve, gradual: gradualNetwork.curve };
const svg = await drawChart({ ...curves, oneShot: networks[1].accuracy });
const total = (performance.now() - started) / 1000;
const seconds = { dense: denseNetwork.seconds, gradual: gradualNetwork.seconds, total };
await writeReport(directory, { recipe, backend, networks, accuracyLost, curves, seconds }, svg);

console.log(`\n${formatTable(networks)}\n`);
console.log(
  `Gradual pruning costs ${accuracyLost.toFixed(2)} points of accuracy, after as many steps as the dense network had.`,
);
console.log(
  'The sparse file is smaller because zeros are left out. TensorFlow.js has dense kernels, and masks alone make those no faster.',
);
console.log(`${total.toFixed(0)} s in all. Report, chart and sparse network: ${directory}`);

if (loaded.clock.step !== steps || networks[2].accuracy !== gradualNetwork.curve.at(-1)?.accuracy) {
  throw new Error('The network from the file is not the one that was trained.');
}
if (accuracyLost > 1) throw new Error('Gradual pruning lost more than one point.');
