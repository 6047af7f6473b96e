// Generated from `products` of generate.mjs; do not edit.
import { fma } from '../fma';

/**
 * For every nonzero of every row: adds the products of its 16 floats of `x` and the row's 16 floats of
 * `dy` to four partial sums at `sums`. Entries and nonzeros are those of the convolution; see
 * rows-16.ts.
 */
export function products16(entry: usize, last: usize, nonzero: usize, sums: usize, x: usize, dy: usize): void {
  while (entry < last) {
    const row = dy + load<u32>(entry);
    const end = load<usize>(entry, 4);
    entry += 12;
    const g0 = v128.load(row);
    const g1 = v128.load(row, 16);
    const g2 = v128.load(row, 32);
    const g3 = v128.load(row, 48);
    while (nonzero < end) {
      const from = x + load<u32>(nonzero);
      let s = v128.load(sums), t = f32x4.mul(v128.load(from), g0);
      s = fma(v128.load(from, 16), g1, s);
      t = fma(v128.load(from, 32), g2, t);
      s = fma(v128.load(from, 48), g3, s);
      v128.store(sums, f32x4.add(s, t));
      nonzero += 8;
      sums += 16;
    }
  }
}
