import type { Epilogue } from './convolve.js';
import { frameImages } from './frame.js';
import type { Heap } from './heap.js';

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
  // A power-of-two distance between rows would map a whole column to one set of the cache.
  const spread = rows % 256 === 0 ? 16 : 0;
  const paddedRows = Math.ceil(rows / 4) * 4 + spread;
  const paddedColumns = Math.ceil(columns / 8) * 8;
  const line = (address: number, channels: number, paddedChannels: number) =>
    frameImages(
      heap,
      { address, count: 1, height: 1, width: inner, channels },
      { top: 0, left: 0, height: 1, width: inner, channels: paddedChannels },
    ).at(0);
  const left = line(a, rows, paddedRows);
  const right = line(b, columns, paddedColumns);
  const usedRows = Math.ceil(rows / 4) * 4;
  const direct = usedRows === rows && paddedColumns === columns;
  const sum = direct ? c : heap.scratch(usedRows * paddedColumns);
  kernels.clear(sum, usedRows * paddedColumns * 4);
  kernels.filterGradient(left, paddedRows * 4, 0, 0, 0, usedRows, right, 1, inner, paddedColumns, 1, 1, sum, 1);
  if (!direct) kernels.unpadFilter(sum, c, 1, rows, columns, usedRows, paddedColumns);
}
