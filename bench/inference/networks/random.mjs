/** Uniform numbers in [0, 1) from a 32-bit seed (mulberry32): fast, and the same in Node, browsers and any process. */
export function uniformNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let z = Math.imul(state ^ (state >>> 15), state | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `length` numbers between −`limit` and `limit`. */
export function symmetric(length, limit, random) {
  return Float32Array.from({ length }, () => (2 * random() - 1) * limit);
}

/** Zeroes all but `count` entries, every choice of them equally likely (Knuth 3.4.2, algorithm S). */
export function keepRandom(values, count, random) {
  let wanted = count;
  for (let i = 0; i < values.length; i++) {
    if (random() * (values.length - i) < wanted) wanted--;
    else values[i] = 0;
  }
}
