/** The middle value. */
export function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

/** Largest difference relative to the largest magnitude of `expected`; NaN if any value is NaN. */
export function relativeError(actual, expected) {
  if (actual.length !== expected.length)
    throw new Error(`${actual.length} logits where ${expected.length} are expected.`);
  let [difference, scale] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    difference = Math.max(difference, Math.abs(actual[i] - expected[i]));
    scale = Math.max(scale, Math.abs(expected[i]));
  }
  return difference / scale;
}

export function round(value, digits = 2) {
  return Number(value.toFixed(digits));
}
