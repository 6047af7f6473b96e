import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import type { TensorflowBackend } from './tensorflow-backend.js';

/** ReLU's gradient by TensorFlow's own operation, where tfjs-node runs a chain of comparisons and a product. */
export const reluGradient: KernelFunc = call => {
  const { dy, x } = call.inputs as Readonly<Record<'dy' | 'x', TensorInfo>>;
  const backend = call.backend as TensorflowBackend;
  const { TF_ATTR_TYPE, TF_FLOAT } = backend.binding;
  return backend.executeSingleOutput('ReluGrad', [{ name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT }], [dy, x]);
};
