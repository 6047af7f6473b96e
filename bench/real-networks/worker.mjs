/** Does one run in a process of its own: `node worker.mjs '{ task, cell, heldOut, folder, networks, change }'`. */
import { useBackend } from '@espalier/backend';
import * as tf from '@tensorflow/tfjs-core';
import { keepNetwork, keptNetwork } from './networks-kept.mjs';
import { oneRun } from './one-run.mjs';
import { saveRun, settingsOf } from './store.mjs';
import { tasks } from './tasks.mjs';
import { unfinishedRun } from './unfinished.mjs';

const { task, cell, heldOut, folder, networks, change } = JSON.parse(process.argv[2]);
const chosen = { ...tasks[task], ...change };
const settings = settingsOf(chosen, cell, heldOut);
tf.enableProdMode();
await useBackend('wasm');

let teacher;
if (cell.distilled) {
  const dense = { method: 'dense', sparsity: 0, distilled: false, name: 'dense', seed: cell.seed };
  teacher = await keptNetwork(networks, dense, settingsOf(chosen, dense, heldOut));
  if (!teacher)
    throw new Error(`There is no dense network of seed ${cell.seed} in ${networks}: run the row dense first.`);
}
const unfinished = await unfinishedRun(networks, cell, settings);
const run = await oneRun(chosen, cell, {
  heldOut,
  teacher,
  unfinished,
  keep: trained => keepNetwork(networks, cell, settings, trained),
  tell: line => console.log(`${cell.name} ${cell.seed}, ${line}`),
});
saveRun(folder, cell, { ...run, settings });
unfinished.remove();
console.log(`${cell.name} ${cell.seed}: ${(100 * run.accuracy).toFixed(2)} %, ${run.seconds} s`);
