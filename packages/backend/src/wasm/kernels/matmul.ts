import type { NamedAttrMap, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { util } from '@tensorflow/tfjs-core';
import type { Epilogue } from '../convolution/convolve.js';
import { multiplyMatrices, type Product } from '../convolution/multiply-matrices.js';
import type { Heap } from '../module/heap.js';
import { compose, finish, tensorOf } from './compose.js';
import { epilogueOf } from './epilogue.js';
import { input, type Kernel } from './kernel.js';
import { losesNan } from './xnnpack.js';

/** Below this many rows, packing the right-hand matrix costs more than it saves; XNNPACK keeps its own packed copy. */
const FEWEST_ROWS = 32;

/** The same where TensorFlow.js' own kernel is not XNNPACK's but a plain loop. */
const FEWEST_TRANSPOSED_ROWS = 4;

/** Products of matrices. TensorFlow.js' own takes a slow path when an operand is transposed, as in every gradient. */
export const batchMatMul: Kernel = {
  name: 'BatchMatMul',
  run: (heap, inputs, attributes) => product(heap, inputs, attributes, {}),
};

/** Products of matrices with bias and activation; activations other than linear and ReLU stay TensorFlow.js' own. */
export const fusedMatMul: Kernel = {
  name: '_FusedMatMul',
  run(heap, inputs, attributes) {
    const { activation, transposeA, transposeB } = attributes;
    const fused = transposeA !== true && (activation === 'linear' || activation === 'relu');
    const epilogue =
      fused && epilogueOf(heap, inputs.bias, productShape(inputs, attributes).columns, activation === 'relu');
    const own = epilogue ? product(heap, inputs, attributes, epilogue) : undefined;
    // TensorFlow.js' own adds the bias to the wrong places where a matrix is transposed, and its ReLUs make 0 of NaN.
    if (own === undefined && (transposeA === true || transposeB === true || losesNan(activation))) {
      return compose(() => {
        const y = tf.matMul(tensorOf(inputs, 'a'), tensorOf(inputs, 'b'), transposeA === true, transposeB === true);
        return finish(y, inputs, attributes as { activation?: string; leakyreluAlpha?: number });
      });
    }
    return own;
  },
};

function product(
  heap: Heap,
  inputs: NamedTensorInfoMap,
  attributes: NamedAttrMap,
  epilogue: Epilogue,
): TensorInfo | undefined {
  const a = input(inputs, 'a');
  const b = input(inputs, 'b');
  const shape = productShape(inputs, attributes);
  const batchShape = a.shape.slice(0, -2);
  if (a.dtype !== 'float32' || b.dtype !== 'float32') return undefined;
  if (!util.arraysEqual(batchShape, b.shape.slice(0, -2))) return undefined;
  const fewest = shape.transposeA || shape.transposeB ? FEWEST_TRANSPOSED_ROWS : FEWEST_ROWS;
  if (shape.rows < fewest || (shape.transposeA && shape.transposeB)) return undefined;
  const c = heap.output([...batchShape, shape.rows, shape.columns]);
  const [left, right, target] = [heap.address(a), heap.address(b), heap.address(c)];
  for (let i = 0; i < util.sizeFromShape(batchShape); i++) {
    multiplyMatrices(
      heap,
      shape,
      left + i * shape.rows * shape.inner * 4,
      right + i * shape.inner * shape.columns * 4,
      target + i * shape.rows * shape.columns * 4,
      epilogue,
    );
  }
  return c;
}

function productShape(inputs: NamedTensorInfoMap, attributes: NamedAttrMap): Product {
  const transposeA = attributes.transposeA === true;
  const transposeB = attributes.transposeB === true;
  const [aLast, aNext] = lastTwo(input(inputs, 'a'));
  const [bLast, bNext] = lastTwo(input(inputs, 'b'));
  return {
    rows: transposeA ? aLast : aNext,
    inner: transposeA ? aNext : aLast,
    columns: transposeB ? bNext : bLast,
    transposeA,
    transposeB,
  };
}

function lastTwo({ shape }: TensorInfo): [number, number] {
  return [shape.at(-1) ?? 1, shape.at(-2) ?? 1];
}
