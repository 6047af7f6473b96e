/**
 * Five commands on a published network and real images, with what they print and the seconds that they take.
 *
 *     node run.mjs [--download] [--epochs 8] [--folder runs/own-network]
 */
import { spawn } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { classes, getFiles } from './get.mjs';

const { values } = parseArgs({
  options: {
    download: { type: 'boolean', default: false },
    epochs: { type: 'string', default: '8' },
    folder: { type: 'string', default: join('runs', 'own-network') },
  },
});
const { folder } = values;
await getFiles(folder, { data: process.env.ESPALIER_DATA, download: values.download });
for (const made of ['pruned', 'pruned.onnx']) rmSync(join(folder, made), { recursive: true, force: true });

const network = ['--model', 'efficientnetLite0', '--weights', 'lite0.safetensors'];
const settings = '--batch-size 32 --learning-rate 0.02 --batch-norm-momentum 0.9';
const training = ['--epochs', values.epochs, ...settings.split(' ')];
const commands = [
  ['inspect', ...network, '--size', '96', '--no-measure'],
  ['prune', ...network, '--data', 'photos', '--size', '96', '--sparsity', '0.8', ...training, '--out', 'pruned'],
  ['predict', 'pruned', 'new', '--top', '2'],
  ['bench', 'pruned', '--threads', '1'],
  ['export', 'pruned', '--to', 'onnx', '--out', 'pruned.onnx'],
];

const done = [];
for (const args of commands) {
  console.log(`\n$ npx espalier ${args.join(' ')}`);
  const started = performance.now();
  const exitCode = await espalier(args);
  const seconds = Number(((performance.now() - started) / 1000).toFixed(1));
  done.push({ command: args, exitCode, seconds });
  console.log(`# ${seconds} s`);
  if (exitCode !== 0) break;
}
writeFileSync(join(folder, 'report.json'), `${JSON.stringify({ classes, done }, null, 2)}\n`);
const failed = done.find(({ exitCode }) => exitCode !== 0);
if (failed || !existsSync(join(folder, 'pruned.onnx'))) process.exit(failed?.exitCode ?? 1);

/** Runs the command that `npx espalier` runs, in the folder of the files. */
function espalier(args) {
  const main = fileURLToPath(new URL('main.js', import.meta.resolve('@espalier/cli')));
  const child = spawn(process.execPath, [main, ...args], { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
  return new Promise(resolve => child.on('close', resolve));
}
