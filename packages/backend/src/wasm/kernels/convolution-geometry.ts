import { backend_util, type NamedAttrMap } from '@tensorflow/tfjs-core';

type Shape4 = [number, number, number, number];
type Pair = [number, number];

/** The attributes of a two-dimensional convolution, as the ops pass them. */
interface ConvolutionAttributes {
  readonly strides: Pair | number;
  readonly pad: 'same' | 'valid' | number | backend_util.ExplicitPadding;
  readonly dilations?: Pair | number | null;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly dataFormat?: 'NHWC' | 'NCHW';
}

/** Whether the tensors have their channels last. */
export function channelsLast(attributes: NamedAttrMap): boolean {
  const { dataFormat } = attributes as unknown as ConvolutionAttributes;
  return dataFormat === undefined || dataFormat === null || dataFormat === 'NHWC';
}

/** Sizes, strides and padding of a convolution from an input of `inputShape` with a filter of `filterShape`. */
export function geometry(
  inputShape: readonly number[],
  filterShape: readonly number[],
  attributes: NamedAttrMap,
  depthwise = false,
): backend_util.Conv2DInfo {
  const { strides, pad, dilations, dimRoundingMode } = attributes as unknown as ConvolutionAttributes;
  return backend_util.computeConv2DInfo(
    inputShape as Shape4,
    filterShape as Shape4,
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    depthwise,
  );
}

/** Bytes of one image before a convolution or pooling. */
export function inputBytes(info: backend_util.Conv2DInfo): number {
  return info.inHeight * info.inWidth * info.inChannels * 4;
}

/** Bytes of one image after it. */
export function outputBytes(info: backend_util.Conv2DInfo): number {
  return info.outHeight * info.outWidth * info.outChannels * 4;
}
