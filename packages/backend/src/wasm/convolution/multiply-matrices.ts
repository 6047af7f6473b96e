import { frameImages, spreadChannels } from '../module/frame.js';
import type { Heap } from '../module/heap.js';
import type { Epilogue } from './convolve.js';
import { FEWEST_POSITIONS } from './convolve-filter-gradient.js';

/** A product of two matrices, rows x inner times inner x columns, each stored row by row or transposed. */
export interface Product {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** c = a b. Addresses of float32 data; not both may be transposed, and a transposed `a` takes no epilogue. */
export function multiplyMatrices(
  heap: Heap,
  product: Product,
  a: number,
  b: number,
  c: number,
  epilogue: Epilogue = {},
): void {
  if (product.transposeA) multiplyTransposed(heap, product, a, b, c);
  else multiply(heap, product, a, b, c, epilogue);
}

/** The rows of `a` are the pixels of a 1 x 1 convolution with `inner` channels. */
function multiply(heap: Heap, product: Product, a: number, b: number, c: number, epilogue: Epilogue): void {
  const { rows, inner, columns, transposeB } = product;
  const { kernels } = heap;
  const padded = Math.ceil(columns / 8) * 8;
  const panels = heap.scratch(padded * inner);
  kernels.packPanels(b, panels, 1, 1, inner, columns, 0, 0, transposeB ? 1 : columns, transposeB ? inner : 1);
  const bias = heap.zeros(padded);
  if (epilogue.bias !== undefined) kernels.placeImage(epilogue.bias, bias, 1, 1, columns, 0, 0, 1, 1, columns);
  kernels.correlate(
    a,
    inner * 4,
    0,
    1,
    0,
    1,
    0,
    inner,
    panels,
    bias,
    epilogue.clamp ?? false,
    c,
    columns * 4,
    0,
    1,
    rows,
    columns,
    heap.scratch(8),
  );
}

/** The rows of `a` and `b` are positions, as in the filter's gradient of a 1 x 1 convolution. */
function multiplyTransposed(heap: Heap, { rows, inner, columns }: Product, a: number, b: number, c: number): void {
  const { kernels } = heap;
  const paddedRows = Math.ceil(rows / 4) * 4;
  const paddedColumns = Math.ceil(columns / 8) * 8;
  const frame = (address: number, channels: number, spread: number): number =>
    frameImages(
      heap,
      { address, count: 1, height: 1, width: inner, channels },
      { top: 0, left: 0, height: 1, width: inner, channels: spread },
    ).at(0);
  const [aRow, bRow] = [spreadChannels(rows, 4), spreadChannels(columns, 8)];
  const [left, right] = [frame(a, rows, aRow), frame(b, columns, bRow)];
  const direct = paddedRows === rows && paddedColumns === columns;
  const sum = direct ? c : heap.scratch(paddedRows * paddedColumns);
  kernels.clear(sum, paddedRows * paddedColumns * 4);
  for (let first = 0; first < inner; first += FEWEST_POSITIONS) {
    kernels.filterGradient(
      left + first * aRow * 4,
      aRow * 4,
      0,
      0,
      0,
      0,
      paddedRows,
      right + first * bRow * 4,
      bRow * 4,
      0,
      0,
      1,
      1,
      Math.min(FEWEST_POSITIONS, inner - first),
      paddedColumns,
      1,
      1,
      sum,
      1,
    );
  }
  if (!direct) kernels.unpadFilter(sum, c, 1, rows, columns, paddedRows, paddedColumns);
}
