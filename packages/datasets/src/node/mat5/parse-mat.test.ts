import { readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import { EspalierError } from '@espalier/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matOf, type Written } from '../../../test/mat-writer.js';
import { DataTooLargeError, MalformedDataError } from '../../errors.js';
import { parseMat } from './parse-mat.js';
import { countingNumbers, type MatValue, ofKind, textOf } from './value.js';

/** Written by SciPy, see test/golden/mat.py. */
const golden = JSON.parse(readFileSync(new URL('../../../test/golden/mat.json', import.meta.url), 'utf8')) as Record<
  'plain' | 'compressed' | 'complex' | 'sparse',
  string
>;
const bytesOf = (name: keyof typeof golden): Buffer => Buffer.from(golden[name], 'base64');
const parse = (bytes: Uint8Array, maximumMemory?: number): Map<string, MatValue> =>
  parseMat(bytes, { source: 'x.mat', ...(maximumMemory === undefined ? {} : { maximumMemory }) });

/** With numbers as doubles, whatever they are stored as. */
const asDoubles = (value: MatValue | undefined): unknown =>
  value?.kind === 'numbers' ? { ...value, values: Float64Array.from(value.values) } : value;

/** A file with one array of int8 stored in elements of `type`. */
function rawMat(type: number, bytes: Buffer): Buffer {
  return rawArray(8, bytes.length, rawElement(type, bytes));
}

const rawCells = (count: number, cells: Buffer): Buffer => rawArray(1, count, cells);

function rawElement(type: number, bytes: Buffer): Buffer {
  const tag = Buffer.alloc(8);
  tag.writeUInt32LE(type, 0);
  tag.writeUInt32LE(bytes.length, 4);
  return Buffer.concat([tag, bytes, Buffer.alloc((8 - (bytes.length % 8)) % 8)]);
}

function rawArray(kind: number, count: number, content: Buffer): Buffer {
  const words = (...values: number[]): Buffer => Buffer.from(Int32Array.from(values).buffer);
  const head = [rawElement(6, words(kind, 0)), rawElement(5, words(1, count)), rawElement(1, Buffer.from('x'))];
  return Buffer.concat([matOf({}), rawElement(14, Buffer.concat([...head, content]))]);
}

/** As {@link matOf} takes it. */
function plain(value: MatValue): Written {
  if (value.kind === 'numbers') return [...value.values];
  if (value.kind === 'text') return value.rows[0] ?? '';
  if (value.kind === 'cells') return value.cells.map(plain);
  return { struct: value.elements.map(one => Object.fromEntries([...one].map(([key, field]) => [key, plain(field)]))) };
}

const number = (...values: number[]): unknown => ({
  kind: 'numbers',
  dimensions: [1, values.length],
  values: Float64Array.from(values),
});
const text = (row: string): unknown => ({ kind: 'text', rows: [row] });

describe('parseMat', () => {
  it.each(['plain', 'compressed'] as const)('reads what SciPy writes, %s', name => {
    const arrays = parse(bytesOf(name));
    const struct = ofKind(arrays.get('annotations'), 'struct', 'x', 'annotations');
    expect(struct.dimensions).toEqual([1, 2]);
    expect(
      struct.elements.map(one => Object.fromEntries([...one].map(([key, field]) => [key, asDoubles(field)]))),
    ).toMatchObject([
      { bbox_x1: number(39), class: number(14), fname: text('00001.jpg') },
      { bbox_x1: number(-7), class: number(300), fname: text('00002.jpg') },
    ]);
    const names = ofKind(arrays.get('class_names'), 'cells', 'x', 'names');
    expect(names.cells.map(cell => textOf(cell, 'x', 'name'))).toEqual(['AM General Hummer', 'Citroën', '']);
    // [[1.5, -2, 1e300], [0, 4, 5]] by columns
    const doubles = { kind: 'numbers', dimensions: [2, 3], values: Float64Array.of(1.5, 0, -2, 4, 1e300, 5) };
    expect(asDoubles(arrays.get('doubles'))).toEqual(doubles);
    expect(asDoubles(arrays.get('bytes'))).toEqual(number(0, 1, 2, 3, 4));
    expect(asDoubles(arrays.get('wide'))).toEqual(number(2 ** 40, -(2 ** 40)));
    expect(asDoubles(arrays.get('single'))).toEqual(number(0.25));
    expect(asDoubles(arrays.get('flag'))).toEqual(number(1, 0));
    expect(arrays.get('rows')).toMatchObject({ kind: 'text', dimensions: [2, 3], rows: ['abc', 'def'] });
    expect(arrays.get('nothing')).toMatchObject({ kind: 'numbers', dimensions: [0, 0] });
  });

  it('reads back whatever was written', () => {
    const letters = fc.string({ unit: 'grapheme-ascii', maxLength: 8 });
    const { value } = fc.letrec<{ value: Written }>(tie => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 5 }),
        letters,
        fc
          .array(tie('value'), { minLength: 1, maxLength: 3 })
          .filter(cells => !cells.every(c => typeof c === 'number')),
        fc.record({ a: tie('value'), b: tie('value') }).map(one => ({ struct: [one, one] })),
      ),
    }));
    fc.assert(
      fc.property(value, fc.boolean(), (written, compress) => {
        expect(plain(parse(matOf({ it: written }, compress)).get('it')!)).toEqual(written);
      }),
    );
  });

  it('never throws anything but its own errors for damaged files', () => {
    const whole = [bytesOf('plain'), matOf({ a: [[1, 2], 'text', { struct: [{ f: [3] }] }] }), bytesOf('compressed')];
    const damages = fc.tuple(
      fc.constantFrom(...whole),
      fc.array(fc.tuple(fc.nat(), fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 14, 15, 255))), { maxLength: 6 }),
      fc.oneof(fc.constant(0), fc.nat(500)),
    );
    fc.assert(
      fc.property(damages, ([original, changes, cut]) => {
        const damaged = Buffer.from(original.subarray(0, original.length - Math.min(cut, original.length)));
        for (const [index, value] of changes) if (damaged.length > 0) damaged[index % damaged.length] = value;
        try {
          parse(damaged);
        } catch (error) {
          if (!EspalierError.isInstance(error)) throw error;
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('refuses a file that is cut anywhere within its first array', () => {
    const whole = matOf({ a: [1, 2, 3] });
    for (let length = 129; length < whole.length; length++) {
      expect(() => parse(whole.subarray(0, length))).toThrow(MalformedDataError);
    }
    expect(parse(whole.subarray(0, 128)).size).toBe(0);
    expect(() => parse(whole.subarray(0, 127))).toThrow('not a MAT-file of level 5');
  });

  it('stops a compressed bomb at the limit, and counts all arrays', () => {
    const bomb = matOf({ a: Array(200_000).fill(0) }, true);
    expect(bomb.length).toBeLessThan(10_000);
    expect(() => parse(bomb, 1_000_000)).toThrow(DataTooLargeError);
    const two = matOf({ a: Array(1000).fill(0), b: Array(1000).fill(0) });
    // 8,000 bytes of numbers each, and what an array costs.
    expect(() => parse(two, 15_000)).toThrow(DataTooLargeError);
    expect(parse(two, 18_000).size).toBe(2);
  });

  it('holds bytes as bytes, and counts what arrays cost that hold nothing', () => {
    const bytes = Buffer.alloc(1_000_000, 1);
    const whole = rawMat(1, bytes);
    expect(() => parse(whole, 900_000)).toThrow(DataTooLargeError);
    expect(parse(whole, 1_010_000).get('x')).toMatchObject({ values: { BYTES_PER_ELEMENT: 1, length: 1_000_000 } });
    // 100,000 empty matrices of 8 bytes: a tag and no content.
    const empty = Buffer.concat(Array(100_000).fill(Buffer.from([14, 0, 0, 0, 0, 0, 0, 0])) as Buffer[]);
    expect(() => parse(rawCells(100_000, empty), 2 ** 25)).toThrow(DataTooLargeError);
  });

  it('refuses counts that the bytes cannot hold, and arrays nested without end', () => {
    const cells = matOf({ a: [[1], [2]] });
    cells.writeInt32LE(2 ** 30, 128 + 8 + 16 + 12); // number of columns
    expect(() => parse(cells)).toThrow('do not fit into');
    let deep: Written = [1];
    for (let i = 0; i < 40; i++) deep = [deep, 'x'];
    expect(() => parse(matOf({ deep }))).toThrow('nested more than 16 deep');
  });

  it('says what it does not read', () => {
    expect(() => parse(bytesOf('complex'))).toThrow('complex numbers are not supported');
    expect(() => parse(bytesOf('sparse'))).toThrow('class 5');
    const hdf5 = matOf({});
    hdf5.writeUInt16LE(0x0200, 124);
    expect(() => parse(hdf5)).toThrow('version 7.3');
    const nested = deflateSync(deflateSync(Buffer.alloc(9)));
    expect(() => parse(Buffer.concat([matOf({}), Buffer.from([15, 0, 0, 0, nested.length, 0, 0, 0]), nested]))).toThrow(
      MalformedDataError,
    );
  });
});

describe('values of a MAT-file', () => {
  it('are refused if they are of another kind or out of range', () => {
    const arrays = parse(matOf({ a: [1, 2.5], b: 'text' }));
    expect(() => textOf(arrays.get('a'), 'x.mat', 'the name')).toThrow('the name is of kind numbers, not text');
    expect(() => ofKind(arrays.get('c'), 'cells', 'x.mat', 'c')).toThrow('c is missing, not cells');
    expect(() => countingNumbers(arrays.get('a'), { most: 9, count: 2 }, 'x.mat', 'labels')).toThrow(
      'labels holds 2.5',
    );
    expect(() => countingNumbers(parse(matOf({ a: [0] })).get('a'), { most: 9, count: 1 }, 'x.mat', 'labels')).toThrow(
      'holds 0',
    );
    expect(() => countingNumbers(arrays.get('a'), { most: 9, count: 1 }, 'x.mat', 'labels')).toThrow('holds 2 numbers');
  });
});
