import { existsSync } from 'node:fs';
import { networks } from './networks/networks.mjs';
import { distributions } from './networks/weights.mjs';
import { defaultPeers } from './peers.mjs';

/** Options of `run.mjs` and `browser.mjs`, for `parseArgs`. */
export const sharedOptions = {
  network: { type: 'string', default: 'resnet50' },
  sparsity: { type: 'string', default: '0.8,0.9,0.95,0.98' },
  distribution: { type: 'string', default: 'uniform' },
  threads: { type: 'string', default: '1,2' },
  rounds: { type: 'string', default: '12' },
  batch: { type: 'string', default: '1' },
  peers: { type: 'string', default: defaultPeers },
  engines: { type: 'string' },
};

/** The options in numbers; ends the program with a message if they make no sense. */
export function checkedOptions(values, allEngines, usualEngines = allEngines) {
  const numbers = list => list.split(',').map(Number);
  const [sparsity, threadCounts, batches] = [values.sparsity, values.threads, values.batch].map(numbers);
  const rounds = Number(values.rounds);
  const engines = values.engines?.split(',') ?? usualEngines;
  const { network, distribution, peers } = values;
  if (!Object.hasOwn(networks, network)) fail(`--network is one of ${Object.keys(networks).join(', ')}`);
  if (!distributions.includes(distribution)) fail(`--distribution is one of ${distributions.join(', ')}`);
  if (!sparsity.every(each => each >= 0 && each < 1)) fail('--sparsity is a list of numbers in [0, 1)');
  const positive = each => Number.isInteger(each) && each > 0;
  if (!threadCounts.every(positive)) fail('--threads is a list of positive integers');
  if (!batches.every(positive)) fail('--batch is a list of positive integers');
  const unknown = engines.find(each => !allEngines.includes(each));
  if (unknown !== undefined) fail(`--engines has ${unknown}; there are ${allEngines.join(', ')}`);
  if (!positive(rounds)) fail('--rounds is a positive integer');
  if (!existsSync(peers))
    fail(`there is no ${peers}: run bench/inference/peers.sh, or name another folder with --peers`);
  return { network, distribution, peers, sparsity, threadCounts, batches, rounds, engines };
}

/** Ends the program. */
export function fail(message) {
  console.error(`bench/inference: ${message}.`);
  process.exit(1);
}
