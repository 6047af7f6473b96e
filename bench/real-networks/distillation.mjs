/**
 * What the rows with distillation learn from: the dense network that was fine-tuned on the same task with the same
 * seed. They begin with its weights, and learn its predictions and the outputs of its blocks besides the labels.
 */

/** Weights in the loss of predictions and features, and the temperature. One run on held-out images had them. */
export const distillation = { weight: 0.5, temperature: 2, features: 4 };

/**
 * Option `distillation` of `train`.
 *
 * @param {import('@tensorflow/tfjs-layers').LayersModel} teacher
 */
export function distillationFrom(teacher) {
  const { weight, temperature, features } = distillation;
  return { teacher, weight, temperature, features: { layers: blockEnds(teacher), weight: features } };
}

/** Layers at which the blocks of EfficientNet-Lite end, and the last one before the pooling. */
function blockEnds({ layers }) {
  const last = new Map(); // later layers of a block take the place of earlier ones
  for (const { name } of layers) {
    const block = /^blocks_\d+_\d+/.exec(name)?.[0];
    if (block !== undefined) last.set(block, name);
  }
  return [...last.values(), 'bn2_relu6'];
}
