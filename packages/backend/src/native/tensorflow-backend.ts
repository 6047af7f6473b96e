import type { DataId, DataType, TensorInfo } from '@tensorflow/tfjs-core';

/** An attribute of a TensorFlow operation, as the addon takes it. */
export interface OperationAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: number | boolean | string;
}

/** The parts of tfjs-node's backend that kernels use. */
export interface TensorflowBackend {
  readonly binding: {
    readonly TF_ATTR_TYPE: number;
    readonly TF_ATTR_FLOAT: number;
    readonly TF_ATTR_BOOL: number;
    readonly TF_ATTR_STRING: number;
    readonly TF_FLOAT: number;
  };
  executeSingleOutput(name: string, attributes: OperationAttribute[], inputs: TensorInfo[]): TensorInfo;
  executeMultipleOutputs(
    name: string,
    attributes: OperationAttribute[],
    inputs: TensorInfo[],
    outputs: number,
  ): TensorInfo[];
  write(values: Float32Array, shape: number[], dtype: DataType): DataId;
  disposeData(dataId: DataId): boolean;
}
