import type { SafetensorsTensor } from '@espalier/core';
import { InvalidTensorError } from '../framework-errors.js';
import { isStored } from './decoded.js';
import type { TorchTensor, TorchTensors } from './torch-tensor.js';

/**
 * Last parts of names of the tensors that quantizers write beside 8-bit weights: after the weight's own name
 * (`weight_scale`, `weight.absmax`) or beside it (`scale`, `SCB`).
 */
const besideWeights = /^(scales?|scale_inv|zero_?points?|zeros|SCB|absmax|quant_map|quant_state.*|g_idx)$/i;

/**
 * Refuses 8-bit integers in the place of weights if they stand for other numbers: signed ones always, since only
 * quantized networks have such weights, and unsigned ones if a scale or a zero point is stored beside them.
 *
 * @throws {InvalidTensorError} Saying which type they have and what to save instead.
 */
export function requireWeights(source: string, tensor: TorchTensor | SafetensorsTensor, all: TorchTensors): void {
  if (!isStored(tensor) || (tensor.dtype !== 'I8' && tensor.dtype !== 'U8')) return;
  if (tensor.dtype === 'U8' && !hasScale(source, all)) return;
  const reason = `its values are of type ${tensor.dtype}, as in a quantized network, and stand for other numbers`;
  throw new InvalidTensorError('torch', source, `${reason}; save the network as it was before it was quantized`);
}

function hasScale(source: string, all: TorchTensors): boolean {
  const module = source.slice(0, source.lastIndexOf('.') + 1);
  return [...all].some(([name]) => {
    if (typeof name !== 'string' || name === source || !name.startsWith(module)) return false;
    const own = name.startsWith(source) ? name.slice(source.length).replace(/^[._]/, '') : name.slice(module.length);
    return besideWeights.test(own);
  });
}
