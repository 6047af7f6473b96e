import type { DataId, TensorInfo } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { batchNormGradient, batchNormTraining } from './batch-norm.js';
import { reluGradient } from './relu-gradient.js';
import type { OperationAttribute, TensorflowBackend } from './tensorflow-backend.js';

interface Call {
  readonly operation: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly inputs: readonly DataId[];
}

/** A backend that computes nothing, but notes what it is asked and which data is still held. */
class Recorder implements TensorflowBackend {
  readonly binding = { TF_ATTR_TYPE: 1, TF_ATTR_FLOAT: 2, TF_ATTR_BOOL: 3, TF_ATTR_STRING: 4, TF_FLOAT: 5 };
  readonly calls: Call[] = [];
  readonly held = new Set<DataId>();
  readonly written = new Map<DataId, number[]>();

  tensor(shape: number[]): TensorInfo {
    const dataId = {};
    this.held.add(dataId);
    return { dataId, shape, dtype: 'float32' };
  }

  executeSingleOutput(operation: string, attributes: OperationAttribute[], inputs: TensorInfo[]): TensorInfo {
    return this.executeMultipleOutputs(operation, attributes, inputs, 1)[0]!;
  }

  executeMultipleOutputs(
    operation: string,
    attributes: OperationAttribute[],
    inputs: TensorInfo[],
    outputs: number,
  ): TensorInfo[] {
    this.calls.push({
      operation,
      attributes: Object.fromEntries(attributes.map(({ name, value }) => [name, value])),
      inputs: inputs.map(({ dataId }) => dataId),
    });
    return Array.from({ length: outputs }, () => this.tensor([3]));
  }

  write(values: Float32Array, shape: number[]): DataId {
    const { dataId } = this.tensor(shape);
    this.written.set(dataId, [...values]);
    return dataId;
  }

  disposeData(dataId: DataId): boolean {
    return this.held.delete(dataId);
  }
}

const attributes = { T: 5, U: 5, epsilon: 1e-3, data_format: 'NHWC', is_training: true };

it('normalizes in training mode, hands back the biased variance and keeps what the gradient reserves', () => {
  const backend = new Recorder();
  const [x, gamma, beta] = [backend.tensor([2, 2, 2, 3]), backend.tensor([3]), backend.tensor([3])];
  const outputs = batchNormTraining({ inputs: { x, gamma, beta }, backend, attrs: { epsilon: 1e-3 } }) as TensorInfo[];
  const [normalize, scale] = backend.calls;
  expect(normalize).toMatchObject({ operation: 'FusedBatchNormV3', attributes });
  expect(normalize!.inputs.slice(0, 3)).toEqual([x.dataId, gamma.dataId, beta.dataId]);
  expect(backend.written.get(normalize!.inputs[3]!)).toEqual([]);
  // 2 * 2 * 2 = 8 rows: TensorFlow divides by 7, tfjs by 8.
  expect(scale!.operation).toBe('Mul');
  expect(backend.written.get(scale!.inputs[1]!)).toEqual([7 / 8]);
  expect(outputs).toHaveLength(6);
  expect(backend.held).toEqual(new Set([x, gamma, beta, ...outputs].map(({ dataId }) => dataId)));
});

it('differentiates with what the forward pass reserved and frees what nobody reads', () => {
  const backend = new Recorder();
  const names = ['dy', 'x', 'gamma', 'reserve0', 'reserve1', 'reserve2'];
  const inputs = Object.fromEntries(names.map(name => [name, backend.tensor([3])]));
  const outputs = batchNormGradient({ inputs, backend, attrs: { epsilon: 1e-3 } }) as TensorInfo[];
  expect(backend.calls).toEqual([
    { operation: 'FusedBatchNormGradV3', attributes, inputs: names.map(name => inputs[name]!.dataId) },
  ]);
  expect(outputs).toHaveLength(3);
  expect(backend.held).toEqual(new Set([...Object.values(inputs), ...outputs].map(({ dataId }) => dataId)));
});

it('gives the gradient of ReLU by one operation', () => {
  const backend = new Recorder();
  const [dy, x] = [backend.tensor([4]), backend.tensor([4])];
  reluGradient({ inputs: { dy, x }, backend });
  expect(backend.calls).toEqual([{ operation: 'ReluGrad', attributes: { T: 5 }, inputs: [dy.dataId, x.dataId] }]);
});
