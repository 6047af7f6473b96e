import { mkdirSync, writeFileSync } from 'node:fs';
import { networks } from './networks/networks.mjs';
import { printResult, resultsFolder } from './table.mjs';

const trainedPruned = 'all convolutions and the classifier, by training: weights and masks of checkpoints';
const erkPruned = 'all convolutions by ERK (depthwise ones stay dense), the classifier at the sparsity itself';

/** Prints a comparison and, if our engine took part, keeps it as a file of bench/results/inference. */
export function report(result, { machine, program, engine, options }) {
  const { network, distribution, threads, ...measured } = result;
  const complete = {
    what: 'one image, float32; dense engines run the same folded graph with dense weights',
    command: [`node bench/inference/${program}`, ...process.argv.slice(2).map(hidePath)].join(' '),
    date: new Date().toISOString().slice(0, 10),
    machine,
    network,
    distribution,
    pruned: { erk: erkPruned, trained: trainedPruned }[distribution] ?? networks[network].pruned,
    threads,
    ...measured,
  };
  printResult(complete);
  if (!options.engines.includes('espalier')) return;
  mkdirSync(resultsFolder, { recursive: true });
  const name = `${network}-${distribution}-${engine}-${threads}t.json`;
  writeFileSync(new URL(name, resultsFolder), `${JSON.stringify(complete, null, 2)}\n`);
}

/** Where things lie on this machine is nobody's business. */
function hidePath(word) {
  return word.includes('/') ? `<${word.split('/').at(-1)}>` : word;
}
