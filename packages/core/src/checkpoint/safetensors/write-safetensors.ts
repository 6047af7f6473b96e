import { InvalidOptionError } from '../../errors/option-errors.js';
import { fail } from '../fail.js';
import { asName } from '../json/fields.js';
import { checkJsonText } from '../json/parse-json.js';
import { rankOf } from './dtype.js';
import { maximumHeaderBytes, maximumTensors } from './limits.js';
import { requireTensor } from './require-tensor.js';
import type { SafetensorsTensor } from './tensor.js';

const utf8 = new TextEncoder();

/**
 * Bytes of a safetensors file, laid out as the reference implementation lays them out: tensors by element type (64-bit
 * before 32-bit before 8-bit), then by name in byte order; compact JSON with `__metadata__` first; header padded with
 * spaces to a multiple of 8.
 *
 * The same tensors and metadata always give the same bytes.
 *
 * @param tensors - Tensors by name. Any well-formed name but `__metadata__`.
 * @param metadata - Texts for `__metadata__`, written in this order; left out when empty.
 * @returns A new array that shares no memory with the tensors.
 * @throws {@link ShapeMismatchError} if a tensor has not the bytes that its shape and element type need.
 * @throws {@link InvalidOptionError} if a tensor has not a known element type and a `Uint8Array`, is named
 *   `__metadata__`, or the header passes 100,000,000 bytes.
 * @throws {@link CorruptCheckpointError} if a name has lone surrogates, a shape is impossible, or there are over
 * 100,000 tensors.
 *
 * @example
 * ```ts
 * import { float32Tensor, writeSafetensors } from '@espalier/core';
 *
 * const bias = float32Tensor([3], Float32Array.of(1, 2, 3));
 * const bytes = writeSafetensors(new Map([['fc.bias', bias]]), new Map([['format', 'pt']]));
 * ```
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, SafetensorsTensor>,
  metadata: ReadonlyMap<string, string> = new Map(),
): Uint8Array {
  if (!(tensors instanceof Map)) throw new InvalidOptionError('tensors', tensors, 'a Map of tensors by name');
  if (!(metadata instanceof Map)) throw new InvalidOptionError('metadata', metadata, 'a Map of texts by name');
  if (tensors.size > maximumTensors) fail(`There are ${tensors.size} tensors, over the limit of ${maximumTensors}.`);
  const entries = inFileOrder(tensors);
  const members: string[] = [];
  if (metadata.size > 0) members.push(`"__metadata__":{${[...metadata].map(textMember).join(',')}}`);
  let offset = 0;
  for (const { name, tensor } of entries) {
    const { dtype, shape, bytes } = tensor;
    members.push(
      `${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [offset, offset + bytes.length] })}`,
    );
    offset += bytes.length;
  }
  const text = `{${members.join(',')}}`;
  checkJsonText(text, 'header');
  const header = utf8.encode(text);
  const padded = Math.ceil(header.length / 8) * 8;
  if (padded > maximumHeaderBytes) {
    throw new InvalidOptionError(
      'metadata',
      padded,
      `so small that the header stays within ${maximumHeaderBytes} bytes`,
    );
  }
  const file = new Uint8Array(8 + padded + offset);
  new DataView(file.buffer).setBigUint64(0, BigInt(padded), true);
  file.fill(0x20, 8, 8 + padded);
  file.set(header, 8);
  let at = 8 + padded;
  for (const { tensor } of entries) {
    file.set(tensor.bytes, at);
    at += tensor.bytes.length;
  }
  return file;
}

interface NamedTensor {
  readonly name: string;
  readonly key: Uint8Array;
  readonly tensor: SafetensorsTensor;
}

function inFileOrder(tensors: ReadonlyMap<string, SafetensorsTensor>): readonly NamedTensor[] {
  const entries = [...tensors].map(([name, tensor]) => {
    checkTensor(name, tensor);
    return { name, key: utf8.encode(name), tensor };
  });
  return entries.sort((a, b) => rankOf(b.tensor.dtype) - rankOf(a.tensor.dtype) || compareBytes(a.key, b.key));
}

function checkTensor(name: string, tensor: SafetensorsTensor): void {
  if (name === '__metadata__') throw new InvalidOptionError('tensors', name, 'named differently from the metadata');
  asName(name, 'name of a tensor');
  requireTensor(tensor, name);
}

function textMember([key, text]: [string, string]): string {
  return `${JSON.stringify(asName(key, 'name of a metadata entry'))}:${JSON.stringify(asName(text, `metadata "${key}"`))}`;
}

/** UTF-8 order, which differs from the order of JavaScript's UTF-16 strings beyond the basic plane. */
function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const difference = left[index]! - right[index]!;
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
