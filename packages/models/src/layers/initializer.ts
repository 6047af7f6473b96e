import * as tf from '@tensorflow/tfjs-layers';

/** Variance of a standard normal cut off at two standard deviations: 1 − 4φ(2) / (2Φ(2) − 1). */
const truncatedVariance = 0.7737413035499232;

/** Whatever a layer accepts as an initializer. */
export type Initializer = ReturnType<typeof tf.initializers.varianceScaling>;

/**
 * Seed of one layer: 32-bit FNV-1a of the root seed and the layer's name, never 0 because tfjs takes a seed of 0 as
 * "none" and then draws from `Math.random`.
 */
export function layerSeed(seed: number, layer: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(`${seed}/${layer}`)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash === 0 ? 1 : hash;
}

/**
 * He's normal initializer: variance 2 / fan-in exactly, drawn from a normal cut off at two standard deviations. (tfjs's
 * own `heNormal` forgets that the cut lowers the variance by 23 %.)
 */
export function heNormal(seed: number, layer: string): Initializer {
  return scaled(2, seed, layer);
}

/**
 * He's normal initializer for a depthwise kernel `[height, width, channels, 1]`, whose outputs see one channel each.
 * (tfjs counts all channels into the fan-in of such a kernel.)
 */
export function depthwiseHeNormal(seed: number, layer: string, channels: number): Initializer {
  return scaled(2 * channels, seed, layer);
}

/** LeCun's normal initializer, variance 1 / fan-in: for the layer that gives the logits. */
export function leCunNormal(seed: number, layer: string): Initializer {
  return scaled(1, seed, layer);
}

function scaled(gain: number, seed: number, layer: string): Initializer {
  const scale = gain / truncatedVariance;
  return tf.initializers.varianceScaling({
    scale,
    mode: 'fanIn',
    distribution: 'normal',
    seed: layerSeed(seed, layer),
  });
}
