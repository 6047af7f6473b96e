import { inflateSync } from 'node:zlib';
import { EspalierError } from '@espalier/core';
import { DataTooLargeError, MalformedDataError } from '../../errors.js';
import { memoryBudget } from '../../memory-budget.js';
import { ElementReader, elementType, type MatElement } from './element-reader.js';
import { readMatrix } from './matrix.js';
import type { MatValue } from './value.js';

/** Names and limits for {@link parseMat}. */
export interface MatOptions {
  /** What to call the bytes in errors. */
  readonly source: string;
  /** Bytes of memory for all arrays together, decompressed and read; 2^26 if left out. */
  readonly maximumMemory?: number;
}

const headerLength = 128;

/**
 * The arrays of a MAT-file of level 5 (MATLAB 5 to 7.2, `scipy.io.savemat`) by name: numbers, characters, structs and
 * cells, also compressed. Others are refused as malformed, as are files of level 4 and 7.3.
 *
 * The MathWorks, "MAT-File Format", 2019, chapter 1.
 */
export function parseMat(bytes: Uint8Array, options: MatOptions): Map<string, MatValue> {
  const { source, maximumMemory = 2 ** 26 } = options;
  const arrays = new Map<string, MatValue>();
  const budget = memoryBudget(maximumMemory);
  const reader = new ElementReader(
    bytes,
    { littleEndian: isLittleEndian(bytes, source), source, budget },
    headerLength,
  );
  while (reader.remaining > 0) {
    const element = inflated(reader.next('an array'), reader, maximumMemory);
    if (element.type !== elementType.matrix)
      reader.fail(`there is an element of type ${element.type} among the arrays`);
    const { name, value } = readMatrix(element.bytes, reader);
    arrays.set(name, value);
  }
  return arrays;
}

/** The header ends in a version and in "MI", which reads "IM" if bytes are to be swapped. */
function isLittleEndian(bytes: Uint8Array, source: string): boolean {
  const mark = Buffer.from(bytes.subarray(126, 128)).toString('latin1');
  const littleEndian = mark === 'IM';
  const version = littleEndian ? bytes[125] : bytes[124];
  if (version === 2) throw new MalformedDataError(source, 'a MAT-file of version 7.3, which is HDF5; save it with -v7');
  if ((littleEndian || mark === 'MI') && version === 1) return littleEndian;
  throw new MalformedDataError(source, 'not a MAT-file of level 5');
}

/**
 * A quarter of the memory is for decompressed bytes: they are held twice, and what is read of them is held beside them.
 */
function inflated(element: MatElement, outer: ElementReader, maximumMemory: number): MatElement {
  if (element.type !== elementType.compressed) return element;
  try {
    const bytes = inflateSync(element.bytes, { maxOutputLength: Math.max(1, Math.floor(maximumMemory / 4)) });
    outer.keep(2 * bytes.length);
    return new ElementReader(bytes, outer.context).next('a compressed array');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      throw new DataTooLargeError(outer.source, 'bytes of memory', maximumMemory, 'maximumMemory');
    }
    if (EspalierError.isInstance(error)) throw error;
    return outer.fail(`an array is compressed badly (${error instanceof Error ? error.message : String(error)})`);
  }
}
