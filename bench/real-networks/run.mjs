/**
 * EfficientNet-Lite0 of ImageNet fine-tuned on a task, dense and pruned on the way.
 *
 *   pnpm build
 *   ESPALIER_DATA=<folder> node bench/real-networks/run.mjs --task caltech101 [--rows dense,magnitude-0.8,…]
 *     [--seeds 1,2,3] [--processes 2] [--minutes N] [--out bench/results/real-networks] [--networks <folder>]
 *
 * Each run is a process of its own with one thread. Finished runs are kept as files and not done again; a run that was
 * cut off goes on from its last checkpoint, with the same result. `--minutes` starts no run after that time.
 * `--networks` keeps the trained networks, which distillation and `deployed.mjs` need, and those checkpoints (a folder
 * below the system's for temporary files if left out).
 *
 * `--held-out` judges by images that are held out of the training images, and `--change '{"learningRate": 0.05}'`
 * changes settings, so that these can be chosen without looking at test images; its runs go to `<out>/held-out`.
 */
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { relaxedSimdFlags } from '../relaxed-simd.mjs';
import { writeWhole } from '../run-files.mjs';
import { rowName, rows } from './methods.mjs';
import { cellsOf, findRun, settingsOf } from './store.mjs';
import { tableOf } from './table.mjs';
import { tasks } from './tasks.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const names = rows.map(rowName);
const { values: options } = parseArgs({
  options: {
    task: { type: 'string', default: 'caltech101' },
    rows: { type: 'string', default: names.join(',') },
    seeds: { type: 'string', default: '1,2,3' },
    processes: { type: 'string', default: '2' },
    minutes: { type: 'string', default: 'Infinity' },
    out: { type: 'string', default: join(root, 'bench/results/real-networks') },
    networks: { type: 'string', default: join(tmpdir(), 'espalier-real-networks') },
    'held-out': { type: 'boolean', default: false },
    change: { type: 'string', default: '{}' },
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

const task = tasks[options.task] ? options.task : refuse(`--task is one of ${Object.keys(tasks).join(', ')}.`);
const asked = options.rows.split(',');
for (const name of asked) {
  if (!names.includes(name)) refuse(`--rows does not know "${name}". It knows ${names.join(', ')}.`);
}
if (!process.env.ESPALIER_DATA) refuse('ESPALIER_DATA must name the folder with the data.');
const isWhole = value => Number.isSafeInteger(value) && value >= 0;
const seeds = numbers('seeds', isWhole);
const [processes] = numbers('processes', value => isWhole(value) && value > 0);
const [minutes] = numbers('minutes', value => value >= 0);
const heldOut = options['held-out'];
const change = JSON.parse(options.change);
if (Object.keys(change).length > 0 && !heldOut)
  refuse('--change goes with --held-out: settings are not tuned on test images.');

const base = join(resolve(options.out), ...(heldOut ? ['held-out'] : []));
const variant = Object.entries(change).flatMap(([key, value]) =>
  Object.entries(typeof value === 'object' ? value : { [key]: value }).map(entry => entry.join('=')),
);
const folder = join(base, [task, ...variant].join(','));
const networks = join(resolve(options.networks), [task, ...(heldOut ? ['held-out'] : []), ...variant].join(','));
const settings = { ...tasks[task], ...change };
const isDone = cell => findRun(folder, cell, settingsOf(settings, cell, heldOut)) !== undefined;

const began = performance.now();
const waiting = cellsOf(asked, seeds).filter(cell => !isDone(cell));
let failures = 0;

/** Takes runs until none is left; a distilled one waits until its teacher is done. */
async function work() {
  while (waiting.length > 0 && (performance.now() - began) / 60_000 < minutes) {
    const next = waiting.findIndex(
      cell => !cell.distilled || isDone({ ...cell, name: 'dense', method: 'dense', sparsity: 0, distilled: false }),
    );
    if (next < 0) {
      await new Promise(done => setTimeout(done, 1000));
      continue;
    }
    const [cell] = waiting.splice(next, 1);
    const request = JSON.stringify({ task, cell, heldOut, folder, networks, change });
    const program = fileURLToPath(new URL('worker.mjs', import.meta.url));
    const child = spawn(process.execPath, [...relaxedSimdFlags, program, request], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const code = await new Promise(done => child.on('close', done));
    if (code !== 0) failures++;
  }
}

await Promise.all(Array.from({ length: processes }, work));
const runs = cellsOf(names, seeds).flatMap(cell => {
  const run = findRun(folder, cell, settingsOf(settings, cell, heldOut));
  return run ? [run] : [];
});
const all = cellsOf(names, seeds).length;
if (runs.length > 0) writeWhole(`${folder}.md`, tableOf(task, runs, all));
console.log(`${runs.length} of ${all} runs finished.`);
process.exitCode = failures > 0 ? 1 : 0;
