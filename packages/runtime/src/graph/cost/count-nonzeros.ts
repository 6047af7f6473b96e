/** Number of entries that are not 0; NaN is not. */
export function countNonzeros(values: Float32Array): number {
  let count = 0;
  for (let index = 0; index < values.length; index++) if (values[index] !== 0) count++;
  return count;
}
