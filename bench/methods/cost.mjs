/**
 * Training cost in the manner of RigL's appendix (docs/methods/rigl.md, Training cost): forward and backward pass of a
 * step cost 3 f, with f the multiply-accumulates of a forward pass under the masks of that step; a step that needs the
 * gradient of masked entries too costs 2 f + f_dense. The gradients of WoodFisher's estimate cost 3 f each.
 * Normalization, biases, mask updates and evaluations are left out. The unit is one run of the dense network with the
 * same number of steps, so 1 is "as dense".
 */

/** Multiply-accumulates of one image in each prunable layer, by the weight's name. */
function macsOf(model, weights) {
  const places = new Map();
  for (const layer of model.layers) {
    const shape = [layer.outputShape].flat();
    const outputs = shape.length === 4 ? shape[1] * shape[2] : 1;
    for (const weight of layer.weights) places.set(weight.originalName, outputs);
  }
  const prunable = weights.filter(weight => weight.prunable);
  return new Map(prunable.map(({ name, variable }) => [name, variable.size * (places.get(name) ?? 1)]));
}

const fractionOf = mask => mask.reduce((sum, bit) => sum + bit, 0) / mask.length;

/**
 * Adds up the cost of a run. Call `masksChanged` after every change, the others when the step they belong to has run.
 */
export function costMeter(model, weights, { steps, batchSize }) {
  const macs = macsOf(model, weights);
  const dense = [...macs.values()].reduce((sum, value) => sum + value, 0);
  let forward = 1;
  let total = 0;
  return {
    /** Fraction of the dense network's multiply-accumulates that an image takes now. */
    get forward() {
      return forward;
    },
    /** Cost so far, in dense runs. */
    get total() {
      return total;
    },
    masksChanged(masks) {
      let sum = 0;
      for (const [name, value] of macs) sum += value * (masks.has(name) ? fractionOf(masks.get(name)) : 1);
      forward = sum / dense;
    },
    step(needsDenseGradient) {
      total += (needsDenseGradient ? 2 * forward + 1 : 3 * forward) / (3 * steps);
    },
    gradients(count, images) {
      total += (count * (images / batchSize) * forward) / steps;
    },
  };
}
