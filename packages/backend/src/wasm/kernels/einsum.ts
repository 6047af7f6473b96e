import * as tf from '@tensorflow/tfjs-core';
import { compose } from './compose.js';
import type { Kernel } from './kernel.js';

/** Einstein sums of one tensor or two, which tfjs-backend-wasm lacks: a product of matrices between transposes. */
export const einsum: Kernel = {
  name: 'Einsum',
  run(_heap, inputs, attributes) {
    const tensors = Object.values(inputs) as tf.Tensor[];
    const { equation } = attributes as { equation: string };
    const { allDims, idDims } = tf.backend_util.decodeEinsumEquation(equation, tensors.length);
    tf.backend_util.checkEinsumDimSizes(allDims.length, idDims, tensors);
    const kept = allDims.length - tf.backend_util.decodeEinsumEquation(equation, tensors.length).summedDims.length;
    const out = allDims.map((_, dimension) => dimension).slice(0, kept);
    return compose(() => {
      const [a, b] = tensors.map((tensor, i) => sumUnshared(tensor, idDims, i, out));
      if (a === undefined) throw new Error(`There is no tensor for "${equation}".`);
      return b === undefined ? arrange(a, out) : product(a, b, out);
    });
  },
};

/** A tensor and which dimension of the equation each of its axes is. */
interface Named {
  readonly tensor: tf.Tensor;
  readonly dimensions: readonly number[];
}

/** Sums over the axes that neither the other tensor nor the output has. */
function sumUnshared(tensor: tf.Tensor, all: readonly number[][], own: number, out: readonly number[]): Named {
  const dimensions = all[own] ?? [];
  const others = all.filter((_, i) => i !== own).flat();
  const alone = dimensions.map(dimension => !out.includes(dimension) && !others.includes(dimension));
  const axes = alone.flatMap((isAlone, axis) => (isAlone ? [axis] : []));
  return {
    tensor: axes.length === 0 ? tensor.clone() : tf.sum(tensor, axes),
    dimensions: dimensions.filter((_, axis) => !alone[axis]),
  };
}

function arrange({ tensor, dimensions }: Named, order: readonly number[]): tf.Tensor {
  return tf.transpose(
    tensor,
    order.map(dimension => dimensions.indexOf(dimension)),
  );
}

/**
 * Shared dimensions that stay are a batch of matrices, those that go are the inner side, all others rows and columns.
 */
function product(a: Named, b: Named, out: readonly number[]): tf.Tensor {
  const shared = a.dimensions.filter(dimension => b.dimensions.includes(dimension));
  const batch = shared.filter(dimension => out.includes(dimension));
  const inner = shared.filter(dimension => !out.includes(dimension));
  const rows = a.dimensions.filter(dimension => !shared.includes(dimension));
  const columns = b.dimensions.filter(dimension => !shared.includes(dimension));
  const size = (from: Named, some: readonly number[]): number[] =>
    some.map(dimension => from.tensor.shape[from.dimensions.indexOf(dimension)] ?? 1);
  const count = (from: Named, some: readonly number[]): number => tf.util.sizeFromShape(size(from, some));
  const left = tf.reshape(arrange(a, [...batch, ...rows, ...inner]), [
    count(a, batch),
    count(a, rows),
    count(a, inner),
  ]);
  const right = tf.reshape(arrange(b, [...batch, ...inner, ...columns]), [
    count(b, batch),
    count(b, inner),
    count(b, columns),
  ]);
  const tensor = tf.reshape(tf.matMul(left, right), [...size(a, batch), ...size(a, rows), ...size(b, columns)]);
  return arrange({ tensor, dimensions: [...batch, ...rows, ...columns] }, out);
}
