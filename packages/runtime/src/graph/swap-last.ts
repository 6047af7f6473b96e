/** Matrices of `[rows, columns]`, one after the other, as ones of `[columns, rows]`. */
export function swapLast(values: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(values.length);
  const size = rows * columns;
  for (let at = 0; at < values.length; at++) {
    const within = at % size;
    const row = Math.floor(within / columns);
    result[at - within + (within - row * columns) * rows + row] = values[at] as number;
  }
  return result;
}
