import fc from 'fast-check';
import type { Graph } from '../../src/graph/graph.js';

/** What a change does to the entry of a graph that it is for; the type of the entry stays. */
export interface GraphChange {
  readonly where: number;
  readonly number: number;
  readonly choice: number;
}

/** One to three changes. */
export const graphChanges: fc.Arbitrary<readonly GraphChange[]> = fc.array(
  fc.record({
    where: fc.nat(),
    number: fc.constantFrom(-1, 0, 0.5, 1, 2, 3, 4, 7, 2 ** 31, 2 ** 53, 1e300, Number.NaN, Number.POSITIVE_INFINITY),
    choice: fc.nat(),
  }),
  { minLength: 1, maxLength: 3 },
);

type Entry = { readonly holder: Record<string, unknown>; readonly key: string };

/** A copy with other numbers, names, activations, modes, weights, or fewer or repeated nodes and inputs. */
export function changedGraph(graph: Graph, changes: readonly GraphChange[]): Graph {
  const copy = structuredClone(graph);
  for (const { where, number, choice } of changes) {
    const entries = entriesOf(copy);
    const pick = <Item>(items: readonly Item[]): Item => items[choice % items.length]!;
    const { holder, key } = entries[where % entries.length]!;
    const value = holder[key];
    if (typeof value === 'number') holder[key] = number;
    else if (value instanceof Float32Array) holder[key] = pick(weightsOf(entries));
    else if (Array.isArray(value))
      value.splice(choice % (value.length + 1), choice % 2, ...value.slice(0, 1 - (choice % 2)));
    else if (key === 'activation') holder[key] = pick(['linear', 'relu', 'relu6']);
    else if (key === 'mode') holder[key] = pick(['max', 'average']);
    else holder[key] = pick(['', 'nowhere', ...copy.nodes.map(({ name }) => name)]);
  }
  return copy;
}

const weightsOf = (entries: readonly Entry[]): readonly unknown[] =>
  entries.map(({ holder, key }) => holder[key]).filter(value => value instanceof Float32Array);

/** Numbers, texts but kinds, arrays of weights, and lists of nodes and of inputs. */
function entriesOf(value: unknown): Entry[] {
  if (typeof value !== 'object' || value === null || value instanceof Float32Array) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap(key => {
    const entry = holder[key];
    const leaf = typeof entry !== 'object' || entry instanceof Float32Array;
    const itself = (leaf && key !== 'kind') || key === 'nodes' || key === 'inputs' ? [{ holder, key }] : [];
    return [...itself, ...entriesOf(entry)];
  });
}
