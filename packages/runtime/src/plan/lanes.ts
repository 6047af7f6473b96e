import type { Graph } from '../graph/graph.js';
import { countNonzeros } from './nonzeros.js';
import type { Lanes } from './options.js';

interface Globals {
  readonly process?: { readonly versions?: { readonly v8?: string } };
  readonly navigator?: { readonly userAgent?: string };
}

/**
 * Engines that keep 32 sums in registers. V8 before 13 (Node 22, Chrome 130) loads all operands before it computes, so that
 * eight vectors of sums no longer fit and the kernel takes nearly twice as long.
 */
export function hasWideRegisters(globals: Globals = globalThis as Globals): boolean {
  const v8 = globals.process?.versions?.v8 ?? /Chrome\/(\d+)/.exec(globals.navigator?.userAgent ?? '')?.[1];
  if (v8 === undefined) return /Firefox\//.test(globals.navigator?.userAgent ?? '');
  const major = Number.parseInt(v8, 10);
  // Chrome counts ten times as fast as V8.
  return globals.process?.versions?.v8 === undefined ? major >= 136 : major > 13 || v8.startsWith('13.6');
}

/** Relative speed of a kernel of this width on full tiles, as measured (design of the runtime, section 2). */
function speed(lanes: Lanes, wide: boolean): number {
  if (lanes === 32) return wide ? 1.07 : 0.55;
  return lanes === 28 ? 1 : 0.87;
}

/** The width that wastes the least time on the convolutions of this graph: tiles that an image does not fill are computed anyway. */
export function bestLanes({ nodes }: Graph, wide: boolean = hasWideRegisters()): Lanes {
  const convolutions = nodes.flatMap(node =>
    node.kind === 'convolution'
      ? [{ nonzeros: countNonzeros(node.kernel), pixels: node.shape[0] * (node.shape[1] ?? 1) }]
      : [],
  );
  const cost = (lanes: Lanes): number =>
    convolutions.reduce((sum, { nonzeros, pixels }) => sum + nonzeros * Math.ceil(pixels / lanes) * lanes, 0) /
    speed(lanes, wide);
  const widths: readonly Lanes[] = [28, 16, 32];
  return widths.reduce((best, lanes) => (cost(lanes) < cost(best) ? lanes : best));
}
