/**
 * What the fine-tuned networks of a task cost where they run: bytes, multiply-accumulates, and milliseconds for one
 * image beside dense engines, interleaved in one process; logits compared.
 *
 *   node bench/real-networks/run.mjs --task caltech101 --seeds 1 && bench/inference/peers.sh
 *   ESPALIER_DATA=<folder> node bench/real-networks/deployed.mjs --task caltech101
 *     [--rows dense,magnitude-0.8,magnitude-0.9] [--seed 1] [--rounds 40] [--threads 1] [--size 224]
 *     [--networks <folder>] [--peers <folder of peers.sh>] [--out bench/results/real-networks]
 *
 * `--size 224` measures the same weights on larger images than those of the task. Writes
 * `<out>/<task>-deployed-<size>.json` and `.md`.
 */
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { inspectCheckpoint } from '@espalier/cli';
import { describeMachine } from '../inference/machine.mjs';
import { defaultPeers } from '../inference/peers.mjs';
import { timeRounds } from '../inference/rounds.mjs';
import { median, relativeError, round } from '../inference/statistics.mjs';
import { writeWhole } from '../run-files.mjs';
import { openEspalier, openOnnxruntime, openTfjs, startTfjs } from './engines.mjs';
import { keptNetwork } from './networks-kept.mjs';
import { cellsOf, settingsOf } from './store.mjs';
import { tasks } from './tasks.mjs';

const { values: options } = parseArgs({
  options: {
    task: { type: 'string', default: 'caltech101' },
    rows: { type: 'string', default: 'dense,magnitude-0.8,magnitude-0.9' },
    seed: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '40' },
    threads: { type: 'string', default: '1' },
    size: { type: 'string' },
    networks: { type: 'string', default: join(tmpdir(), 'espalier-real-networks') },
    peers: { type: 'string', default: defaultPeers },
    out: { type: 'string', default: fileURLToPath(new URL('../results/real-networks', import.meta.url)) },
  },
});
const { task, peers } = options;
const settings = tasks[task];
const [seed, rounds, threads] = [options.seed, options.rounds, options.threads].map(Number);
const size = Number(options.size ?? settings.size);
const shape = [size, size, 3];
const machine = describeMachine(); // before the load is our own

/** The checkpoint with an input of that size: every layer of the network takes any. */
function resized(checkpoint) {
  const model = structuredClone(checkpoint.model);
  for (const { class_name: kind, config } of model.config.layers) {
    if (kind === 'InputLayer') config.batch_input_shape = [null, ...shape];
  }
  return { ...checkpoint, model };
}

const image = Float32Array.from({ length: size * size * 3 }, (_, i) => Math.sin(i * 0.37));
await startTfjs();
const opened = [];
const found = [];
for (const cell of cellsOf(options.rows.split(','), [seed])) {
  const kept = await keptNetwork(join(resolve(options.networks), task), cell, settingsOf(settings, cell, false));
  if (!kept) throw new Error(`${cell.name} of seed ${seed} is not in ${options.networks}: run it first.`);
  const checkpoint = resized(kept);
  const { bytes, macs, prunable } = await inspectCheckpoint(checkpoint);
  found.push({ name: cell.name, bytes, macs, sparsity: round(prunable.sparsity, 4), milliseconds: {} });
  let expected;
  for (const open of [openOnnxruntime, openEspalier, openTfjs]) {
    const engine = await open(checkpoint, image, threads, { peers, shape });
    const logits = await engine.run();
    expected ??= logits;
    const error = relativeError(logits, expected);
    if (!(error < 1e-3)) throw new Error(`${engine.engine} disagrees on ${cell.name}: ${error}.`);
    opened.push({ ...engine, row: found.at(-1) });
  }
}
for (const { engine, milliseconds } of await timeRounds(opened, rounds, threads)) {
  engine.row.milliseconds[engine.engine] = round(median(milliseconds));
}
for (const { close } of opened) await close();

const engines = Object.keys(found[0].milliseconds);
const mega = value => (value / 1e6).toFixed(value < 1e7 ? 2 : 1);
const lines = found.map(({ name, bytes, macs, sparsity, milliseconds }) =>
  [
    name,
    `${(100 * sparsity).toFixed(1)} %`,
    `${mega(bytes.denseGzip)} / ${mega(bytes.sparseGzip)}`,
    mega(macs.sparse),
    ...engines.map(engine => milliseconds[engine]),
  ].join(' | '),
);
const head = ['network', 'sparsity of the pointwise kernels', 'MB with gzip, dense / sparse file', 'million MACs'];
const table = [
  `# EfficientNet-Lite0 of ${task} at ${size} px, ${threads} thread${threads > 1 ? 's' : ''}, milliseconds`,
  '',
  `${machine.processor}, Node ${machine.node}, load ${machine.loadBefore} before; medians of ${rounds} interleaved samples.`,
  '',
  `| ${[...head, ...engines].join(' | ')} |`,
  `|${'---|'.repeat(head.length + engines.length)}`,
  ...lines.map(line => `| ${line} |`),
  '',
].join('\n');
const name = join(resolve(options.out), `${task}-deployed-${size}`);
writeWhole(`${name}.json`, `${JSON.stringify({ task, size, threads, rounds, machine, rows: found })}\n`);
writeWhole(`${name}.md`, table);
console.log(table);
process.exit(0); // native engines keep threads that would hold the process
