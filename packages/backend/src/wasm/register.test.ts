import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { expectSameAsCpu, noiseTensor, startBackends } from '../../test/wasm-against-cpu.js';
import { WasmKernelsError } from './errors.js';
import { kernelsOf, prepareBackend } from './module/kernel-module.js';
import { registerWasmTrainingKernels, trainingKernels } from './register.js';
import type { WasmBackend } from './wasm-backend.js';

beforeAll(startBackends);

/** A matrix product and its gradient, which need our kernels. */
function trainOnce(): tf.Tensor {
  return tf.grad(x => tf.conv2d(x as tf.Tensor4D, noiseTensor([3, 3, 2, 4], 1) as tf.Tensor4D, 1, 'same'))(
    noiseTensor([1, 4, 4, 2], 2),
  );
}

it('registers each kernel once, however often it is called', async () => {
  const functions = () => trainingKernels.map(({ name }) => tf.getKernel(name, 'wasm').kernelFunc);
  const before = functions();
  await Promise.all([registerWasmTrainingKernels(), registerWasmTrainingKernels()]);
  expect(functions()).toEqual(before);
});

it('serves a backend that was removed and started again', async () => {
  await expectSameAsCpu(trainOnce);
  const factory = tf.findBackendFactory('wasm');
  await tf.setBackend('cpu');
  tf.removeBackend('wasm');
  tf.registerBackend('wasm', factory, 2);
  await expectSameAsCpu(trainOnce);
  // An activation that we leave to TensorFlow.js' own kernel, which must have been set up anew.
  const x = () => noiseTensor([1, 4, 4, 2], 2) as tf.Tensor4D;
  const filter = () => noiseTensor([3, 3, 2, 4], 1) as tf.Tensor4D;
  await expectSameAsCpu(() =>
    tf.fused.conv2d({ x: x(), filter: filter(), strides: 1, pad: 'same', activation: 'sigmoid' }),
  );
});

it('says what to do when the memory of TensorFlow.js cannot be reached', async () => {
  const threaded = { wasm: { asm: { main: () => 0 } } } as unknown as WasmBackend;
  expect(() => kernelsOf(threaded)).toThrow(WasmKernelsError);
  await expect(prepareBackend(threaded)).rejects.toThrow(/WASM_HAS_MULTITHREAD_SUPPORT/);
});

it('frees its scratch space, also when a kernel throws', async () => {
  await tf.setBackend('wasm');
  const { wasm } = tf.engine().backend as unknown as {
    wasm: { _malloc(bytes: number): number; _free(address: number): void };
  };
  const live = new Set<number>();
  const { _malloc: allocate, _free: free } = wasm;
  wasm._malloc = bytes => {
    const address = allocate(bytes);
    live.add(address);
    return address;
  };
  wasm._free = address => {
    live.delete(address);
    free(address);
  };
  try {
    tf.tidy(() => void trainOnce().dataSync());
    expect(() => tf.tidy(() => tf.slice(tf.tensor1d([1, 2, 3]), [2], [2]))).toThrow();
    expect(live.size).toBe(0);
  } finally {
    wasm._malloc = allocate;
    wasm._free = free;
  }
});
