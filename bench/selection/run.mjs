/**
 * Exact selection of the largest of 25.5 million scores (a ResNet-50's weights): `keepTop` beside torch.topk, one
 * thread each, interleaved, medians. The masks are compared: same number of ones, same least kept score.
 *
 *   pnpm build && node bench/selection/run.mjs [--python <interpreter with torch>] [--rounds 7]
 *
 * Writes bench/results/selection.json.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { countOnes, keepTop, keptCount, randomStreams } from '@espalier/core';
import { median } from '../inference/statistics.mjs';
import { startPeer } from '../peer.mjs';

const SIZE = 25_502_912;
const { values: options } = parseArgs({
  options: { python: { type: 'string', default: 'python3' }, rounds: { type: 'string', default: '7' } },
});
const rounds = Number(options.rounds);

/** Magnitudes of normal weights, like a trained layer's (Box-Muller over a seeded stream). */
function magnitudes() {
  const next = randomStreams(1, 0)('selection');
  const scores = new Float32Array(SIZE);
  for (let i = 0; i < SIZE; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - next()));
    const angle = 2 * Math.PI * next();
    scores[i] = Math.abs(radius * Math.cos(angle));
    scores[i + 1] = Math.abs(radius * Math.sin(angle));
  }
  return scores;
}

const scores = magnitudes();
const folder = mkdtempSync(join(tmpdir(), 'espalier-selection-'));
const file = join(folder, 'scores.f32');
writeFileSync(file, scores);
const peer = startPeer('torch', options.python, [fileURLToPath(new URL('./torch_peer.py', import.meta.url))]);
try {
  const { version } = await peer.ask({ do: 'load', path: file, size: SIZE });
  const results = [];
  for (const sparsity of [0.5, 0.8, 0.9, 0.95, 0.98]) {
    const count = keptCount(SIZE, sparsity);
    const ours = [];
    const theirs = [];
    for (let round = 0; round <= rounds; round++) {
      const begin = performance.now();
      const mask = keepTop(scores, count);
      const seconds = (performance.now() - begin) / 1000;
      const answer = await peer.ask({ do: 'topk', count });
      const least = mask.reduce((low, bit, i) => (bit && scores[i] < low ? scores[i] : low), Infinity);
      if (countOnes(mask) !== count || answer.ones !== count || answer.least !== least) {
        throw new Error(
          `The masks differ at sparsity ${sparsity}: ${countOnes(mask)} ones from ${least}, ${JSON.stringify(answer)}`,
        );
      }
      if (round === 0) continue; // warm-up
      ours.push(seconds);
      theirs.push(answer.seconds);
    }
    results.push({
      sparsity,
      kept: count,
      keepTopSeconds: median(ours),
      topkSeconds: median(theirs),
      ratio: median(theirs) / median(ours),
    });
  }
  console.table(results);
  const report = {
    what: 'exact top-k mask of 25,502,912 scores, one thread; ratio = torch.topk time / keepTop time, medians',
    command: 'node bench/selection/run.mjs',
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus()[0]?.model.trim()}, Node ${process.version}, torch ${version}`,
    rounds,
    results,
  };
  writeFileSync(new URL('../results/selection.json', import.meta.url), `${JSON.stringify(report, null, 2)}\n`);
} finally {
  peer.end();
  rmSync(folder, { recursive: true, force: true });
}
