/**
 * Time and peak memory of one WoodFisher pruning step by model size, block size, gradients and worker threads.
 * Gradients are synthetic: how a model computes them is not measured (`makingSeconds` is left out of the times).
 *
 *   pnpm build && node bench/woodfisher/run.mjs [--size 1000000] [--block 50,2000] [--samples 400] [--workers 1,2]
 *                                               [--memory 8] [--spill <directory>]
 *
 * `--memory` is in GiB; `--workers 0` is the calling thread; `--spill` lets gradients that do not fit go to a file
 * there. For the 25.5 million prunable weights of a ResNet-50 take `--size 25502912`. Each case is a process of its own
 * and prints its progress; bench/results/woodfisher.json is written after each, and replaces what it held of the same
 * case.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const file = new URL('../results/woodfisher.json', import.meta.url);
const { values: options } = parseArgs({
  options: {
    size: { type: 'string', default: '1000000' },
    block: { type: 'string', default: '50,2000' },
    samples: { type: 'string', default: '400' },
    workers: { type: 'string', default: '1,2' },
    memory: { type: 'string', default: '8' },
    spill: { type: 'string' },
  },
});
const numbers = text => text.split(',').map(Number);
const cases = numbers(options.size).flatMap(size =>
  numbers(options.block).flatMap(blockSize =>
    numbers(options.samples).flatMap(samples =>
      numbers(options.workers).map(workers => ({
        size,
        blockSize,
        samples,
        workers,
        memoryLimit: Number(options.memory) * 2 ** 30,
        ...(options.spill ? { spill: options.spill } : {}),
      })),
    ),
  ),
);

/** Cases with the same key are the same measurement. */
const keyOf = one => JSON.stringify([one.weights, one.blockSize, one.samples, one.workers, one.fileBytes > 0]);
const written = () => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).results : []);
for (const one of cases) {
  console.log(JSON.stringify(one));
  const script = fileURLToPath(new URL('./case.mjs', import.meta.url));
  const child = spawnSync(process.execPath, [script, JSON.stringify(one)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  if (child.status !== 0) throw new Error(`The case ended with ${child.signal ?? child.status}.`);
  const measured = {
    ...JSON.parse(child.stdout),
    command: `node bench/woodfisher/run.mjs ${process.argv.slice(2).join(' ')}`.trim(),
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus()[0]?.model.trim()}, ${cpus().length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.version}`,
  };
  const results = [...written().filter(other => keyOf(other) !== keyOf(measured)), measured];
  const report = {
    what: 'one WoodFisher pruning step to 80 %: synthetic gradients in, masks and compensated weights out; peak RSS of the process with its threads',
    results,
  };
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
  console.table([measured]);
}
