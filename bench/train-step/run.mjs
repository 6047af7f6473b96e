/**
 * One training step of the CIFAR ResNet-20 (batch 64) by our wasm backend beside PyTorch, one thread each, in rounds
 * that interleave the engines; then a pruned step beside a bare one.
 *
 *   pnpm build && node bench/train-step/run.mjs [--python <interpreter with torch>] [--rounds 9] [--steps 3] [--bare]
 *
 * ESPALIER_TFJS_NODE=<folder whose node_modules has a built @tensorflow/tfjs-node> adds native TensorFlow. `--bare`
 * adds plain tfjs-backend-wasm with nothing but the one missing kernel (slow: about 2 s per step).
 *
 * Prints tables and writes bench/results/train-step.json.
 */
import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median } from '../inference/statistics.mjs';
import { startPeer } from '../peer.mjs';

const { values: options } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    rounds: { type: 'string', default: '9' },
    steps: { type: 'string', default: '3' },
    pairs: { type: 'string', default: '120' },
    bare: { type: 'boolean', default: false },
  },
});
const [rounds, steps, pairs] = [options.rounds, options.steps, options.pairs].map(Number);
const file = name => fileURLToPath(new URL(name, import.meta.url));
const native = process.env.ESPALIER_TFJS_NODE;
const loadBefore = loadavg()[0];

const engines = [
  startPeer('torch', options.python, [file('./torch_peer.py'), 'contiguous']),
  startPeer('torch channels_last', options.python, [file('./torch_peer.py'), 'channels_last']),
  startPeer('espalier wasm', process.execPath, [file('./engine.mjs'), 'wasm']),
  ...(native
    ? [
        startPeer('espalier native', process.execPath, [
          '--import',
          file('./app-register.mjs'),
          file('./engine.mjs'),
          'tfjs-node',
        ]),
      ]
    : []),
  ...(options.bare ? [startPeer('tfjs wasm, bare', process.execPath, [file('./engine.mjs'), 'bare'])] : []),
];

const measured = [];
for (const engine of engines) {
  const { description } = await engine.ask({ do: 'describe' });
  const { losses } = await engine.ask({ do: 'warm', steps: 5 });
  measured.push({ engine, description, firstLosses: losses, seconds: [], tensors: new Set() });
}
for (let round = 0; round < rounds; round++) {
  for (const entry of measured) {
    const { seconds, tensors } = await entry.engine.ask({ do: 'time', steps });
    entry.seconds.push(...seconds);
    if (tensors !== undefined) entry.tensors.add(tensors);
  }
}
const torch = median(measured[0].seconds);
const fastestTorch = Math.min(torch, median(measured[1].seconds));
const results = measured.map(({ engine, description, firstLosses, seconds, tensors }) => ({
  engine: engine.name,
  medianMilliseconds: round(median(seconds) * 1000),
  minimumMilliseconds: round(Math.min(...seconds) * 1000),
  timesTorch: round(median(seconds) / torch, 2),
  timesFastestTorch: round(median(seconds) / fastestTorch, 2),
  samples: seconds.length,
  ...(tensors.size > 0 ? { liveTensorsConstant: tensors.size === 1 } : {}),
  firstLosses: firstLosses.map(loss => round(loss, 4)),
  description,
}));
console.table(results.map(({ description: _, firstLosses: __, ...row }) => row));

const profiles = {};
for (const { engine } of measured.filter(({ engine }) => !engine.name.startsWith('torch'))) {
  const profile = await engine.ask({ do: 'profile', steps: 3, top: 15 });
  profiles[engine.name] = {
    stepMilliseconds: round(profile.stepMilliseconds),
    outsideKernelsMilliseconds: round(profile.outsideKernelsMilliseconds),
    kernels: profile.kernels.map(entry => ({
      ...entry,
      milliseconds: round(entry.milliseconds, 2),
      calls: round(entry.calls),
    })),
  };
}
console.table(profiles['espalier wasm'].kernels);
for (const engine of engines) engine.end();

const pruningPeer = startPeer('pruning', process.execPath, [file('./pruning.mjs')]);
await pruningPeer.ask({ do: 'time', pairs: 5 });
const { seconds, sparsity, every } = await pruningPeer.ask({ do: 'time', pairs });
pruningPeer.end();
const [bare, ordinary] = [median(seconds.bare), median(seconds.ordinary)];
const decision = seconds.decision.length > 0 ? median(seconds.decision) : undefined;
const pruning = {
  bareMilliseconds: round(bare * 1000, 2),
  prunedMilliseconds: round(ordinary * 1000, 2),
  prunedOverBare: round(ordinary / bare, 4),
  decisionStepMilliseconds: decision === undefined ? null : round(decision * 1000, 2),
  prunedOverBareWithDecisions:
    decision === undefined ? null : round((ordinary * (every - 1) + decision) / every / bare, 4),
  masksRenewedEvery: every,
  sparsity: round(sparsity, 4),
  pairs: seconds.bare.length,
};
console.table([pruning]);

const report = {
  what: 'one training step of CIFAR ResNet-20 (option A), batch 64, SGD with momentum 0.9, float32, one thread; medians',
  command: ['node bench/train-step/run.mjs', ...process.argv.slice(2).map(hidePath)].join(' '),
  date: new Date().toISOString().slice(0, 10),
  machine: {
    processor: cpus()[0]?.model.trim(),
    cores: cpus().length,
    node: process.version,
    v8: process.versions.v8,
    loadBefore: round(loadBefore, 2),
    loadAfter: round(loadavg()[0], 2),
  },
  rounds,
  stepsPerRound: steps,
  results,
  pruning,
  profiles,
};
writeFileSync(new URL('../results/train-step.json', import.meta.url), `${JSON.stringify(report, null, 2)}\n`);

function round(value, digits = 1) {
  return Number(value.toFixed(digits));
}

/** Where things lie on this machine is nobody's business. */
function hidePath(word) {
  return word.includes('/') ? `<${word.split('/').at(-1)}>` : word;
}
