import { type KernelFunc, type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { OperationAttribute, TensorflowBackend } from './tensorflow-backend.js';

type Inputs<Name extends string> = Readonly<Record<Name, TensorInfo>>;

/**
 * Batch normalization in training by TensorFlow's `FusedBatchNormV3`. The variance is made tfjs' biased one, where
 * TensorFlow returns the unbiased one. cuDNN needs an epsilon of at least 1e-5.
 */
export const batchNormTraining: KernelFunc = call => {
  const { x, gamma, beta } = call.inputs as Inputs<'x' | 'gamma' | 'beta'>;
  const backend = call.backend as TensorflowBackend;
  // In training the operation estimates nothing from given statistics, and wants them empty.
  const none = constant(backend, [], [0]);
  const outputs = backend.executeMultipleOutputs(
    'FusedBatchNormV3',
    attributes(backend, call.attrs?.epsilon as number),
    [x, gamma, beta, none, none],
    6,
  );
  backend.disposeData(none.dataId);
  const [y, mean, unbiased, ...reserve] = outputs as [TensorInfo, TensorInfo, TensorInfo, ...TensorInfo[]];
  const rows = util.sizeFromShape(x.shape.slice(0, -1));
  const factor = constant(backend, [(rows - 1) / rows], []);
  const variance = backend.executeSingleOutput('Mul', [floatType(backend, 'T')], [unbiased, factor]);
  backend.disposeData(factor.dataId);
  backend.disposeData(unbiased.dataId);
  return [y, mean, variance, ...reserve];
};

/** Its gradients. */
export const batchNormGradient: KernelFunc = call => {
  const { dy, x, gamma, reserve0, reserve1, reserve2 } = call.inputs as Inputs<
    'dy' | 'x' | 'gamma' | 'reserve0' | 'reserve1' | 'reserve2'
  >;
  const backend = call.backend as TensorflowBackend;
  const [dx, dgamma, dbeta, ...unused] = backend.executeMultipleOutputs(
    'FusedBatchNormGradV3',
    attributes(backend, call.attrs?.epsilon as number),
    [dy, x, gamma, reserve0, reserve1, reserve2],
    5,
  ) as [TensorInfo, TensorInfo, TensorInfo, ...TensorInfo[]];
  for (const { dataId } of unused) backend.disposeData(dataId);
  return [dx, dgamma, dbeta];
};

function attributes(backend: TensorflowBackend, epsilon: number): OperationAttribute[] {
  const { binding } = backend;
  return [
    floatType(backend, 'T'),
    floatType(backend, 'U'),
    { name: 'epsilon', type: binding.TF_ATTR_FLOAT, value: epsilon },
    { name: 'data_format', type: binding.TF_ATTR_STRING, value: 'NHWC' },
    { name: 'is_training', type: binding.TF_ATTR_BOOL, value: true },
  ];
}

function floatType({ binding }: TensorflowBackend, name: string): OperationAttribute {
  return { name, type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };
}

function constant(backend: TensorflowBackend, values: number[], shape: number[]): TensorInfo {
  return { dataId: backend.write(Float32Array.from(values), shape, 'float32'), shape, dtype: 'float32' };
}
