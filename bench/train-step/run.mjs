/**
 * One training step of a network by our wasm backend beside PyTorch, one thread each, in rounds that interleave the
 * engines; then a pruned step beside a bare one, unless `--pairs 0`.
 *
 *   pnpm build && node bench/train-step/run.mjs [--network "efficientnet-lite0 128 px"] [--rounds 9] [--steps 3]
 *     [--python <interpreter with torch>] [--pairs 120] [--bare]
 *
 * Networks are those of networks.mjs; ResNet-20 where none is named. Where Node has relaxed SIMD behind a flag only,
 * wasm is measured with and without it. ESPALIER_TFJS_NODE=<folder whose node_modules has a built
 * @tensorflow/tfjs-node> adds native TensorFlow. `--bare` adds plain tfjs-backend-wasm with nothing but the one missing
 * kernel (slow: about 2 s per step of ResNet-20).
 *
 * Times are medians by the clock; `processor` is the median of the processor's time, on which other processes weigh
 * less: read that one where `loadBefore` is above the number of cores. Prints tables and writes
 * bench/results/train-step.json, for other networks than ResNet-20 bench/results/train-step/<network>.json.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median } from '../inference/statistics.mjs';
import { startPeer } from '../peer.mjs';
import { relaxedSimdFlags } from '../relaxed-simd.mjs';
import { networks } from './networks.mjs';

const { values: options } = parseArgs({
  options: {
    network: { type: 'string', default: 'resnet20 32 px' },
    python: { type: 'string', default: 'python3' },
    rounds: { type: 'string', default: '9' },
    steps: { type: 'string', default: '3' },
    pairs: { type: 'string', default: '120' },
    bare: { type: 'boolean', default: false },
  },
});
const [rounds, steps, pairs] = [options.rounds, options.steps, options.pairs].map(Number);
const { network } = options;
if (!Object.hasOwn(networks, network)) throw new Error(`--network is one of ${Object.keys(networks).join(', ')}.`);
const resnet = network === 'resnet20 32 px';
const file = name => fileURLToPath(new URL(name, import.meta.url));
const native = process.env.ESPALIER_TFJS_NODE;
const loadBefore = loadavg()[0];

const torch = layout => startPeer(`torch ${layout}`, options.python, [file('./torch_peer.py'), layout, network]);
const ours = (name, backend, ...flags) =>
  startPeer(name, process.execPath, [...flags, file('./engine.mjs'), backend, network]);
const engines = [
  torch('contiguous'),
  torch('channels_last'),
  ours('espalier wasm', 'wasm'),
  ...(relaxedSimdFlags.length > 0 ? [ours('espalier wasm, relaxed SIMD', 'wasm', ...relaxedSimdFlags)] : []),
  ...(native ? [ours('espalier native', 'tfjs-node', '--import', file('./app-register.mjs'))] : []),
  ...(options.bare ? [ours('tfjs wasm, bare', 'bare')] : []),
];

const measured = [];
for (const engine of engines) {
  const { description } = await engine.ask({ do: 'describe' });
  const { losses } = await engine.ask({ do: 'warm', steps: 5 });
  measured.push({ engine, description, firstLosses: losses, seconds: [], processor: [], tensors: new Set() });
}
for (let round = 0; round < rounds; round++) {
  for (const entry of measured) {
    const { seconds, processorSeconds, tensors } = await entry.engine.ask({ do: 'time', steps });
    entry.seconds.push(...seconds);
    entry.processor.push(...processorSeconds);
    if (tensors !== undefined) entry.tensors.add(tensors);
  }
}
const [contiguous, channelsLast] = measured.map(({ seconds, processor }) => [median(seconds), median(processor)]);
const results = measured.map(({ engine, description, firstLosses, seconds, processor, tensors }) => ({
  engine: engine.name,
  medianMilliseconds: round(median(seconds) * 1000),
  minimumMilliseconds: round(Math.min(...seconds) * 1000),
  processorMilliseconds: round(median(processor) * 1000),
  timesTorch: round(median(seconds) / contiguous[0], 2),
  timesTorchChannelsLast: round(median(seconds) / channelsLast[0], 2),
  processorTimesTorchChannelsLast: round(median(processor) / channelsLast[1], 2),
  samples: seconds.length,
  ...(tensors.size > 0 ? { liveTensorsConstant: tensors.size === 1 } : {}),
  firstLosses: firstLosses.map(loss => round(loss, 4)),
  description,
}));
console.table(results.map(({ description: _, firstLosses: __, ...row }) => row));

const profiles = {};
for (const { engine } of measured.filter(({ engine }) => !engine.name.startsWith('torch'))) {
  const profile = await engine.ask({ do: 'profile', steps: 3, top: 20 });
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

const pruning = pairs > 0 ? await measurePruning() : undefined;
if (pruning) console.table([pruning]);

const report = {
  what: `one training step of ${network}, batch ${networks[network].batch}, SGD with momentum 0.9, float32, one thread; medians`,
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
  ...(pruning && { pruning }),
  profiles,
};
const target = resnet ? '../results/train-step.json' : `../results/train-step/${network.replaceAll(' ', '-')}.json`;
mkdirSync(new URL('../results/train-step/', import.meta.url), { recursive: true });
writeFileSync(new URL(target, import.meta.url), `${JSON.stringify(report, null, 2)}\n`);

/** A pruned step beside a bare one. */
async function measurePruning() {
  const pruningPeer = startPeer('pruning', process.execPath, [file('./pruning.mjs'), network]);
  await pruningPeer.ask({ do: 'time', pairs: 5 });
  const { seconds, sparsity, every } = await pruningPeer.ask({ do: 'time', pairs });
  pruningPeer.end();
  const [bare, ordinary] = [median(seconds.bare), median(seconds.ordinary)];
  const decision = seconds.decision.length > 0 ? median(seconds.decision) : undefined;
  return {
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
}

function round(value, digits = 1) {
  return Number(value.toFixed(digits));
}

/** Where things lie on this machine is nobody's business. */
function hidePath(word) {
  return word.includes('/') ? `<${word.split('/').at(-1)}>` : word;
}
