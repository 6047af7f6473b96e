import * as tfc from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Array32 } from './run-onnx.js';

export type { Array32 } from './run-onnx.js';

/** Numbers that are the same in every run, from -2 to 2. */
export function numbers(size: number, seed: number): Float32Array {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return Float32Array.from({ length: size }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 32) * 4 - 2;
  });
}

/** Gives every weight numbers; those of variances are above 0. */
export function fillWeights(model: LayersModel, seed: number): void {
  for (const [index, weight] of model.weights.entries()) {
    const shape = weight.shape as number[];
    const size = shape.reduce((product, side) => product * side, 1);
    const fanIn = Math.max(1, size / (shape.at(-1) ?? 1));
    const isVariance = weight.originalName.endsWith('moving_variance');
    const values = numbers(size, seed + index).map(value =>
      isVariance ? 0.5 + value * value : value / Math.sqrt(fanIn),
    );
    const tensor = tfc.tensor(values, shape);
    weight.write(tensor);
    tensor.dispose();
  }
}

/** What the model computes of inputs, by its names of outputs. */
export async function predict(model: LayersModel, inputs: readonly Array32[]): Promise<Record<string, Array32>> {
  const xs = inputs.map(({ values, shape }) => tfc.tensor(values, [...shape]));
  const outputs = [model.predict(xs.length === 1 ? (xs[0] as tfc.Tensor) : xs)].flat();
  const results = await Promise.all(
    outputs.map(async output => ({ values: (await output.data()) as Float32Array, shape: output.shape })),
  );
  tfc.dispose([...xs, ...outputs]);
  return Object.fromEntries(
    model.outputs.map(({ sourceLayer }, index) => [sourceLayer.name, results[index] as Array32]),
  );
}

/** Inputs of a model, of a batch of so many. */
export function inputsOf(model: LayersModel, batch: number, seed = 5): Record<string, Array32> {
  return Object.fromEntries(
    model.inputs.map(({ shape: [, ...sides], sourceLayer }, index) => {
      const shape = [batch, ...sides.map(side => side ?? 7)];
      const size = shape.reduce((product, side) => product * side, 1);
      return [sourceLayer.name, { values: numbers(size, seed + index), shape }];
    }),
  );
}

/** The largest difference, as a fraction of the largest value or of 1. */
export function difference(left: Array32 | undefined, right: Array32 | undefined): number {
  if (!left || !right || left.shape.join() !== right.shape.join()) return Infinity;
  const scale = Math.max(1, ...right.values.map(Math.abs));
  return Math.max(0, ...left.values.map((value, i) => Math.abs(value - (right.values[i] as number)) / scale));
}

/** Disposes a model, of networks inside it too, which TensorFlow.js keeps if they are called twice. */
export function disposable(model: LayersModel): { dispose(): void } {
  const variables = model.weights.map(weight => weight.read());
  return {
    dispose: () => {
      model.dispose();
      tfc.dispose(variables);
    },
  };
}
