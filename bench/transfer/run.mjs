/**
 * Transfer of really trained sparse networks: each method's checkpoints, both protocols, several sparsities, tasks and
 * seeds.
 *
 *   pnpm build
 *   ESPALIER_DATA=<folder> node bench/transfer/run.mjs --suite cifar10 [--methods dense,rigl,…] [--sparsities 0.8,0.95]
 *     [--seeds 21,51,81] [--protocols linear,full] [--tasks caltech101,…] [--minutes N] [--out bench/results/transfer]
 *     [--full-rate <learning rate>] (of full fine-tuning; default: the study's of the task)
 *     [--evaluate-every 1] (epochs of full fine-tuning between two looks at the test images; the last one is always
 *     looked at)
 *
 * Upstream checkpoints, features, fine-tuning after every epoch and finished results are kept in the folder: the same
 * call goes on after a kill, and `--minutes` ends it after that time. `--steps`, `--linear-epochs` and `--full-epochs`
 * shorten everything to try it out, in a folder of your own. At the end, rows and tables are made of whatever is
 * finished.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { useBackend } from '@espalier/backend';
import { loadDataset } from '@espalier/datasets/node';
import { fullFinetune, linearProbe, runtimeExtractor, studyResults } from '@espalier/transfer';
import { fileFeatureCache, fileRunStore } from '@espalier/transfer/node';
import * as tf from '@tensorflow/tfjs-core';
import { methodNames } from '../methods/methods.mjs';
import { writeWhole } from '../methods/store.mjs';
import { suites } from '../methods/suites.mjs';
import { canBeDrawn, drawStudy } from './chart.mjs';
import { describeStudy } from './report.mjs';
import { tasksOf } from './tasks.mjs';
import { upstreamCheckpoint } from './upstream.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const text = value => ({ type: 'string', default: value });
const { values: options } = parseArgs({
  options: {
    suite: text('cifar10'),
    methods: text('dense,oneShot,gradual,woodFisher,rigl,acdc,gap,lotteryTicket,str'),
    sparsities: text('0.8,0.95'),
    seeds: text('21,51,81'),
    protocols: text('linear,full'),
    tasks: { type: 'string' },
    steps: { type: 'string' },
    'linear-epochs': text('150'),
    'full-epochs': text('30'),
    'evaluate-every': text('1'),
    'full-rate': { type: 'string' },
    minutes: text('Infinity'),
    out: text(join(root, 'bench/results/transfer')),
  },
});

function refuse(message) {
  console.error(message);
  process.exit(2);
}

function numbers(option, valid) {
  return options[option].split(',').map(written => {
    const value = Number(written);
    return written.trim() !== '' && valid(value) ? value : refuse(`--${option} does not accept "${written}".`);
  });
}

function names(option, known) {
  const chosen = options[option]?.split(',') ?? known;
  for (const name of chosen)
    if (!known.includes(name)) refuse(`--${option} does not know "${name}": ${known.join(', ')}.`);
  return chosen;
}

const whole = value => Number.isSafeInteger(value) && value >= 1;
const [suiteName] = names('suite', Object.keys(suites));
const suite = { ...suites[suiteName], ...(options.steps ? { steps: numbers('steps', whole)[0] } : {}) };
const chosenMethods = names('methods', methodNames);
const protocols = names('protocols', ['linear', 'full']);
const taskNames = names('tasks', Object.keys(tasksOf[suiteName]));
const sparsities = numbers('sparsities', value => value > 0 && value < 1);
const seeds = numbers('seeds', value => Number.isSafeInteger(value) && value >= 0);
const [minutes] = numbers('minutes', value => value >= 0);
const [evaluateEvery] = numbers('evaluate-every', whole);
const rate = options['full-rate'] && numbers('full-rate', value => value > 0)[0];
const epochs = { linear: numbers('linear-epochs', whole)[0], full: numbers('full-epochs', whole)[0] };
/** How long a protocol trains, and how fast if that was asked for. */
const lengthOf = protocol => `${epochs[protocol]}${protocol === 'full' && rate ? `@${rate}` : ''}`;

process.env.ESPALIER_DATA ??= join(root, '../shared/data');
tf.enableProdMode();
await useBackend('wasm');
const folder = join(resolve(options.out), suiteName);
const controller = new AbortController();
const { signal } = controller;
const timer = minutes === Infinity ? undefined : setTimeout(() => controller.abort(), minutes * 60_000);

/** A drop to a tenth after a third and after two thirds, which is the study's for 150 epochs. */
const dropsOf = count => [...new Set([Math.floor(count / 3), Math.floor((2 * count) / 3)])];

/** Runs of one checkpoint on one task, as rows of a study. */
async function transfer(protocol, checkpoint, task, cell) {
  const settings = { seeds, epochs: epochs[protocol], dropAfter: dropsOf(epochs[protocol]), signal };
  // Lets the timer of --minutes run out.
  const onEvent = () => new Promise(done => setImmediate(done));
  if (protocol === 'full') {
    const name = [task.name, cell.method, cell.sparsity, suite.steps, lengthOf('full')].join('-');
    const store = fileRunStore(join(folder, 'runs', name));
    const allowDense = cell.method === 'dense';
    const result = await fullFinetune(checkpoint, task, {
      ...settings,
      ...(rate ? { learningRate: rate } : {}),
      store,
      saveEvery: 1,
      evaluateEvery,
      allowDense,
      onEvent,
    });
    return studyResults(result, cell);
  }
  const extractor = await runtimeExtractor(checkpoint, { threads: 1 });
  try {
    const cache = fileFeatureCache(join(folder, 'features'));
    const result = await linearProbe(extractor, task, { ...settings, normalize: suite.normalize, cache, onEvent });
    return studyResults(result, cell);
  } finally {
    await extractor.dispose();
  }
}

const rowsFile = join(folder, 'rows.json');
/** Finished cells by what decides them. */
let finished = {};
try {
  finished = JSON.parse(readFileSync(rowsFile, 'utf8'));
} catch (error) {
  if (error.code !== 'ENOENT') throw error;
}

async function runAll() {
  const data = await loadDataset(suiteName);
  const tasks = await Promise.all(taskNames.map(name => tasksOf[suiteName][name]()));
  for (const sparsity of [0, ...sparsities]) {
    for (const method of chosenMethods) {
      if ((method === 'dense') !== (sparsity === 0)) continue;
      const cell = { method, sparsity };
      const upstream = { folder: join(folder, `upstream-${suite.steps}`), data, signal };
      const checkpoint = await upstreamCheckpoint(suite, cell, upstream);
      for (const task of tasks) {
        for (const protocol of protocols) {
          const key = [protocol, task.name, method, sparsity, suite.steps, lengthOf(protocol), ...seeds].join(' ');
          if (finished[key]) continue;
          const rows = await transfer(protocol, checkpoint, task, cell);
          finished[key] = rows;
          mkdirSync(folder, { recursive: true });
          writeWhole(rowsFile, `${JSON.stringify(finished, null, 1)}\n`);
          console.log(`${key}: ${rows.map(row => row.final.toFixed(4)).join(' ')}`);
        }
      }
    }
  }
}

await runAll().catch(error => {
  if (!signal.aborted) throw error;
  console.log('The time is over. The same call goes on.');
});
clearTimeout(timer);

// Only rows of the same lengths of training can be compared.
const comparable = Object.entries(finished).filter(([key]) => {
  const [protocol, , , , steps, count, ...used] = key.split(' ');
  return Number(steps) === suite.steps && count === lengthOf(protocol) && used.join() === seeds.join();
});
const rows = comparable.flatMap(([, cellRows]) => cellRows);
console.log(`${comparable.length} results of ${seeds.length} seeds each.`);
if (rows.length > 0) {
  const base = join(resolve(options.out), suiteName);
  writeWhole(`${base}.json`, `${JSON.stringify(rows, null, 1)}\n`);
  if (canBeDrawn(rows)) writeWhole(`${base}.svg`, await drawStudy(rows, { suite, seeds }));
  writeWhole(`${base}.md`, describeStudy(rows, { suite, epochs, rate, seeds }));
}
