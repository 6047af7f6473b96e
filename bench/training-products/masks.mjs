import { keepRandom, uniformNumbers } from '../inference/networks/random.mjs';

/** Spread (standard deviation of the logarithm) of the channels' scales of uneven masks. */
const SPREAD = 0.5;

/**
 * A mask that keeps `round(density * size)` entries: `random` anywhere with equal chances; `uneven` the largest of
 * random weights whose input and output channels have scales of their own, so that channels keep very different
 * numbers, as trained networks do.
 */
export function makeMask(kind, { outputs, inputs, size }, density) {
  const entries = size * size * inputs * outputs;
  const count = Math.round(entries * density);
  const random = uniformNumbers(7919);
  if (kind === 'random') {
    const mask = new Float32Array(entries).fill(1);
    keepRandom(mask, count, random);
    return mask;
  }
  const [rows, columns] = [inputs, outputs].map(length =>
    Float32Array.from({ length }, () => Math.exp(SPREAD * normal(random))),
  );
  const magnitudes = Float32Array.from({ length: entries }, (_, index) => {
    const output = index % outputs;
    const input = Math.floor(index / outputs) % inputs;
    return Math.abs(normal(random)) * rows[input] * columns[output];
  });
  const threshold = magnitudes.toSorted()[entries - count];
  return magnitudes.map(magnitude => (magnitude >= threshold ? 1 : 0));
}

/** How unevenly a mask is spread over the outputs: the largest and smallest number kept, divided by the mean. */
export function unevenness(mask, outputs) {
  const counts = new Float64Array(outputs);
  mask.forEach((kept, index) => {
    counts[index % outputs] += kept;
  });
  const mean = counts.reduce((sum, count) => sum + count, 0) / outputs;
  return [Math.min(...counts) / mean, Math.max(...counts) / mean].map(ratio => Number(ratio.toFixed(2)));
}

/** A normally distributed number (Box and Muller). */
function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
