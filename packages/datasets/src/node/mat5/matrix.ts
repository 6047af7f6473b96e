import { type ElementReader, elementType, ElementReader as Reader } from './element-reader.js';
import { readNumbers } from './numbers.js';
import { asciiOf, readRows } from './text.js';
import type { MatValue } from './value.js';

/** Classes of arrays, MAT-File Format, table 1-3. */
const arrayClass = { cell: 1, struct: 2, text: 4, firstNumeric: 6, lastNumeric: 15 } as const;
const maximumDepth = 16;
const maximumAxes = 32;

/**
 * Bytes that JavaScript takes, by and large, for an array, a struct, one of its fields, and a name, whatever is in
 * them.
 */
const cost = { array: 512, struct: 256, field: 64 } as const;
const complexFlag = 0x08;

/** An array with its name, which only those at the top have. */
export interface NamedValue {
  readonly name: string;
  readonly value: MatValue;
}

/** Reads the content of a matrix element: flags, dimensions, name, and what the class needs. */
export function readMatrix(bytes: Uint8Array, outer: ElementReader, depth = 0): NamedValue {
  outer.keep(cost.array);
  if (bytes.length === 0)
    return { name: '', value: { kind: 'numbers', dimensions: [0, 0], values: new Float64Array() } };
  const reader = new Reader(bytes, outer.context);
  if (depth > maximumDepth) reader.fail(`arrays are nested more than ${maximumDepth} deep`);
  const [flags = 0] = readNumbers(reader.next('array flags'), reader, 'array flags');
  const axes = readNumbers(reader.next('dimensions'), reader, 'dimensions');
  if (axes.length < 2 || axes.length > maximumAxes) reader.fail(`an array has ${axes.length} dimensions`);
  const dimensions = [...axes];
  const name = asciiOf(reader.next('a name'));
  const count = dimensions.reduce((product, length) => product * length, 1);
  const sound = dimensions.every(length => Number.isSafeInteger(length) && length >= 0);
  if (!sound || !Number.isSafeInteger(count))
    reader.fail(`${name || 'an array'} has dimensions ${dimensions.join('x')}`);
  return { name, value: readContent(reader, flags, dimensions, count, depth) };
}

function readContent(
  reader: ElementReader,
  flags: number,
  dimensions: readonly number[],
  count: number,
  depth: number,
): MatValue {
  const type = flags & 0xff;
  if (type === arrayClass.cell) {
    return { kind: 'cells', dimensions, cells: readArrays(reader, count, depth) };
  }
  if (type === arrayClass.struct) return readStruct(reader, dimensions, count, depth);
  if (type === arrayClass.text) return { kind: 'text', dimensions, rows: readRows(reader, dimensions, count) };
  if (type < arrayClass.firstNumeric || type > arrayClass.lastNumeric) {
    return reader.fail(`an array is of class ${type}, but only numbers, characters, structs and cells are supported`);
  }
  if (((flags >> 8) & complexFlag) !== 0) return reader.fail('complex numbers are not supported');
  const values = readNumbers(reader.next('numbers'), reader, 'numbers');
  if (values.length !== count) return reader.fail(`${dimensions.join('x')} numbers, but there are ${values.length}`);
  return { kind: 'numbers', dimensions, values };
}

/** Refuses a count that the bytes cannot hold before anything of that size is made. */
function requireRoom(reader: ElementReader, count: number): void {
  if (count * 8 > reader.remaining) reader.fail(`${count} arrays do not fit into ${reader.remaining} bytes`);
}

function readArrays(reader: ElementReader, count: number, depth: number): MatValue[] {
  requireRoom(reader, count);
  return Array.from({ length: count }, () => {
    const element = reader.next('an array');
    if (element.type !== elementType.matrix) reader.fail(`an array is of type ${element.type}`);
    return readMatrix(element.bytes, reader, depth + 1).value;
  });
}

function readStruct(reader: ElementReader, dimensions: readonly number[], count: number, depth: number): MatValue {
  const [length = 0] = readNumbers(reader.next('the length of field names'), reader, 'the length of field names');
  const { bytes } = reader.next('field names');
  if (!(length >= 1) || bytes.length % length !== 0) {
    reader.fail(`field names have ${bytes.length} bytes, ${length} each`);
  }
  const fieldCount = bytes.length / length;
  requireRoom(reader, count * fieldCount);
  reader.keep(fieldCount * cost.field + (fieldCount === 0 ? 0 : count * (cost.struct + fieldCount * cost.field)));
  const fields = Array.from({ length: fieldCount }, (_, i) =>
    asciiOf({ bytes: bytes.subarray(i * length, (i + 1) * length) }),
  );
  const values = readArrays(reader, count * fields.length, depth);
  const elements = Array.from(
    { length: fields.length === 0 ? 0 : count },
    (_, element) => new Map(fields.map((field, i) => [field, values[element * fields.length + i]!])),
  );
  return { kind: 'struct', dimensions, fields, elements };
}
