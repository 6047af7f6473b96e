/**
 * One measurement of bench/woodfisher, in a process of its own so that its peak memory is its own.
 *
 *   node bench/woodfisher/case.mjs '{"size":1000000,"blockSize":50,"samples":400,"workers":2}'
 *
 * `workers` 0 is the calling thread. Prints one JSON line. Progress goes to stderr.
 */
import { countOnes, randomStreams } from '@espalier/core';
import { inThread, woodFisher } from '@espalier/prune-woodfisher';
import { workerExecutor } from '@espalier/prune-woodfisher/node';

const { size, blockSize, samples, workers, memoryLimit, spill, sparsity = 0.8 } = JSON.parse(process.argv[2]);
const executor = workers > 0 ? workerExecutor({ threads: workers, ...(spill ? { spill } : {}) }) : inThread();
let fileBytes = 0;
/** Layers like a ResNet's larger ones: 512 outputs, at most 2.36 million entries each. */
const parts = Math.ceil(size / 2_359_296);
const layers = Array.from({ length: parts }, (_, i) => {
  const rows = Math.round(size / parts / 512);
  const weights = normals(`weights ${i}`, rows * 512);
  return {
    name: `layer${i}/kernel`,
    shape: [rows, 512],
    size: weights.length,
    weights,
    mask: new Uint8Array(weights.length).fill(1),
  };
});

function normals(name, length) {
  const next = randomStreams(1, 0)(name);
  const values = new Float32Array(length);
  for (let i = 0; i < length; i++)
    values[i] = 0.05 * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return values;
}

/** Synthetic gradients: windows into normal noise, a new array for each as a session gives them. */
let makingSeconds = 0;
const noise = normals('noise', 1 << 20);
async function* stream() {
  const next = randomStreams(1, 0)('offsets');
  for (let n = 0; n < samples; n++) {
    const begin = performance.now();
    const gradients = new Map(
      layers.map(layer => {
        const gradient = new Float32Array(layer.size);
        for (let at = 0; at < layer.size; ) {
          const from = Math.floor(next() * (noise.length / 2));
          const run = noise.subarray(from, from + Math.min(layer.size - at, noise.length / 2));
          gradient.set(run, at);
          at += run.length;
        }
        return [layer.name, gradient];
      }),
    );
    makingSeconds += (performance.now() - begin) / 1000;
    yield gradients;
  }
}

const baseCpu = process.cpuUsage();
const baseBytes = process.memoryUsage().rss;
const begin = performance.now();
let collected = 0;
let inverted = 0;
let reported = begin;
const secondsSince = start => (performance.now() - start) / 1000;
const method = woodFisher({
  sparsity,
  cadence: { start: 0, end: 0, every: 1 },
  samples,
  blockSize,
  memoryLimit,
  executor: {
    ...executor,
    open: bytes => {
      fileBytes = bytes;
      return executor.open(bytes);
    },
  },
  onProgress: progress => {
    if (progress.inverted === 0) collected = secondsSince(begin);
    else inverted = secondsSince(begin);
    const ended = progress.gradients === samples && (progress.inverted === 0 || progress.inverted === progress.blocks);
    if (!ended && secondsSince(reported) < 10) return;
    reported = performance.now();
    process.stderr.write(
      `  ${secondsSince(begin).toFixed(1)} s: ${progress.gradients} of ${samples} gradients, ` +
        `${progress.inverted} of ${progress.blocks} blocks inverted\n`,
    );
  },
});
const clock = { step: 0, position: 0, round: 0 };
const { masks, weights } = await method.decide({ clock, layers, random: randomStreams(1, 0), samples: stream() }, null);
const seconds = secondsSince(begin);
const cpu = process.cpuUsage(baseCpu);
const total = layers.reduce((sum, layer) => sum + layer.size, 0);
const active = [...masks.values()].reduce((sum, mask) => sum + countOnes(mask), 0);
if (active !== Math.round(total * (1 - sparsity)) || weights.size !== layers.length) throw new Error('wrong decision');
console.log(
  JSON.stringify({
    weights: total,
    blockSize,
    samples,
    workers,
    memoryLimit,
    fileBytes,
    collectSeconds: collected - makingSeconds,
    invertSeconds: inverted - collected,
    selectAndShiftSeconds: seconds - inverted,
    totalSeconds: seconds - makingSeconds,
    cpuSeconds: (cpu.user + cpu.system) / 1e6 - makingSeconds,
    makingSeconds,
    baseBytes,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  }),
);
