import { countOnes, type LayerShape } from '@espalier/core';

/** Which active entries of a layer share a Fisher block. */
export interface BlockLayout {
  /** Row-major index of every active entry, block after block. */
  readonly entries: Uint32Array;
  /** Where each block begins in `entries`, and the end of the last one. No block is empty. */
  readonly bounds: readonly number[];
}

/**
 * Cuts a layer into chunks of `blockSize` entries, output by output as PyTorch stores them: `[out, in, height, width]`
 * for a kernel `[height, width, in, out]`, `[out, in]` for `[in, out]`. Masked entries count for where chunks end and
 * are then left out: their gradients are taken as zero, which decouples them from the others.
 */
export function layoutOf(layer: LayerShape & { readonly mask: Uint8Array }, blockSize: number): BlockLayout {
  const { shape, size, mask } = layer;
  const outputs = shape.at(-1) ?? 1;
  const inputs = shape.at(-2) ?? 1;
  const places = size / (inputs * outputs);
  const entries = new Uint32Array(countOnes(mask));
  const bounds = [0];
  let active = 0;
  let room = blockSize;
  for (let output = 0; output < outputs; output++) {
    for (let input = 0; input < inputs; input++) {
      for (let place = 0; place < places; place++) {
        const entry = (place * inputs + input) * outputs + output;
        if (mask[entry]) entries[active++] = entry;
        if (--room > 0) continue;
        room = blockSize;
        if (active > (bounds.at(-1) ?? 0)) bounds.push(active);
      }
    }
  }
  if (active > (bounds.at(-1) ?? 0)) bounds.push(active);
  return { entries, bounds };
}
