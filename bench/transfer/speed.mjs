/**
 * What an epoch of the linear protocol takes when features are not cached, dense against sparse backbone on the
 * runtime, for every upstream checkpoint that `run.mjs` keeps: `espalier transfer --runtime sparse` measures it.
 *
 *   ESPALIER_DATA=<folder> node bench/transfer/speed.mjs [--suite cifar10] [--task caltech101] [--out
 *   bench/results/transfer]
 *
 * Wants a quiet machine. Writes <suite>-speed.json and <suite>-speed.md.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeWhole } from '../methods/store.mjs';
import { suites } from '../methods/suites.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { values: options } = parseArgs({
  options: {
    suite: { type: 'string', default: 'cifar10' },
    task: { type: 'string', default: 'caltech101' },
    out: { type: 'string', default: join(root, 'bench/results/transfer') },
  },
});
const { suite, task } = options;
const out = resolve(options.out);
const upstream = join(out, suite, `upstream-${suites[suite].steps}`);
process.env.ESPALIER_DATA ??= join(root, '../shared/data');

/** What the command measured of one checkpoint. */
function measure(file) {
  const folder = mkdtempSync(join(tmpdir(), 'espalier-speed-'));
  try {
    const program = join(root, 'packages/cli/dist/main.js');
    const how = ['--protocol', 'linear', '--runtime', 'sparse', '--epochs', '2', '--seeds', '21', '--allow-dense'];
    const args = [program, 'transfer', join(upstream, file), '--task', task, ...how, '--out', folder, '--json'];
    const child = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 2 ** 26 });
    if (child.status !== 0) throw new Error(`${file}: ${child.stderr}`);
    const { speed, sparsity } = JSON.parse(child.stdout);
    return { checkpoint: file, sparsity, ...speed };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const files = readdirSync(upstream).filter(name => name.endsWith('.safetensors'));
const measured = files.sort().map(measure);
const [{ machine, threads, instructions, images }] = measured;
const command = `node bench/transfer/speed.mjs --suite ${suite} --task ${task}`;
const report = { command, task, measured };
const base = join(out, `${suite}-speed`);
writeWhole(`${base}.json`, `${JSON.stringify(report, null, 1)}\n`);

const milliseconds = ({ median, minimum }) => `${median.toFixed(3)} (${minimum.toFixed(3)})`;
const rows = measured.map(({ checkpoint, sparsity, flopDensity, backbone, epoch, ratio }) =>
  [
    checkpoint.replace(/-\d+\.safetensors$/, ''),
    `${(100 * sparsity).toFixed(1)} %`,
    flopDensity.toFixed(3),
    milliseconds(backbone.dense),
    milliseconds(backbone.sparse),
    ratio.backbone.toFixed(2),
    epoch.dense.toFixed(2),
    epoch.sparse.toFixed(2),
    ratio.epoch.toFixed(2),
  ].join(' | '),
);
const header =
  'checkpoint | sparsity | FLOP density | dense, ms an image | sparse, ms an image | × | epoch dense, s | epoch sparse, s | ×';
writeWhole(
  `${base}.md`,
  `# An epoch of the linear protocol, dense against sparse backbone

Made by \`${command}\`; do not edit.

Features of ${images} training images of ${task}, not cached, and the classifier's training and scoring;
@espalier/runtime (${instructions}, ${threads} threads) for both backbones, medians (minima) of interleaved rounds.
Machine: ${JSON.stringify(machine)}.

| ${header} |
|${'---|'.repeat(9)}
${rows.map(row => `| ${row} |`).join('\n')}
`,
);
