import type { backend_util } from '@tensorflow/tfjs-core';

type Window = Pick<
  backend_util.Conv2DInfo,
  | 'inHeight'
  | 'inWidth'
  | 'outHeight'
  | 'outWidth'
  | 'strideHeight'
  | 'strideWidth'
  | 'effectiveFilterHeight'
  | 'effectiveFilterWidth'
  | 'padInfo'
>;

/**
 * Whether XNNPACK, on which TensorFlow.js' own kernels rest, computes as many rows and columns as TensorFlow.js
 * reserves room for. With a numeric padding, TensorFlow.js takes filter and stride for square; XNNPACK then writes
 * beyond the output. Nor is it right where a stride steps over the filter: there it gives zeros.
 */
export function suitsXnnpack(info: Window): boolean {
  const { padInfo, strideHeight, strideWidth, effectiveFilterHeight, effectiveFilterWidth } = info;
  if (info.outHeight < 1 || info.outWidth < 1) return false;
  if (strideHeight > effectiveFilterHeight || strideWidth > effectiveFilterWidth) return false;
  if (padInfo.type === 'SAME') return true;
  const rows = Math.floor((info.inHeight + padInfo.top + padInfo.bottom - effectiveFilterHeight) / strideHeight) + 1;
  const columns = Math.floor((info.inWidth + padInfo.left + padInfo.right - effectiveFilterWidth) / strideWidth) + 1;
  return rows === info.outHeight && columns === info.outWidth;
}

/** Whether XNNPACK makes this activation of a fused kernel by clamping, in which it makes the lower limit of NaN. */
export const losesNan = (activation: unknown): boolean => activation === 'relu' || activation === 'relu6';
