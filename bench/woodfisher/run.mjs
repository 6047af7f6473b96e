/**
 * Time and peak memory of one WoodFisher pruning step on one thread, by model size, block size and gradients. Gradients
 * are synthetic: how a model computes them is not measured (`makingSeconds` is left out of the times).
 *
 *   pnpm build && node bench/woodfisher/run.mjs [--large]
 *
 * `--large` adds the 25.5 million weights of a ResNet-50, which takes a quarter of an hour and 12 GiB. Each case is a process
 * of its own; the file is written after each, so what was measured survives a kill. Writes bench/results/woodfisher.json.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({ options: { large: { type: 'boolean', default: false } } });
const large = [
  { size: 25_502_912, blockSize: 50, samples: 400 },
  { size: 25_502_912, blockSize: 2000, samples: 100 },
];
const cases = [
  { size: 1_000_000, blockSize: 50, samples: 400 },
  { size: 1_000_000, blockSize: 200, samples: 400 },
  { size: 1_000_000, blockSize: 2000, samples: 100 },
  ...(options.large ? large : []),
];

const results = [];
for (const one of cases) {
  console.log(JSON.stringify(one));
  const child = spawnSync(
    process.execPath,
    [fileURLToPath(new URL('./case.mjs', import.meta.url)), JSON.stringify(one)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      encoding: 'utf8',
    },
  );
  if (child.status !== 0) throw new Error(`The case ended with ${child.signal ?? child.status}.`);
  results.push(JSON.parse(child.stdout));
  const report = {
    what: 'one WoodFisher pruning step to 80 %: synthetic gradients in, masks and compensated weights out; peak RSS of the process',
    command: `node bench/woodfisher/run.mjs${options.large ? ' --large' : ''}`,
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus()[0]?.model.trim()}, ${cpus().length} cores (one used), ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.version}`,
    results,
  };
  writeFileSync(new URL('../results/woodfisher.json', import.meta.url), `${JSON.stringify(report, null, 2)}\n`);
}
console.table(results);
