import type { NativeChoice } from '../engine/engine.js';
import { VECTOR_BYTES } from '../engine/lanes.js';
import type { NativeInstructions } from '../engine/native-kernels.js';
import { countNonzeros } from '../graph/cost/count-nonzeros.js';
import type { Graph } from '../graph/graph.js';
import type { Instructions, Lanes } from './options.js';

interface Globals {
  readonly process?: { readonly versions?: { readonly v8?: string } };
  readonly navigator?: { readonly userAgent?: string };
}

/** The first V8 that is known to keep 32 sums in registers, 13.6: that of Node 24 and of Chrome 136. */
const WIDE_V8 = 136;

/**
 * Engines that keep 32 sums in registers. V8 up to 12.4 (Node 22, Chrome 124) loads all operands before it computes, so
 * that eight vectors of sums no longer fit and the kernel takes nearly twice as long. Engines that were not measured
 * count as such.
 */
export function hasWideRegisters(globals: Globals = globalThis as Globals): boolean {
  const agent = globals.navigator?.userAgent ?? '';
  const v8 = /^(\d+)\.(\d+)/.exec(globals.process?.versions?.v8 ?? '');
  if (v8 !== null) return 10 * Number(v8[1]) + Number(v8[2]) >= WIDE_V8;
  // Chrome counts ten times as fast as V8.
  const chrome = /Chrome\/(\d+)/.exec(agent);
  return chrome === null ? /Firefox\//.test(agent) : Number(chrome[1]) >= WIDE_V8;
}

/**
 * How many sums stay in registers: 28 floats, 32, or 64 where V8 pairs instructions to 256 bits; in native kernels
 * those of the processor.
 */
export type Registers = 'narrow' | 'wide' | 'paired' | NativeInstructions;

/** The registers of the engine that this runs in. */
export function registersOf(instructions: Instructions, native?: NativeChoice): Registers {
  if (native !== undefined) return native.instructions;
  if (instructions === 'relaxed-simd-256') return 'paired';
  return hasWideRegisters() ? 'wide' : 'narrow';
}

/** Relative speed of the kernels on full tiles, as measured on Zen 4 when they were designed. */
const SPEEDS: Readonly<Record<Registers, readonly (readonly [Lanes, number])[]>> = {
  narrow: [
    [28, 1],
    [16, 0.87],
    [32, 0.55],
  ],
  wide: [
    [28, 1],
    [16, 0.87],
    [32, 1.07],
  ],
  paired: [
    [56, 1.26],
    [64, 1.26],
    [32, 1.17],
    [28, 1],
    [16, 0.6],
  ],
  avx512: [
    [112, 1],
    [224, 1],
    [64, 0.9],
  ],
  avx2: [
    [56, 1],
    [112, 0.9],
    [64, 0.95],
  ],
  neon: [
    [28, 1],
    [56, 1],
  ],
};

/** Floats that are computed whether they are pixels or not: a whole tile, or a vector of native kernels. */
function computedAtOnce(registers: Registers, lanes: Lanes): number {
  return registers in VECTOR_BYTES ? VECTOR_BYTES[registers as NativeInstructions] / 4 : lanes;
}

/** Estimates further from the best than this are not worth timing. */
const CLOSE = 1.35;

/**
 * The width that wastes the least time on the convolutions of this graph: tiles that an image does not fill are
 * computed anyway.
 */
export function bestLanes(graph: Graph, registers: Registers): Lanes {
  return closeLanes(graph, registers)[0] as Lanes;
}

/** Widths that may be the best, the best guess first. */
export function closeLanes({ nodes }: Graph, registers: Registers): readonly Lanes[] {
  const convolutions = nodes.flatMap(node =>
    node.kind === 'convolution'
      ? [{ nonzeros: countNonzeros(node.kernel), pixels: node.shape[0] * (node.shape[1] ?? 1) }]
      : [],
  );
  const costs = SPEEDS[registers].map(([lanes, speed]) => {
    const computed = computedAtOnce(registers, lanes);
    const work = convolutions.map(({ nonzeros, pixels }) => nonzeros * Math.ceil(pixels / computed) * computed);
    return { lanes, cost: work.reduce((sum, each) => sum + each, 0) / speed };
  });
  const least = Math.min(...costs.map(({ cost }) => cost));
  return costs
    .filter(({ cost }) => cost <= least * CLOSE)
    .sort((a, b) => a.cost - b.cost)
    .map(({ lanes }) => lanes);
}
