import type { BlockLayout } from './block-layout.js';
import { packedLength } from './packed.js';

/**
 * How a block is inverted: `direct` sums and factorizes the block itself; `gram` works on the N × N Gram matrix of its
 * gradients, by Woodbury's identity.
 */
export type FisherForm = 'direct' | 'gram';

/** Consecutive blocks of a layer that are worked on together. */
export interface FisherBand {
  /** How its blocks are inverted. */
  readonly form: FisherForm;
  /** Where each block begins within the band, from 0, and the end of the last one; in entries. */
  readonly bounds: Uint32Array;
  /** N, the number of gradients. */
  readonly count: number;
  /** λ > 0. */
  readonly damping: number;
}

/**
 * Gradients that are taken in before work is done on them. It is part of the order of summation: another number gives
 * other last digits.
 */
export const SEGMENT = 16;

/** Entries of a band. */
export const bandWidth = ({ bounds }: FisherBand): number => bounds.at(-1) ?? 0;

/** Entries of the largest block of a band. */
export function widest(band: FisherBand): number {
  let most = 0;
  eachBlock(band, (_, width) => {
    most = Math.max(most, width);
  });
  return most;
}

/** Float64 numbers of the factors of a band. */
export function factorLength(band: FisherBand): number {
  let length = 0;
  eachBlock(band, (_, width) => {
    length += packedLength(band.form === 'gram' ? band.count : width);
  });
  return length;
}

/** Calls `visit(begin, width)` for every block in order. */
export function eachBlock({ bounds }: FisherBand, visit: (begin: number, width: number) => void): void {
  for (let block = 1; block < bounds.length; block++) {
    const begin = bounds[block - 1]!;
    visit(begin, bounds[block]! - begin);
  }
}

/** Gradients of the segment that begins with gradient `first`. */
export const segmentRows = (first: number, count: number): number => Math.min(SEGMENT, count - first);

/**
 * Where gradient n of a block begins within the gradients of its band: segment after segment, in a segment block after
 * block, in a block gradient after gradient.
 */
export function gradientStart(band: FisherBand, n: number, begin: number, width: number): number {
  const row = n % SEGMENT;
  const first = n - row;
  return first * bandWidth(band) + begin * segmentRows(first, band.count) + row * width;
}

/** Cuts a layer into bands of whole blocks: about 16 MiB of gradients, never less than one block. */
export function bandsOf(layout: BlockLayout, form: FisherForm, count: number, damping: number): FisherBand[] {
  const room = Math.min(1 << 16, Math.ceil(2 ** 22 / count));
  const bands: FisherBand[] = [];
  let bounds = [0];
  for (let block = 1; block < layout.bounds.length; block++) {
    const width = layout.bounds[block]! - layout.bounds[block - 1]!;
    const filled = bounds.at(-1)!;
    if (filled > 0 && filled + width > room) {
      bands.push({ form, bounds: Uint32Array.from(bounds), count, damping });
      bounds = [0, width];
    } else bounds.push(filled + width);
  }
  if (bounds.length > 1) bands.push({ form, bounds: Uint32Array.from(bounds), count, damping });
  return bands;
}
