import { type ElementReader, elementType, type MatElement } from './element-reader.js';
import { readNumbers } from './numbers.js';

/** Bytes that JavaScript takes, by and large, for a short text. */
const costOfText = 32;

/** Rows of characters, which are column-major, so that a row is every `rows`-th of them. */
export function readRows(reader: ElementReader, dimensions: readonly number[], count: number): string[] {
  const element = reader.next('characters');
  const rows = dimensions[0]!;
  // Characters outside the basic plane count as two in MATLAB, and UTF-8 may have been counted in bytes: a single row
  // is what it is.
  if (rows === 1) return [textOf(codesOf(element, reader))];
  const codes = codesOf(element, reader);
  if (codes.length !== count) reader.fail(`${dimensions.join('x')} characters, but there are ${codes.length}`);
  if (count === 0) return [];
  const columns = count / rows;
  reader.keep(rows * costOfText);
  return Array.from({ length: rows }, (_, row) =>
    textOf(Uint32Array.from({ length: columns }, (_, column) => codes[column * rows + row]!)),
  );
}

/** The text up to the first zero, of one byte a character. */
export function asciiOf({ bytes }: Pick<MatElement, 'bytes'>): string {
  const end = bytes.indexOf(0);
  return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end)).toString('latin1');
}

/** Numbers of the characters; four bytes for each, and two for its text. */
function codesOf({ type, bytes }: MatElement, reader: ElementReader): ArrayLike<number> {
  if (type === elementType.utf8) {
    reader.keep(bytes.length * 8);
    const text = new TextDecoder().decode(bytes);
    const codes = new Uint32Array(text.length);
    let length = 0;
    for (const character of text) codes[length++] = character.codePointAt(0)!;
    return codes.subarray(0, length);
  }
  const numberType = { [elementType.utf16]: 4, [elementType.utf32]: 6 }[type] ?? type;
  const codes = readNumbers({ type: numberType, bytes }, reader, 'characters');
  reader.keep(codes.length * 6);
  for (const code of codes) {
    if (!Number.isSafeInteger(code) || code < 0 || code > 0x10ffff) reader.fail(`${code} is no character`);
  }
  return codes;
}

function textOf(codes: ArrayLike<number>): string {
  const parts: string[] = [];
  for (let start = 0; start < codes.length; start += 1024) {
    const part = Array.from({ length: Math.min(1024, codes.length - start) }, (_, i) => codes[start + i]!);
    parts.push(String.fromCodePoint(...part));
  }
  return parts.join('');
}
