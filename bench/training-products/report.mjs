import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { gigaflopsOf, mapProducts, ratiosOf } from './products.mjs';
import { resultsFolder, summaryOf, writeTables } from './table.mjs';

/**
 * Prints what was measured of one layer and keeps it in the file of this engine, with the minima of earlier runs.
 * Remove the file after a change of the code.
 */
export function keep({ index, result, machine, batch, threads, rounds, instructions }) {
  const { loadBefore, ...constant } = machine;
  const chosen = instructions === 'auto' ? '' : `-${instructions}`;
  const name = `node${process.versions.node.split('.')[0]}${chosen}-${threads}t.json`;
  const file = new URL(name, resultsFolder);
  const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).layers : [];
  const now = { index, date: new Date().toISOString().slice(0, 10), loadBefore, rounds, ...result };
  const entry = withMinima(
    now,
    before.find(other => other.index === index),
    batch,
  );
  const report = {
    what: `forward, gradient with respect to the input, gradient with respect to the active weights; batch ${batch}, float32; PyTorch computes them densely`,
    command: `node bench/training-products/run.mjs --threads ${threads} --batch ${batch} --instructions ${instructions}`,
    instructions,
    machine: constant,
    batch,
    threads,
    layers: [...before.filter(other => other.index !== index), entry].sort((a, b) => a.index - b.index),
  };
  mkdirSync(resultsFolder, { recursive: true });
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
  print(entry);
  console.table(summaryOf(report));
  writeTables();
}

/**
 * The measurement with the minima of both runs, if there was one of the same layer before; medians are those of the
 * last run.
 */
function withMinima(now, before, batch) {
  if (before?.torch.version !== now.torch.version) return { ...now, runs: 1 };
  const least = (one, other) =>
    mapProducts(name => Math.min(one.minimumMilliseconds[name], (other ?? one).minimumMilliseconds[name]));
  const dense = least(now.torch, before.torch);
  const masks = now.masks.map(mask => {
    const twin = before.masks.find(({ kind, sparsity }) => kind === mask.kind && sparsity === mask.sparsity);
    const own = least(mask, twin);
    return {
      ...mask,
      minimumMilliseconds: own,
      gigaflops: gigaflopsOf(now, mask, own, batch),
      timesFasterByMinima: ratiosOf(dense, own),
    };
  });
  return { ...now, runs: (before.runs ?? 1) + 1, torch: { ...now.torch, minimumMilliseconds: dense }, masks };
}

function print({ name, torch, masks }) {
  const row = ({ minimumMilliseconds: ms }) =>
    Object.fromEntries(Object.entries(ms).map(([key, value]) => [key, value]));
  console.log(`\n${name} (minima in ms)`);
  console.table({
    torch: row(torch),
    ...Object.fromEntries(
      masks.map(mask => [
        `${mask.kind} ${mask.sparsity}`,
        {
          ...row(mask),
          GFLOPS: Object.values(mask.gigaflops).join(' / '),
          'times faster': Object.values(mask.timesFasterByMinima).join(' / '),
          error: mask.relativeError,
        },
      ]),
    ),
  });
}
