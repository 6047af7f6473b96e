import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/** A run by what decides its name. */
interface Cell {
  readonly method: string;
  readonly sparsity: number;
  readonly seed: number;
}

const load = (name: string) => import(new URL(`../bench/methods/${name}.mjs`, import.meta.url).href);
const { methodNames }: { methodNames: readonly string[] } = await load('methods');
const { suites }: { suites: Readonly<Record<string, object>> } = await load('suites');
const {
  findRun,
  settingsOf,
}: {
  findRun(folder: string, cell: Cell, settings: object): object | undefined;
  settingsOf(suite: object, cell: Cell): object;
} = await load('store');

const results = fileURLToPath(new URL('../bench/results/methods', import.meta.url));

describe.each(['mnist', 'cifar10'])('the stored runs of %s', name => {
  const suite = suites[name]!;
  const folder = `${results}/${name}`;
  const runs = readdirSync(folder).map(file => JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) as Cell);

  it('have the settings that the definitions of the method packages give', () => {
    expect(runs.length).toBeGreaterThan(100);
    for (const { method, sparsity, seed } of runs) {
      const cell = { method, sparsity: askedFor(sparsity), seed };
      expect(findRun(folder, cell, settingsOf(suite, cell)), `${method}-${sparsity}-${seed}`).toBeDefined();
    }
  });

  it('are of methods that the benchmark knows', () => {
    expect([...new Set(runs.map(({ method }) => method))].filter(method => !methodNames.includes(method))).toEqual([]);
  });
});

/** A file holds the sparsity that was reached; its name has the one that was asked for. */
function askedFor(reached: number): number {
  return [0, 0.8, 0.9, 0.95, 0.98].reduce((a, b) => (Math.abs(b - reached) < Math.abs(a - reached) ? b : a));
}
