// Dense convolutions with fewer products: four neighbors of an output row at once, by Toom and Cook's interpolation at
// 0, 1, -1, 2, -2, 1/2 and infinity (Winograd's F(4, 4) along rows). src/kernels/winograd says where, and transforms
// the weights.
import { activated, fma } from './fma';
import { Group } from './group';
import { packRuns } from './pack';
import { quads2 } from './generated/quads-2';
import { quads4 } from './generated/quads-4';

/** Points of the interpolation. */
const POINTS: i32 = 7;

const UNUSED: u32 = u32.MAX_VALUE;

// In the order of the words that src/kernels/winograd/winograd.ts writes.
@unmanaged
class Winograd {
  /** Address of a word: nothing is done while it is 0. */
  when: usize;
  lanes: i32;
  activation: i32;
  groupTable: usize;
  input: usize;
  channels: i32;
  /** Rows of the input that a group of output rows looks at, and the bytes of one in scratch memory. */
  rows: i32;
  rowBytes: usize;
  /**
   * Columns of the input that are a stride apart belong to one phase: of each, the byte offset of the first float in a
   * row.
   */
  phases: i32;
  phaseTable: usize;
  /** Bytes from one float of a phase to the next. */
  stride: usize;
  /** Byte offset of every row within a point of a channel's phase; UNUSED where no tap looks at it. */
  placeTable: usize;
  pointBytes: usize;
  /** Fours of output pixels in a row. */
  fours: i32;
  /** Rows of a group. */
  groupRows: i32;
  quads: i32;
  entries: usize;
  nonzeros: usize;
  bias: usize;
  output: usize;
  /** Byte offset in the output of every four pixels that follow each other. */
  outputTable: usize;
  /** Where in scratch memory the thinned row, the transformed input and the products begin. */
  thinned: usize;
  transformed: usize;
  products: usize;
  /** Whether pairs of vectors are one register. */
  wide: i32;
}

/**
 * Every fourth float of a phase, from the first, second, third and fourth: four lines, one float longer than there are
 * fours.
 */
function thin(from: usize, to: usize, stride: usize, fours: i32, line: usize): void {
  for (let t = 0; t <= fours; t++) {
    f32.store(to, f32.load(from));
    f32.store(to + line, f32.load(from + stride));
    f32.store(to + 2 * line, f32.load(from + 2 * stride));
    f32.store(to + 3 * line, f32.load(from + 3 * stride));
    from += 4 * stride;
    to += 4;
  }
}

/**
 * Seven neighbors of every four pixels, as the values of their polynomials: row by row, the coefficients of products of
 * (x - point).
 */
function transform(from: usize, to: usize, fours: i32, line: usize, pointBytes: usize): void {
  const half = f32x4.splat(0.5), two = f32x4.splat(2), minusFour = f32x4.splat(-4), minusTwo = f32x4.splat(-2);
  const minusFive = f32x4.splat(-5), four = f32x4.splat(4), minusHalf = f32x4.splat(-0.5);
  for (let t = 0; t < fours; t += 4) {
    const d0 = v128.load(from), d1 = v128.load(from + line), d2 = v128.load(from + 2 * line);
    const d3 = v128.load(from + 3 * line);
    const d4 = v128.load(from, 4), d5 = v128.load(from + line, 4), d6 = v128.load(from + 2 * line, 4);
    // x (x - 1/2) (x^2 - 4), and the same times x.
    const u1 = fma(two, d1, fma(minusFour, d2, fma(minusHalf, d3, d4)));
    const v1 = fma(two, d2, fma(minusFour, d3, fma(minusHalf, d4, d5)));
    // x (x - 1/2) (x^2 - 1), and the same times x.
    const u2 = f32x4.sub(fma(half, d1, fma(minusHalf, d3, d4)), d2);
    const v2 = f32x4.sub(fma(half, d2, fma(minusHalf, d4, d5)), d3);
    // (x^2 - 1) (x^2 - 4), and the same times x, and x^2.
    const w0 = fma(four, d0, fma(minusFive, d2, d4));
    const w1 = fma(four, d1, fma(minusFive, d3, d5));
    const w2 = fma(four, d2, fma(minusFive, d4, d6));
    let out = to;
    v128.store(out, fma(minusHalf, w0, w1));
    out += pointBytes;
    v128.store(out, f32x4.add(v1, u1));
    out += pointBytes;
    v128.store(out, f32x4.sub(v1, u1));
    out += pointBytes;
    v128.store(out, fma(two, u2, v2));
    out += pointBytes;
    v128.store(out, fma(minusTwo, u2, v2));
    out += pointBytes;
    v128.store(out, w1);
    out += pointBytes;
    v128.store(out, fma(minusHalf, w1, w2));
    from += 16;
    to += 16;
  }
}

/** Sums at the points back to four neighbors, in the order of pixels. */
@inline
function combine(products: usize, step: usize, bias: v128, activation: i32, y: usize, table: usize): void {
  let at = products;
  const m0 = f32x4.add(bias, v128.load(at));
  at += step;
  const m1 = v128.load(at);
  at += step;
  const m2 = v128.load(at);
  at += step;
  const m3 = v128.load(at);
  at += step;
  const m4 = v128.load(at);
  at += step;
  const m5 = v128.load(at);
  at += step;
  const m6 = f32x4.add(bias, v128.load(at));
  const s1 = f32x4.add(m1, m2), d1 = f32x4.sub(m1, m2);
  const s2 = f32x4.add(m3, m4), d2 = f32x4.sub(m3, m4);
  const y0 = f32x4.add(f32x4.add(m0, s1), f32x4.add(s2, m5));
  const y1 = f32x4.add(fma(f32x4.splat(2), d2, d1), fma(f32x4.splat(0.5), m5, bias));
  const y2 = f32x4.add(fma(f32x4.splat(4), s2, s1), fma(f32x4.splat(0.25), m5, bias));
  const y3 = f32x4.add(fma(f32x4.splat(8), d2, d1), fma(f32x4.splat(0.125), m5, m6));
  const a = v128.shuffle<f32>(y0, y1, 0, 4, 1, 5), b = v128.shuffle<f32>(y2, y3, 0, 4, 1, 5);
  const c = v128.shuffle<f32>(y0, y1, 2, 6, 3, 7), d = v128.shuffle<f32>(y2, y3, 2, 6, 3, 7);
  v128.store(y + load<u32>(table), activated(v128.shuffle<f64>(a, b, 0, 2), activation));
  v128.store(y + load<u32>(table, 4), activated(v128.shuffle<f64>(a, b, 1, 3), activation));
  v128.store(y + load<u32>(table, 8), activated(v128.shuffle<f64>(c, d, 0, 2), activation));
  v128.store(y + load<u32>(table, 12), activated(v128.shuffle<f64>(c, d, 1, 3), activation));
}

/** A work item is a group of output rows. */
export function winograd(record: usize, begin: i32, end: i32, scratch: usize): void {
  const r = changetype<Winograd>(record);
  if (!load<i32>(r.when)) return;
  const channelBytes = <usize>r.lanes << 2;
  const line = <usize>(r.fours + 4) << 2;
  const fourBytes = <usize>r.fours << 2;
  const bytes = <usize>r.groupRows * fourBytes;
  const thinned = scratch + r.thinned, products = scratch + r.products;
  for (let item = begin; item < end; item++) {
    const group = changetype<Group>(r.groupTable + <usize>item * offsetof<Group>());
    packRuns(group.runs, group.runCount, r.input, scratch, r.channels, channelBytes, <usize>r.rows * r.rowBytes, 0);
    let row = scratch, point = scratch + r.transformed;
    for (let c = 0; c < r.channels; c++) {
      for (let i = 0; i < r.rows; i++) {
        const place = load<u32>(r.placeTable + (<usize>i << 2));
        for (let p = 0; p < r.phases && place != UNUSED; p++) {
          thin(row + load<u32>(r.phaseTable + (<usize>p << 2)), thinned, r.stride, r.fours, line);
          transform(thinned, point + <usize>(p * POINTS) * r.pointBytes + place, r.fours, line, r.pointBytes);
        }
        row += r.rowBytes;
      }
      point += <usize>(r.phases * POINTS) * r.pointBytes;
    }
    const x = scratch + r.transformed;
    const table = r.outputTable + <usize>group.firstTile * fourBytes;
    let entry = r.entries, nonzero = r.nonzeros;
    for (let quad = 0; quad < r.quads; quad++) {
      let y = products;
      for (let p = 0; p < POINTS; p++) {
        let at: usize = 0;
        if (r.wide) {
          for (; at + 64 <= bytes; at += 64) quads4(entry, nonzero, x + at, y + at, 0, true, 0);
        }
        for (; at < bytes; at += 32) quads2(entry, nonzero, x + at, y + at, 0, true, 0);
        nonzero = load<usize>(entry);
        entry += 36;
        y += 4 * bytes;
      }
      for (let m = 0; m < 4; m++) {
        const bias = v128.load32_splat(r.bias + (<usize>(4 * quad + m) << 2));
        const out = r.output + <usize>(4 * quad + m) * channelBytes;
        const sums = products + <usize>m * bytes;
        const last = <usize>group.tiles * fourBytes;
        for (let at: usize = 0; at < last; at += 16) {
          combine(sums + at, 4 * bytes, bias, r.activation, out, table + at);
        }
      }
    }
  }
}
