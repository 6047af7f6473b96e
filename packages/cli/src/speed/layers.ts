import type { LayerTime, Plan } from '@espalier/runtime';
import { exampleInputs } from './candidates/example-input.js';
import type { LayerSpeed } from './report.js';

/** Shortest times of the layers of both plans in so many profiles of each, taken in turn. */
export async function layerSpeeds(
  sparse: Plan,
  dense: Plan,
  profiles: number,
  signal: AbortSignal | undefined,
): Promise<LayerSpeed[]> {
  const input = exampleInputs(sparse.inputs, 1);
  const [fewer, more] = [new Map<string, number>(), new Map<string, number>()];
  for (let i = 0; i < profiles; i++) {
    keepShortest(fewer, await sparse.profile(input));
    keepShortest(more, await dense.profile(input));
    await new Promise<void>(resolve => setImmediate(resolve));
    signal?.throwIfAborted();
  }
  const summaries = new Map(sparse.summary.layers.map(layer => [layer.name, layer]));
  return [...fewer].map(([name, time]) => {
    const { kind = '', entries = 0, nonzeros = 0 } = summaries.get(name) ?? {};
    return {
      name,
      kind,
      density: entries === 0 ? null : nonzeros / entries,
      sparse: time,
      dense: more.get(name) ?? null,
    };
  });
}

function keepShortest(shortest: Map<string, number>, times: readonly LayerTime[]): void {
  for (const { name, milliseconds } of times)
    shortest.set(name, Math.min(milliseconds, shortest.get(name) ?? Infinity));
}
