/**
 * Real MNIST through the `espalier` command: a dense run, a gradual run to 90 % from the same initial weights with the
 * same number of steps, and the dense network pruned at once without retraining; three seeds, 10,000 test images.
 *
 *   pnpm build && ESPALIER_DATA=<folder with mnist/> node bench/mnist/run.mjs [--epochs 6] [--sparsity 0.9]
 *
 * Writes bench/results/mnist.json. Nothing is chosen by the test accuracy: the settings are the command's defaults.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: { epochs: { type: 'string', default: '6' }, sparsity: { type: 'string', default: '0.9' } },
});
const command = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'espalier-mnist-'));

/** One run of the command; what it prints with --json. */
function espalier(name, out, args) {
  const all = [command, name, '--dataset=mnist', '--backend=wasm', `--out=${join(folder, out)}`, '--json', ...args];
  return JSON.parse(execFileSync(process.execPath, all, { stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8' }));
}

const percent = ({ evaluation }) => Number((100 * evaluation.accuracy).toFixed(2));
const runs = [];
const began = performance.now();
try {
  for (const seed of [1, 2, 3]) {
    const common = [`--seed=${seed}`, `--epochs=${options.epochs}`];
    const dense = espalier('train', `dense-${seed}`, common);
    const gradual = espalier('prune', `gradual-${seed}`, [...common, `--sparsity=${options.sparsity}`]);
    const once = espalier('prune', `once-${seed}`, [
      `--seed=${seed}`,
      '--method=one-shot',
      '--steps=0',
      `--sparsity=${options.sparsity}`,
      `--from=${dense.model}`,
    ]);
    runs.push({
      seed,
      steps: dense.clock.step,
      dense: percent(dense),
      gradual: percent(gradual),
      oneShotWithoutRetraining: percent(once),
      gradualLoses: Number((percent(dense) - percent(gradual)).toFixed(2)),
      sparsity: gradual.sparsity,
    });
    console.table(runs);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const report = {
  what: `test accuracy in percent on MNIST, smallConvNet, sparsity ${options.sparsity}, equal steps for dense and gradual`,
  command: `node bench/mnist/run.mjs --epochs ${options.epochs} --sparsity ${options.sparsity}`,
  date: new Date().toISOString().slice(0, 10),
  machine: `${cpus()[0]?.model.trim()}, Node ${process.version}, wasm backend, one thread`,
  minutes: Number(((performance.now() - began) / 60_000).toFixed(1)),
  runs,
};
writeFileSync(new URL('../results/mnist.json', import.meta.url), `${JSON.stringify(report, null, 2)}\n`);
if (runs.some(({ gradualLoses }) => gradualLoses > 1)) process.exitCode = 1;
