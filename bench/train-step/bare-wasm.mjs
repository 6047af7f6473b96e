import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';

/**
 * tfjs-backend-wasm as it comes, plus the least that lets it train a convolution: the filter's gradient out of its own
 * kernels, one product of matrices per tap. This is what users put together by hand today.
 */
export async function useBareWasm() {
  const manifest = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json');
  setWasmPaths(join(dirname(manifest), 'dist') + sep);
  await tf.setBackend('wasm');
  await tf.ready();
  tf.registerKernel({ kernelName: 'Conv2DBackpropFilter', backendName: 'wasm', kernelFunc: filterGradient });
  return {
    name: 'wasm',
    tfjsVersion: tf.version_core,
    trainingKernels: ['Conv2DBackpropFilter (one product per tap)'],
  };
}

function filterGradient({ inputs: { x, dy }, attrs, backend }) {
  const run = (kernel, kernelInputs, kernelAttrs) =>
    tf.getKernel(kernel, 'wasm').kernelFunc({ inputs: kernelInputs, attrs: kernelAttrs, backend });
  const free = tensor => backend.disposeData(tensor.dataId);
  const info = tf.backend_util.computeConv2DInfo(
    x.shape,
    attrs.filterShape,
    attrs.strides,
    1,
    attrs.pad,
    attrs.dimRoundingMode,
  );
  const { top, bottom, left, right } = info.padInfo;
  const paddings = [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
  const padded = run('PadV2', { x }, { paddings, constantValue: 0 });
  const positions = info.batchSize * info.outHeight * info.outWidth;
  const outputs = { dataId: dy.dataId, dtype: dy.dtype, shape: [1, positions, info.outChannels] };
  const taps = [];
  for (let row = 0; row < info.filterHeight; row++) {
    for (let column = 0; column < info.filterWidth; column++) {
      const end = [
        info.batchSize,
        row + (info.outHeight - 1) * info.strideHeight + 1,
        column + (info.outWidth - 1) * info.strideWidth + 1,
        info.inChannels,
      ];
      const seen = run(
        'StridedSlice',
        { x: padded },
        {
          begin: [0, row, column, 0],
          end,
          strides: [1, info.strideHeight, info.strideWidth, 1],
          beginMask: 0,
          endMask: 0,
          ellipsisMask: 0,
          newAxisMask: 0,
          shrinkAxisMask: 0,
        },
      );
      const a = { dataId: seen.dataId, dtype: seen.dtype, shape: [1, positions, info.inChannels] };
      taps.push(run('BatchMatMul', { a, b: outputs }, { transposeA: true, transposeB: false }));
      free(seen);
    }
  }
  const joined = run('Concat', taps, { axis: 0 });
  for (const tap of taps) free(tap);
  free(padded);
  return { dataId: joined.dataId, dtype: joined.dtype, shape: attrs.filterShape };
}
