import { checkOptions } from '../../options/check-options.js';
import { requireBytes } from '../check-bytes.js';
import { fail, failOver, quote, show } from '../fail.js';
import { asArray, asInteger, asName, asObject } from '../json/fields.js';
import { parseJson } from '../json/parse-json.js';
import { asShape, sizeOf } from '../shape.js';
import { bytesOf, isDtype, type SafetensorsDtype } from './dtype.js';
import { type FileBytes, heldBytes, tensorIn } from './file-bytes.js';
import { foreignFormat } from './foreign-format.js';
import { maximumHeaderBytes, maximumTensors, type SafetensorsLimits, safetensorsLimitRules } from './limits.js';
import type { SafetensorsFile, SafetensorsTensor } from './tensor.js';

interface Entry {
  readonly name: string;
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/**
 * Tensors and metadata of a safetensors file, checked as strictly as the reference implementation checks them: header
 * within its limit and valid JSON without duplicate names, with white space of JSON around it as its writer likes;
 * known element types; tensors that cover the data exactly, without holes or overlaps; shapes that agree with byte
 * counts; no byte left over. Values are not looked at, so NaN passes.
 *
 * @param bytes - The whole file. Not modified; the result's tensors are views of it.
 * @param limits - Caps against hostile files, see {@link SafetensorsLimits}. Tensors of over 16 dimensions are refused.
 * @throws {@link CorruptCheckpointError} if the file breaks any rule, saying which and where; of a file that is known
 *   to be of another format (HDF5, zip, pickle, JSON, …) it says what it is and what reads it.
 * @throws {@link InvalidOptionError} if `bytes` is no view of bytes or a limit is not a number above 0, and
 *   {@link UnknownOptionError} if there is another limit.
 *
 * @example
 * ```ts
 * import { float32Tensor, float32Values, readSafetensors, writeSafetensors } from '@espalier/core';
 *
 * const bytes = writeSafetensors(new Map([['w', float32Tensor([2], Float32Array.of(1, 2))]]));
 * const w = readSafetensors(bytes).tensors.get('w');
 * if (w) console.log(w.shape, float32Values(w)); // [2] Float32Array [1, 2]
 * ```
 */
export function readSafetensors(bytes: Uint8Array, limits: SafetensorsLimits = {}): SafetensorsFile {
  requireBytes('bytes', bytes);
  return safetensorsIn(heldBytes(bytes), limits);
}

/** The same for a file that need not be in memory. */
export function safetensorsIn(file: FileBytes, limits: SafetensorsLimits): SafetensorsFile {
  checkOptions<SafetensorsLimits>(limits, safetensorsLimitRules);
  const headerBytes = headerLength(file, limits.headerBytes ?? maximumHeaderBytes);
  const tensorLimit = limits.tensors ?? maximumTensors;
  const header = parseHeader(file.read(8, 8 + headerBytes), tensorLimit);
  const start = 8 + headerBytes;
  const dataBytes = file.length - start;
  const tensors = new Map<string, SafetensorsTensor>();
  let metadata: ReadonlyMap<string, string> = new Map();
  const entries: Entry[] = [];
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') metadata = checkMetadata(value);
    else entries.push(checkEntry(name, value));
  }
  if (entries.length > tensorLimit) {
    failOver('tensors', `The file has ${entries.length} tensors, over the limit tensors of ${tensorLimit}.`);
  }
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let offset = 0;
  for (const { name, dtype, shape, begin, end } of entries) {
    if (begin !== offset) fail(`The data of ${quote(name)} begins at ${begin} instead of ${offset}.`);
    if (end > dataBytes) fail(`The data of ${quote(name)} ends at ${end}, but the file has ${dataBytes} data bytes.`);
    tensors.set(name, tensorIn(file, { dtype, shape }, [start + begin, start + end]));
    offset = end;
  }
  if (offset !== dataBytes) fail(`The file has ${dataBytes} data bytes, but its tensors need ${offset}.`);
  return { tensors, metadata };
}

function headerLength(file: FileBytes, maximum: number): number {
  if (file.length < 8) refuse(file, `The file has ${file.length} bytes, too few for a safetensors file.`);
  const first = file.read(0, 8);
  const length = new DataView(first.buffer, first.byteOffset, 8).getBigUint64(0, true);
  if (Number(length) > maximum) refuse(file, `The header claims ${length} bytes, over the limit of ${maximum}.`);
  if (length > BigInt(file.length - 8))
    refuse(file, `The header claims ${length} bytes, but the file has ${file.length} in all.`);
  if (firstLetter(file.read(8, 8 + Number(length))) !== 0x7b)
    refuse(file, 'The header does not start with "{", so this is not a safetensors file.');
  return Number(length);
}

/** The first byte of the header that is none of the four characters that JSON knows as white space. */
function firstLetter(header: Uint8Array): number | undefined {
  let position = 0;
  while (position < header.length && [0x20, 0x09, 0x0a, 0x0d].includes(header[position]!)) position++;
  return header[position];
}

/** Fails with what the file is, if that is known, else with the reason. */
function refuse(file: FileBytes, reason: string): never {
  const start = file.read(0, Math.min(file.length, 2 ** 16));
  return fail(foreignFormat(start)?.message ?? reason);
}

function parseHeader(bytes: Uint8Array, maximumTensorCount: number): object {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    return fail('The header is not valid UTF-8.', error);
  }
  return asObject(parseJson(text, 'header', maximumTensorCount + 1), 'header');
}

function checkMetadata(value: unknown): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const [key, text] of Object.entries(asObject(value, 'header entry "__metadata__"'))) {
    if (typeof text !== 'string') fail(`The metadata ${quote(key)} is ${show(text)}, but must be a string.`);
    texts.set(asName(key, 'name of a metadata entry'), asName(text, `metadata ${quote(key)}`));
  }
  return texts;
}

function checkEntry(name: string, value: unknown): Entry {
  const of = `of ${quote(asName(name, 'name of a tensor'))}`;
  const { dtype, shape: dimensions, data_offsets: offsets } = asObject(value, `header entry ${of}`);
  if (!isDtype(dtype)) return fail(`The dtype ${of} is ${show(dtype)}, which safetensors does not define.`);
  const shape = asShape(dimensions, `shape ${of}`);
  const expected = bytesOf(dtype, sizeOf(shape, `shape ${of}`));
  if (Number.isNaN(expected)) fail(`The shape ${of}, [${shape.join(', ')}], is no whole number of bytes in ${dtype}.`);
  const range = asArray(offsets, `data_offsets ${of}`);
  if (range.length !== 2) fail(`The data_offsets ${of} have ${range.length} numbers instead of 2.`);
  const begin = asInteger(range[0], `begin ${of}`, 0);
  const end = asInteger(range[1], `end ${of}`, 0);
  if (end - begin !== expected) {
    fail(`The data ${of} spans ${end - begin} bytes, but ${dtype} [${shape.join(', ')}] needs ${expected}.`);
  }
  return { name, dtype, shape, begin, end };
}
