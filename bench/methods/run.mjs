/**
 * Every method on real data with the same number of training steps.
 *
 *   pnpm build
 *   ESPALIER_DATA=<folder> node bench/methods/run.mjs --suite mnist [--seeds 1,2,3] [--sparsities 0.8,0.9,0.95,0.98]
 *     [--methods dense,rigl,…] [--minutes N] [--out bench/results/methods] [--checkpoints <folder>]
 *
 * Finished runs are kept as files and not done again; a run that was cut off is done anew. `--minutes` starts no run
 * after that time. Several processes may share a folder if they are given different seeds. `--checkpoints` keeps the
 * networks too, for bench/transfer. At the end, the table and the plot are made of whatever is finished, also by other
 * calls.
 */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { useBackend } from '@espalier/backend';
import { loadDataset } from '@espalier/datasets/node';
import * as tf from '@tensorflow/tfjs-core';
import { writeWhole } from '../run-files.mjs';
import { drawChart } from './chart.mjs';
import { saveTrained } from './checkpoints.mjs';
import { methodNames, methods } from './methods.mjs';
import { oneRun } from './one-run.mjs';
import { cellsOf, findRun, saveRun, settingsOf } from './store.mjs';
import { suites } from './suites.mjs';
import { describe } from './summary.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { values: options } = parseArgs({
  options: {
    suite: { type: 'string', default: 'mnist' },
    seeds: { type: 'string', default: '1,2,3' },
    sparsities: { type: 'string', default: '0.8,0.9,0.95,0.98' },
    methods: { type: 'string', default: methodNames.join(',') },
    minutes: { type: 'string', default: 'Infinity' },
    out: { type: 'string', default: join(root, 'bench/results/methods') },
    checkpoints: { type: 'string' },
  },
});

function refuse(message) {
  console.error(message);
  process.exit(2);
}

const numbers = (option, valid) =>
  options[option].split(',').map(text => {
    const value = Number(text);
    return text.trim() !== '' && valid(value) ? value : refuse(`--${option} does not accept "${text}".`);
  });

const suite = suites[options.suite] ?? refuse(`--suite is one of ${Object.keys(suites).join(', ')}.`);
const names = options.methods.split(',');
for (const name of names) {
  if (!methodNames.includes(name)) refuse(`--methods does not know "${name}". It knows ${methodNames.join(', ')}.`);
}
const asked = {
  names,
  sparsities: numbers('sparsities', value => value > 0 && value < 1),
  seeds: numbers('seeds', value => Number.isSafeInteger(value) && value >= 0),
};
const [minutes] = numbers('minutes', value => value >= 0);
const folder = join(resolve(options.out), suite.name);
const cells = cellsOf(asked);
const finished = all => all.map(cell => findRun(folder, cell, settingsOf(suite, cell))).filter(Boolean);

const began = performance.now();
const minutesGone = () => (performance.now() - began) / 60_000;
tf.enableProdMode();
await useBackend('wasm');
process.env.ESPALIER_DATA ??= join(root, '../shared/data');
const data = await loadDataset(suite.name);
for (const cell of cells) {
  const settings = settingsOf(suite, cell);
  if (findRun(folder, cell, settings)) continue;
  if (minutesGone() >= minutes) break;
  const onTrained = options.checkpoints && (trained => saveTrained(options.checkpoints, suite, cell, trained));
  const run = await oneRun(suite, methods[cell.method](suite, cell.sparsity), data, cell.seed, { onTrained });
  saveRun(folder, cell, { ...run, settings });
  const { accuracy, trainingCost, seconds } = run;
  console.log(`seed ${cell.seed} ${cell.method} ${cell.sparsity}: ${accuracy}, cost ${trainingCost}, ${seconds} s`);
}

// The report has everything that the folder holds of the usual grid and of what was asked for now.
const usual = { names: methodNames, sparsities: [0.8, 0.9, 0.95, 0.98], seeds: [1, 2, 3] };
const whole = Object.fromEntries(
  Object.entries(usual).map(([key, list]) => [key, [...new Set([...list, ...asked[key]])]]),
);
const all = cellsOf(whole);
const runs = finished(all);
const complete = `${runs.length} of ${all.length} runs finished.`;
console.log(complete);
if (runs.length > 0) {
  mkdirSync(folder, { recursive: true });
  const base = join(resolve(options.out), suite.name);
  writeWhole(`${base}.md`, describe(suite, runs, whole, complete));
  writeWhole(`${base}.svg`, await drawChart(suite, runs, whole.names, complete));
}
