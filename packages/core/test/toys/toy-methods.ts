import { uniform } from '../../src/distribution/uniform.js';
import { countOnes } from '../../src/mask/count.js';
import { activeMagnitude } from '../../src/mask/criterion.js';
import { keepTop } from '../../src/mask/keep-top.js';
import type { Json } from '../../src/method/json.js';
import type { PruningMethod } from '../../src/method/pruning-method.js';
import { selectMasks } from '../../src/selection/select-masks.js';
import { summingToy } from './toy-summing-method.js';

/*
 * Small methods that together use everything a decision and a plan can hold. They stand in for the published methods in
 * the tests of the session and of the contract suite; they claim no results.
 */

/** Prunes half of each layer at position 2 and three quarters at 5; a ramp as plain gradual pruning has it. */
export function gradualToy(): PruningMethod<null> {
  return {
    specification: 'v1',
    name: 'gradual-toy',
    citation: 'none',
    options: { sparsity: 0.75 },
    target: { sparsity: 0.75, position: 5 },
    start: () => ({ state: null }),
    plan: ({ position }) => (position === 2 || position === 5 ? { observe: { kind: 'weights' } } : {}),
    decide: ({ layers, clock }) => ({
      state: null,
      masks: selectMasks(layers, activeMagnitude, clock.position < 5 ? 0.5 : 0.75, uniform),
      phase: clock.position < 5 ? 'half' : 'final',
    }),
  };
}

/**
 * Starts at random masks of half the entries; every third step drops a quarter of them and grows where gradients are
 * large.
 */
export function dropGrowToy(): PruningMethod<{ readonly moved: number }> {
  return {
    specification: 'v1',
    name: 'drop-grow-toy',
    citation: 'none',
    options: {},
    target: { sparsity: 0.5, position: 0 },
    start: ({ layers, random }) => {
      const draw = random('initial masks');
      const masks = layers.map(({ name, size, mask }) => {
        const scores = Float32Array.from(mask, bit => (bit ? draw() : -1));
        return [name, keepTop(scores, Math.min(size / 2, countOnes(mask)))] as const;
      });
      return { state: { moved: 0 }, masks: new Map(masks) };
    },
    plan: ({ position }) => (position % 3 === 2 ? { observe: { kind: 'gradients' }, optimizer: 'skip' } : {}),
    decide: ({ layers }, { moved }) => {
      const masks = new Map<string, Uint8Array>();
      let count = moved;
      for (const { name, weights, mask, gradient = new Float32Array(0) } of layers) {
        const active = countOnes(mask);
        const dropped = Math.floor(active / 4);
        const kept = keepTop(activeMagnitude({ weights, mask }), active - dropped);
        const grown = keepTop(
          gradient.map((g, i) => (kept[i] ? -1 : Math.abs(g))),
          dropped,
        );
        masks.set(
          name,
          kept.map((bit, i) => bit | (grown[i] ?? 0)),
        );
        count += dropped;
      }
      return { state: { moved: count }, masks };
    },
  };
}

/**
 * Four dense steps, four sparse ones, and so on; slots start afresh with each dense phase, under a higher learning
 * rate.
 */
export function alternatingToy(): PruningMethod<string> {
  return {
    specification: 'v1',
    name: 'alternating-toy',
    citation: 'none',
    options: {},
    start: () => ({ state: 'dense', phase: 'dense' }),
    plan: ({ position }, state) =>
      position % 4 === 3 ? { observe: { kind: state === 'dense' ? 'weights' : 'clock' } } : {},
    decide: ({ layers, clock }, state) => {
      if (state === 'sparse') {
        const masks = new Map(layers.map(({ name, size }) => [name, new Uint8Array(size).fill(1)]));
        const start = clock.position + 1;
        const learningRate = { start, segments: [{ shape: 'linear', length: 4, from: 0.05, to: 0.01 }] } as const;
        return { state: 'dense', phase: 'dense', masks, slots: 'reset', learningRate };
      }
      const masks = selectMasks(layers, activeMagnitude, 0.5, uniform);
      return { state: 'sparse', phase: 'sparse', masks, learningRate: null };
    },
  };
}

/** Remembers the weights after step 1; at position 4 keeps half of the active entries and goes back, twice. */
export function ticketToy(): PruningMethod<number> {
  return {
    specification: 'v1',
    name: 'ticket-toy',
    citation: 'none',
    options: {},
    start: () => ({ state: 0 }),
    plan: ({ position, round }) => {
      if (position === 1 && round === 0) return { observe: { kind: 'clock' } };
      return position === 4 && round < 2 ? { observe: { kind: 'weights' } } : {};
    },
    decide: ({ layers, clock }, round): ReturnType<PruningMethod<number>['decide']> => {
      if (clock.position === 1) return { state: 0, snapshot: 'early' };
      const masks = selectMasks(layers, activeMagnitude, 1 - 0.5 ** (round + 1), uniform);
      return { state: round + 1, masks, slots: 'reset', rewind: { snapshot: 'early', restore: 'all' } };
    },
  };
}

/** At position 3 ranks by the sum of squared per-example gradients and shifts the survivors a little. */
export function sampledToy(): PruningMethod<Json> {
  return {
    specification: 'v1',
    name: 'sampled-toy',
    citation: 'none',
    options: {},
    target: { sparsity: 0.5, position: 3 },
    start: () => ({ state: { done: false } }),
    plan: ({ position }) => (position === 3 ? { observe: { kind: 'samples', count: 5 } } : {}),
    decide: async ({ layers, samples }) => {
      const sums = new Map(layers.map(({ name, size }) => [name, new Float32Array(size)]));
      for await (const gradients of samples ?? []) {
        for (const [name, sum] of sums) sum.set(sum.map((value, i) => value + (gradients.get(name)?.[i] ?? 0) ** 2));
      }
      const masks = selectMasks(
        layers,
        ({ name, weights }) => weights.map((w, i) => w * w * (sums.get(name)?.[i] ?? 0)),
        0.5,
        uniform,
      );
      const weights = new Map(layers.map(layer => [layer.name, layer.weights.map(w => w * 1.01)]));
      return { state: { done: true }, masks, weights };
    },
  };
}

/**
 * Sums |w·g| of every weight over all steps, in a state as large as the weights; prunes the least of them at position
 * 5.
 */
export function accumulatingToy(): PruningMethod<{ readonly sums: { readonly [layer: string]: Float32Array } }> {
  return {
    specification: 'v1',
    name: 'accumulating-toy',
    citation: 'none',
    options: {},
    target: { sparsity: 0.5, position: 5 },
    start: ({ layers }) => ({
      state: { sums: Object.fromEntries(layers.map(l => [l.name, new Float32Array(l.size)])) },
    }),
    plan: () => ({ observe: { kind: 'gradients' } }),
    decide: ({ layers, clock }, { sums }) => {
      const added = layers.map(({ name, weights, gradient }) => {
        return [name, weights.map((w, i) => (sums[name]?.[i] ?? 0) + Math.abs(w * (gradient?.[i] ?? 0)))] as const;
      });
      const state = { sums: Object.fromEntries(added) };
      if (clock.position !== 5) return { state };
      return {
        state,
        masks: selectMasks(layers, ({ name }) => new Map(added).get(name) ?? new Float32Array(0), 0.5, uniform),
      };
    },
  };
}

/** Every toy method by name. */
export const toyMethods: Readonly<Record<string, () => PruningMethod>> = {
  gradual: () => gradualToy() as PruningMethod,
  dropGrow: () => dropGrowToy() as unknown as PruningMethod,
  alternating: () => alternatingToy() as unknown as PruningMethod,
  ticket: () => ticketToy() as unknown as PruningMethod,
  sampled: () => sampledToy(),
  accumulating: () => accumulatingToy() as unknown as PruningMethod,
  summing: () => summingToy() as unknown as PruningMethod,
};
