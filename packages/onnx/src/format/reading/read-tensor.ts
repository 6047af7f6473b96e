import { fields } from '../fields.js';
import { type Budget, fieldsOf, integersOf, messageOf, textOf } from './fields-of.js';
import type { ParsedTensor } from './parsed.js';
import { heldStretch, type Stretch } from './stretch.js';

/** Fields that hold numbers. */
const numeric: readonly number[] = [
  fields.tensor.floats,
  fields.tensor.integers,
  fields.tensor.longs,
  fields.tensor.doubles,
];

/** A tensor without its numbers, which stay bytes of the file. */
export function readTensor(message: Stretch, budget: Budget): ParsedTensor {
  const { tensor: field } = fields;
  const shape: number[] = [];
  const packed = new Map<number, Stretch[]>();
  const entries = new Map<string, string>();
  let [name, dataType, location] = ['', 0, 0];
  let raw: Stretch | undefined;
  for (const each of fieldsOf(message, budget)) {
    if (each.number === field.dimensions) shape.push(...integersOf(each, budget));
    else if (each.number === field.dataType) dataType = each.value;
    else if (each.number === field.name) name = textOf(each);
    else if (each.number === field.raw) raw = messageOf(each);
    else if (each.number === field.location) location = each.value;
    else if (each.number === field.external) {
      const [key, value] = entryOf(messageOf(each), budget);
      entries.set(key, value);
    } else if (each.number === field.segment) throw new Error('A tensor is in segments, which nobody writes.');
    else if (numeric.includes(each.number)) {
      const pieces = packed.get(each.number) ?? [];
      pieces.push(bytesOf(each));
      packed.set(each.number, pieces);
    }
  }
  return { name, shape, dataType, raw, packed, external: location === 1 ? entries : undefined };
}

/** A number that stands alone as the bytes that it would have packed. */
function bytesOf({ number, bytes, value }: Parameters<typeof textOf>[0]): Stretch {
  if (bytes) return bytes;
  if (number === fields.tensor.floats) return heldStretch(new Uint8Array(Float32Array.of(value).buffer));
  if (number === fields.tensor.doubles) return heldStretch(new Uint8Array(Float64Array.of(value).buffer));
  throw new Error('Whole numbers of a tensor are not packed.');
}

/** A key and its value. */
export function entryOf(message: Stretch, budget: Budget): [string, string] {
  let [key, value] = ['', ''];
  for (const field of fieldsOf(message, budget)) {
    if (field.number === fields.entry.key) key = textOf(field);
    else if (field.number === fields.entry.value) value = new TextDecoder().decode(messageOf(field).bytes());
  }
  return [key, value];
}
