import { readSafetensors } from '@espalier/core';
import { expect, it } from 'vitest';

/** Number 25: a header may have white space of JSON around it, and nothing else. */
function file(header: string, data: readonly number[] = []): Uint8Array {
  const head = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + head.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(head.length), true);
  bytes.set(head, 8);
  bytes.set(data, 8 + head.length);
  return bytes;
}
const header = '{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}';

it.each([
  ['', ''],
  ['    ', ''],
  ['', '      '],
  ['\n', '\n'],
  ['\t\r\n ', ' \t\r\n'],
  [' '.repeat(5000), ' '.repeat(5000)],
])('takes %j before and %j after', (before, after) => {
  const { tensors } = readSafetensors(file(before + header + after, [3, 4]));
  expect([...(tensors.get('a')?.bytes ?? [])]).toEqual([3, 4]);
});

it.each(['\f', '\v', '\u00a0', '\u2003', '\uFEFF', '\0', 'x', ','])('refuses %j before and after', stranger => {
  const error = expect.objectContaining({ code: 'CORRUPT_CHECKPOINT' });
  expect(() => readSafetensors(file(stranger + header, [3, 4]))).toThrow(error);
  expect(() => readSafetensors(file(header + stranger, [3, 4]))).toThrow(error);
});

it('refuses white space alone', () => {
  expect(() => readSafetensors(file('  \n '))).toThrow(/does not start with "\{"/);
});
