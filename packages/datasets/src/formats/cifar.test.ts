import { expect, it } from 'vitest';
import { MalformedDataError } from '../errors.js';
import { cifar10Dataset } from './cifar.js';

/** A record whose red is 1, green 2 and blue 3, but for pixel (1, 2), which is 51, 102, 255. */
function record(label: number): Uint8Array {
  const bytes = new Uint8Array(3073);
  bytes[0] = label;
  for (const [channel, value] of [51, 102, 255].entries()) {
    bytes.fill(channel + 1, 1 + channel * 1024, 1 + (channel + 1) * 1024);
    bytes[1 + channel * 1024 + 32 + 2] = value;
  }
  return bytes;
}

it('moves the color planes of a record into pixels', () => {
  const dataset = cifar10Dataset([record(4), Uint8Array.of(...record(9), ...record(0))], 'three');
  expect([dataset.size, dataset.shape]).toEqual([3, [32, 32, 3]]);
  expect([0, 1, 2].map(index => dataset.classes[dataset.label(index)])).toEqual(['deer', 'truck', 'airplane']);
  const image = new Float32Array(3072);
  for (const index of [0, 2]) {
    dataset.copyImage(index, image, 0);
    const bytes = [...image].map(value => Math.round(value * 255));
    expect(bytes.slice((32 + 2) * 3, (32 + 3) * 3)).toEqual([51, 102, 255]);
    expect(bytes.slice(0, 6)).toEqual([1, 2, 3, 1, 2, 3]);
  }
});

it.each([
  ['no file', []],
  ['an empty file', [new Uint8Array(0)]],
  ['a record cut short', [record(1).subarray(0, 3072)]],
  ['a byte too many', [Uint8Array.of(...record(1), 0)]],
  ['a label of 10', [record(10)]],
])('refuses %s', (_, files) => {
  expect(() => cifar10Dataset(files, 'bad')).toThrow(MalformedDataError);
});
