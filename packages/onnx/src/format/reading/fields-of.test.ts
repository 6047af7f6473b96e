import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MessageWriter } from '../message-writer.js';
import { Budget, fieldsOf } from './fields-of.js';
import { heldStretch, type Stretch, storedStretch } from './stretch.js';

/** The slow way: the whole message at once. */
function allFields(message: Uint8Array): [number, string | number][] {
  const reader = new BinaryReader(message);
  const found: [number, string | number][] = [];
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag();
    found.push([
      number,
      type === WireType.Varint ? Number(reader.int64()) : Buffer.from(reader.bytes()).toString('hex'),
    ]);
  }
  return found;
}

const shown = (message: Stretch): [number, string | number][] =>
  [...fieldsOf(message, new Budget())].map(({ number, bytes, value }) => [
    number,
    bytes ? Buffer.from(bytes.bytes()).toString('hex') : value,
  ]);

/** A file on a disk: every part is a copy of its own. `read` counts. */
function stored(message: Uint8Array, read: { bytes: number } = { bytes: 0 }): Stretch {
  return storedStretch((position, length) => {
    read.bytes += length;
    return message.slice(position, position + length);
  }, message.length);
}

/** Lengths that put heads of fields before, behind and across the end of what is looked at together, 65,536 bytes. */
const nearTheEnd = fc.integer({ min: 65_536 - 40, max: 65_536 + 40 });

it('fields are the same, wherever the parts that are read begin and end', () => {
  const part = fc.oneof(nearTheEnd, fc.integer({ min: 0, max: 300 }), fc.bigInt({ min: 0n, max: 2n ** 62n }));
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 30_000 }), part), { maxLength: 6 }), parts => {
      const message = new MessageWriter();
      for (const [number, each] of parts) {
        if (typeof each === 'bigint') message.integer(number, Number(each));
        else message.text(number, 'x'.repeat(each));
      }
      const bytes = message.join();
      expect(shown(stored(bytes))).toEqual(allFields(bytes));
      expect(shown(heldStretch(bytes))).toEqual(allFields(bytes));
    }),
    { numRuns: 60 },
  );
});

it('long fields are not read before somebody looks at them', () => {
  const bytes = new MessageWriter().text(1, 'x'.repeat(10_000_000)).text(2, 'y').join();
  const read = { bytes: 0 };
  const fields = [...fieldsOf(stored(bytes, read), new Budget())];
  expect(fields.map(({ bytes: held }) => held?.length)).toEqual([10_000_000, 1]);
  expect(read.bytes).toBeLessThan(2 * 65_536);
  expect(fields[0]?.bytes?.part(9_999_998, 10_000_000).bytes()).toEqual(Uint8Array.of(120, 120));
});

it.each([1, 70_000, 10_000_000])('a field of %d bytes that is cut off is an error', length => {
  const bytes = new MessageWriter().text(1, 'x'.repeat(length)).join();
  const cut = bytes.subarray(0, -1);
  expect(() => shown(stored(cut))).toThrow('ends within a field');
  expect(() => shown(heldStretch(cut))).toThrow('ends within a field');
});

it('a head that is cut off is an error', () => {
  expect(() => shown(stored(Uint8Array.of(0x08, 0x80)))).toThrow();
  expect(() => shown(stored(Uint8Array.of(0x80)))).toThrow();
});
