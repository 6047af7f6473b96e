import { gzipSync } from 'node:zlib';
import { EspalierError } from '@espalier/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DataTooLargeError, MalformedDataError } from '../errors.js';
import { gunzip } from './gunzip.js';
import { idxDataset, parseIdx } from './idx.js';

/** An IDX file written out: magic, lengths, values. */
function idx(shape: readonly number[], values: readonly number[]): Uint8Array {
  const lengths = shape.flatMap(length => [length >>> 24, (length >>> 16) & 255, (length >>> 8) & 255, length & 255]);
  return Uint8Array.of(0, 0, 8, shape.length, ...lengths, ...values);
}

describe('parseIdx', () => {
  it('reads shape and values', () => {
    // as the header of MNIST's training images would be for 2 images of 1x3: 00 00 08 03, 2, 1, 3
    const { shape, data } = parseIdx(idx([2, 1, 3], [1, 2, 3, 4, 5, 255]));
    expect(shape).toEqual([2, 1, 3]);
    expect([...data]).toEqual([1, 2, 3, 4, 5, 255]);
  });

  it('reads a view that does not begin at the start of its buffer', () => {
    const file = idx([2], [7, 9]);
    const shifted = new Uint8Array(file.length + 5);
    shifted.set(file, 5);
    expect([...parseIdx(shifted.subarray(5)).data]).toEqual([7, 9]);
  });

  it.each([
    ['nothing', new Uint8Array(0)],
    ['half a magic', Uint8Array.of(0, 0, 8)],
    ['another magic', Uint8Array.of(1, 0, 8, 1, 0, 0, 0, 0)],
    ['float values', Uint8Array.of(0, 0, 13, 1, 0, 0, 0, 0)],
    ['no axis', Uint8Array.of(0, 0, 8, 0)],
    ['five axes', idx([1, 1, 1, 1, 1], [1])],
    ['half a header', Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 1)],
    ['a byte too few', idx([3], [1, 2])],
    ['a byte too many', idx([3], [1, 2, 3, 4])],
    ['a gzip file', new Uint8Array(gzipSync(idx([1], [1])))],
  ])('refuses %s', (_, bytes) => {
    expect(() => parseIdx(bytes)).toThrow(MalformedDataError);
  });

  it('refuses a header that promises more than the cap, before looking for the values', () => {
    expect(() => parseIdx(idx([0xffff_ffff, 0xffff_ffff, 0xffff_ffff], []))).toThrow(DataTooLargeError);
    expect(() => parseIdx(idx([3], [1, 2, 3]), { maximumValues: 2 })).toThrow(DataTooLargeError);
  });

  it('never throws anything but its own errors, whatever the bytes', () => {
    const headed = fc.uint8Array({ maxLength: 24 }).map(bytes => Uint8Array.of(0, 0, 8, ...bytes));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 24 }), headed), bytes => {
        try {
          const { shape, data } = parseIdx(bytes);
          expect(data.length).toBe(shape.reduce((product, length) => product * length, 1));
        } catch (error) {
          if (!EspalierError.isInstance(error)) throw error;
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('idxDataset', () => {
  it('pairs images and labels', () => {
    const dataset = idxDataset(idx([2, 1, 2], [0, 51, 255, 102]), idx([2], [9, 3]), 'pair');
    const image = new Float32Array(2);
    dataset.copyImage(1, image, 0);
    expect([...image]).toEqual([1, Math.fround(0.4)]);
    expect([dataset.size, dataset.shape, dataset.label(0), dataset.label(1)]).toEqual([2, [1, 2, 1], 9, 3]);
  });

  it.each([
    ['files of different counts', idx([2, 1, 1], [1, 2]), idx([1], [0])],
    ['a label without a class', idx([1, 1, 1], [1]), idx([1], [10])],
    ['labels in place of images', idx([1], [0]), idx([1], [0])],
    ['images in place of labels', idx([1, 1, 1], [1]), idx([1, 1, 1], [1])],
    ['no images', idx([0, 28, 28], []), idx([0], [])],
  ])('refuses %s', (_, images, labels) => {
    expect(() => idxDataset(images, labels, 'bad')).toThrow(MalformedDataError);
  });
});

describe('gunzip', () => {
  const original = Uint8Array.from({ length: 5000 }, (_, i) => i % 7);
  const packed = new Uint8Array(gzipSync(original));

  it('gives back what was compressed, and passes on what was not', async () => {
    expect(await gunzip(packed)).toEqual(original);
    expect(await gunzip(original)).toBe(original);
  });

  it('refuses data cut short at any byte', async () => {
    for (let length = 2; length < packed.length; length++) {
      await expect(gunzip(packed.subarray(0, length))).rejects.toThrow(MalformedDataError);
    }
  });

  it('refuses a wrong checksum and bytes after the end', async () => {
    const damaged = packed.slice();
    damaged[packed.length - 5]! ^= 1; // the CRC is four bytes, followed by four of length
    await expect(gunzip(damaged)).rejects.toThrow(MalformedDataError);
    await expect(gunzip(Uint8Array.of(...packed, 1, 2, 3))).rejects.toThrow(MalformedDataError);
  });

  it('stops a bomb at the cap', async () => {
    const bomb = new Uint8Array(gzipSync(new Uint8Array(50_000_000)));
    await expect(gunzip(bomb, { maximumBytes: 1_000_000 })).rejects.toThrow(DataTooLargeError);
  });
});
