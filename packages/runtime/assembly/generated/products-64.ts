// Generated from `products` of generate.mjs; do not edit.
import { fma } from '../fma';

/**
 * For every nonzero of every row: adds the products of its 64 floats of `x` and the row's 64 floats of
 * `dy` to eight partial sums at `sums`. Entries and nonzeros are those of the convolution; see
 * rows-64.ts.
 */
export function products64(entry: usize, last: usize, nonzero: usize, sums: usize, x: usize, dy: usize): void {
  while (entry < last) {
    const row = dy + load<u32>(entry);
    const end = load<usize>(entry, 4);
    entry += 12;
    const g0 = v128.load(row);
    const g1 = v128.load(row, 16);
    const g2 = v128.load(row, 32);
    const g3 = v128.load(row, 48);
    const g4 = v128.load(row, 64);
    const g5 = v128.load(row, 80);
    const g6 = v128.load(row, 96);
    const g7 = v128.load(row, 112);
    const g8 = v128.load(row, 128);
    const g9 = v128.load(row, 144);
    const g10 = v128.load(row, 160);
    const g11 = v128.load(row, 176);
    const g12 = v128.load(row, 192);
    const g13 = v128.load(row, 208);
    const g14 = v128.load(row, 224);
    const g15 = v128.load(row, 240);
    while (nonzero < end) {
      const from = x + load<u32>(nonzero);
      let s = v128.load(sums), t = v128.load(sums, 16);
      s = fma(v128.load(from), g0, s);
      t = fma(v128.load(from, 16), g1, t);
      s = fma(v128.load(from, 32), g2, s);
      t = fma(v128.load(from, 48), g3, t);
      s = fma(v128.load(from, 64), g4, s);
      t = fma(v128.load(from, 80), g5, t);
      s = fma(v128.load(from, 96), g6, s);
      t = fma(v128.load(from, 112), g7, t);
      s = fma(v128.load(from, 128), g8, s);
      t = fma(v128.load(from, 144), g9, t);
      s = fma(v128.load(from, 160), g10, s);
      t = fma(v128.load(from, 176), g11, t);
      s = fma(v128.load(from, 192), g12, s);
      t = fma(v128.load(from, 208), g13, t);
      s = fma(v128.load(from, 224), g14, s);
      t = fma(v128.load(from, 240), g15, t);
      v128.store(sums, s);
      v128.store(sums, t, 16);
      nonzero += 8;
      sums += 32;
    }
  }
}
