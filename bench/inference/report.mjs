import { mkdirSync, writeFileSync } from 'node:fs';
import { networks } from './networks/networks.mjs';
import { printResult, resultsFolder } from './table.mjs';

const trainedPruned = 'what the checkpoints prune: their weights and masks, by training';
const erkPruned = 'all convolutions by ERK (depthwise ones stay dense), the classifier at the sparsity itself';

/** Prints a comparison and, if our engine took part, keeps it as a file of bench/results/inference. */
export function report(result, { machine, program, engine, options }) {
  const { network, distribution, threads, batches, ...measured } = result;
  const { pruned, erkOnlyPrunable } = networks[network];
  const erk = erkOnlyPrunable ? `${pruned}; the sparsity is spread by ERK` : erkPruned;
  const complete = {
    what: `${imagesOf(batches)}, float32; dense engines run the same folded graph with dense weights`,
    command: [`node bench/inference/${program}`, ...process.argv.slice(2).map(hidePath)].join(' '),
    date: new Date().toISOString().slice(0, 10),
    machine,
    network,
    distribution,
    pruned: { erk, trained: trainedPruned }[distribution] ?? pruned,
    threads,
    batches,
    ...measured,
  };
  printResult(complete);
  if (!options.engines.includes('espalier')) return;
  mkdirSync(resultsFolder, { recursive: true });
  const suffix = batches.join() === '1' ? '' : `-batch-${batches.join('-')}`;
  const name = `${network}-${distribution}-${engine}${suffix}-${threads}t.json`;
  writeFileSync(new URL(name, resultsFolder), `${JSON.stringify(complete, null, 2)}\n`);
}

function imagesOf(batches) {
  if (batches.join() === '1') return 'one image';
  return `${batches.join(' and ')} images at once, milliseconds an image`;
}

/** Where things lie on this machine is nobody's business. */
function hidePath(word) {
  return word.includes('/') ? `<${word.split('/').at(-1)}>` : word;
}
