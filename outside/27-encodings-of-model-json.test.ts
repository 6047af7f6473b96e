import '@tensorflow/tfjs-backend-cpu';
import { readFile, writeFile } from 'node:fs/promises';
import { readLayersModel } from '@espalier/models/node';
import { expect, it } from 'vitest';
import { failure, layer, modelFile, outputOf, sequential } from './model-files.js';

const example = (): Promise<string> =>
  modelFile(sequential([1], layer('Dense', { units: 1, use_bias: false })), { 'dense/kernel': [[1, 1], [2]] });
const big = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

it('model.json with a byte order mark is read', async () => {
  const path = await example();
  await writeFile(path, `\ufeff${await readFile(path, 'utf8')}`);
  const model = await readLayersModel(path);
  expect(outputOf(model, [3])).toEqual([6]);
  model.dispose();
});

it.each<[string, (text: string) => Buffer, RegExp]>([
  ['UTF-16 with a mark', text => Buffer.from(`\ufeff${text}`, 'utf16le'), /UTF-16/],
  ['UTF-16 without a mark', text => Buffer.from(text, 'utf16le'), /UTF-16/],
  ['big-endian UTF-16 with a mark', text => big(`\ufeff${text}`), /UTF-16/],
  ['big-endian UTF-16 without a mark', text => big(text), /UTF-16/],
  ['Latin-1 with an umlaut', text => Buffer.from(text.replace('net', 'nät'), 'latin1'), /UTF-8/],
  ['nothing', () => Buffer.alloc(0), /not JSON/],
  ['one letter', () => Buffer.from('x'), /not JSON/],
])('model.json in %s is refused with the encoding', async (_, encode, message) => {
  const path = await example();
  await writeFile(path, encode(await readFile(path, 'utf8')));
  const { error } = await failure(() => readLayersModel(path));
  expect(error.code).toBe('MODEL_JSON_INVALID');
  expect(error.message).toMatch(message);
});
