import { readFileSync } from 'node:fs';
import * as onnx from '@espalier/onnx';
import { expect, it } from 'vitest';
import { layerTable } from '../../test/layer-table.js';
import { networkTable } from '../../test/network-table.js';
import { layerWriters } from './layers/index.js';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

/** Layers of the first column of the README's table. */
function documented(): string[] {
  const [, table = ''] = readme.split('### Layers that can be written');
  const [rows = ''] = table.split('\nNetworks inside');
  return rows
    .split('\n')
    .flatMap(row => [...(row.split('|')[1] ?? '').matchAll(/`([A-Z]\w+)`/g)].map(([, name]) => name as string));
}

it('the README lists exactly the layers that can be written', () => {
  expect(documented().sort()).toEqual([...layerWriters.keys()].sort());
});

it('every layer that can be written is compared with ONNX Runtime', () => {
  const compared = [...Object.keys(layerTable), ...Object.keys(networkTable)].map(name => name.split(/[ ,]/)[0]);
  expect([...layerWriters.keys()].filter(name => !compared.includes(name))).toEqual([]);
});

it('@espalier/onnx exports exactly its public names', () => {
  expect(Object.keys(onnx).sort()).toEqual([
    'OnnxFileError',
    'OnnxLayersError',
    'OnnxOperationsError',
    'exportOnnx',
    'readOnnx',
  ]);
});
