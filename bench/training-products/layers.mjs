/** The layer shapes of ResNet-50 with stride 1: `[outputs, inputs, size of the image, size of the kernel]`. */
const SHAPES = [
  [64, 256, 56, 1],
  [256, 64, 56, 1],
  [128, 512, 28, 1],
  [512, 128, 28, 1],
  [256, 1024, 14, 1],
  [1024, 256, 14, 1],
  [512, 2048, 7, 1],
  [2048, 512, 7, 1],
  [64, 64, 56, 3],
  [128, 128, 28, 3],
  [256, 256, 14, 3],
  [512, 512, 7, 3],
];

/** What is measured, in the order of the tables. */
export const layers = SHAPES.map(([outputs, inputs, image, size]) => ({
  name: `${inputs} → ${outputs}, ${size} × ${size}, at ${image} × ${image}`,
  outputs,
  inputs,
  image,
  size,
}));

/** Multiply-accumulates of one product without zeros. */
export function multiplyAccumulates({ outputs, inputs, image, size }, batch) {
  return outputs * inputs * size * size * image * image * batch;
}
