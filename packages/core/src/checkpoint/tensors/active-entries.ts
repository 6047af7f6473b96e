/** Number of active entries of a mask. */
export function countActive(mask: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < mask.length; at++) count += mask[at]!;
  return count;
}

/** The same memory as unsigned integers, through which NaN payloads and -0 pass unharmed. */
function bitsOf(values: Float32Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.length);
}

/** Active entries in row-major order. */
export function gatherActive(values: Float32Array, mask: Uint8Array): Float32Array {
  const active = new Float32Array(countActive(mask));
  const source = bitsOf(values);
  const target = bitsOf(active);
  let next = 0;
  for (let at = 0; at < mask.length; at++) {
    if (mask[at] === 1) target[next++] = source[at]!;
  }
  return active;
}

/** The dense tensor that {@link gatherActive} read, with `fill` at every masked entry. */
export function scatterActive(active: Float32Array, mask: Uint8Array, fill: number): Float32Array {
  const values = new Float32Array(mask.length);
  if (Math.fround(fill) !== 0) values.fill(fill);
  const source = bitsOf(active);
  const target = bitsOf(values);
  let next = 0;
  for (let at = 0; at < mask.length; at++) {
    if (mask[at] === 1) target[at] = source[next++]!;
  }
  return values;
}

/** Index of the first masked entry that does not equal `expected` (-0 equals 0), or -1. */
export function findMaskedOff(values: Float32Array, mask: Uint8Array, expected: number): number {
  const value = Math.fround(expected);
  for (let at = 0; at < mask.length; at++) {
    if (mask[at] === 0 && values[at] !== value) return at;
  }
  return -1;
}
