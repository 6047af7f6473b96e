import { median, round } from './statistics.mjs';

/**
 * What was timed, as a result file has it: `peers` on dense weights, `sparsePeers` on the sparse ones, and `espalier`
 * with its ratios to them: to dense peers with the same batch, to sparse ones at the same sparsity with the same batch
 * and, as `<name>@<batch>`, with larger ones.
 */
export function summarize(times) {
  const all = times.map(({ engine, repetitions, milliseconds }) => ({
    engine,
    times: {
      ...engine.details,
      medianMilliseconds: round(median(milliseconds), 3),
      minimumMilliseconds: round(Math.min(...milliseconds), 3),
      repetitions,
      relativeError: engine.error,
    },
  }));
  const own = all.filter(({ engine }) => engine.name === 'espalier');
  const peers = all.filter(({ engine }) => engine.name !== 'espalier');
  return {
    peers: peers
      .filter(({ engine }) => engine.sparsity === undefined)
      .map(({ engine: { name, engine, batch }, times: found }) => ({ name, engine, batch, ...found })),
    sparsePeers: peers
      .filter(({ engine }) => engine.sparsity !== undefined)
      .map(({ engine: { name, engine, sparsity, batch }, times: found }) => ({
        name,
        engine,
        sparsity,
        batch,
        ...found,
      })),
    espalier: own.map(entry => ({
      sparsity: entry.engine.sparsity,
      batch: entry.engine.batch,
      density: round(entry.engine.cost.density, 4),
      flopDensity: round(entry.engine.cost.flopDensity, 4),
      ...entry.times,
      timesFaster: ratios(entry, peers, 'medianMilliseconds'),
      timesFasterByMinima: ratios(entry, peers, 'minimumMilliseconds'),
    })),
  };
}

function ratios({ engine: own, times: ownTimes }, peers, key) {
  const found = peers.flatMap(({ engine: { name, sparsity, batch }, times }) => {
    const comparable = sparsity === undefined ? batch === own.batch : sparsity === own.sparsity && batch >= own.batch;
    if (!comparable) return [];
    return [[batch === own.batch ? name : `${name}@${batch}`, round(times[key] / ownTimes[key])]];
  });
  return Object.fromEntries(found);
}
