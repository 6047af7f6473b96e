/**
 * node check.mjs <backend> <tolerance> [steps]: describes the backend, compares its gradients with `cpu`, trains, saves
 * and loads a model, and with `steps` times ResNet-20. Prints one JSON document; exits with 1 if anything is wrong.
 *
 * Runs where the packages are installed: .ci/native.sh and .ci/webgpu.sh copy it there, bundle.sh bundles it.
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useBackend } from '@espalier/backend';
import { fileSystem } from '@espalier/backend/node';
import * as layers from '@tensorflow/tfjs-layers';
import { compareGradients, problems } from './checks.mjs';
import { compareTraining, timeStep, trainSmallNet } from './training.mjs';

const [name, tolerance, steps] = process.argv.slice(2);
await useBackend('cpu'); // what the other backend is compared with
const backend = await useBackend(name);
const errors = await compareGradients(backend.registeredAs);
errors['weights after two steps'] = await compareTraining(backend.registeredAs);
const { losses, leaked } = await trainSmallNet();
const report = { backend, errors, losses, leaked };
const wrong = problems(report, Number(tolerance));

const directory = await mkdtemp(join(tmpdir(), 'espalier-check-'));
const model = layers.sequential({ layers: [layers.layers.dense({ units: 3, inputShape: [5] })] });
await model.save(fileSystem(directory, { shardBytes: 16 }));
const again = await layers.loadLayersModel(fileSystem(directory));
const [saved, loaded] = await Promise.all([model, again].map(each => each.getWeights()[0].data()));
if (saved.join() !== loaded.join()) wrong.push('a saved model came back changed');
await rm(directory, { recursive: true });

if (steps !== undefined) {
  const { resnet20 } = await import('@espalier/models');
  report.resnet20 = { batch: 64, steps: Number(steps), ...(await timeStep(resnet20({ seed: 1 }), 64, Number(steps))) };
  if (!Number.isFinite(report.resnet20.loss)) wrong.push('the loss of ResNet-20 is not finite');
}
console.log(JSON.stringify({ ...report, problems: wrong }, null, 2));
process.exitCode = wrong.length === 0 ? 0 : 1;
