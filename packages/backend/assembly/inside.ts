/** First output position whose input position `out * stride + offset` is not negative. */
@inline
export function firstInside(offset: i32, stride: i32): i32 {
  return offset >= 0 ? 0 : (stride - 1 - offset) / stride;
}

/** One past the last output position, below `count`, whose input position is below `size`. */
@inline
export function endInside(offset: i32, stride: i32, size: i32, count: i32): i32 {
  return size <= offset ? 0 : min(count, (size - 1 - offset) / stride + 1);
}
