import { expect, it } from 'vitest';
import type { LayerSpeed } from '../speed/report.js';
import { gains } from './gains.js';

const layer = (name: string, density: number | null, sparse: number, dense: number | null): LayerSpeed => ({
  name,
  kind: 'convolution',
  density,
  sparse,
  dense,
});

it('counts the layers with zeros that got faster and names the others', () => {
  const layers = [layer('a', 0.1, 1, 3), layer('b', 0.5, 2, 2), layer('stem', 1, 2, 1), layer('(input)', null, 1, 1)];
  expect(gains({ layers })).toEqual(['1 of 2 layers with zeros run faster than without; not b.']);
  expect(gains({ layers: layers.slice(0, 1) })).toEqual(['1 of 1 layers with zeros run faster than without.']);
});

it('names eight of them at most', () => {
  const layers = Array.from({ length: 10 }, (_, i) => layer(`l${i}`, 0.5, 2, 1));
  const names = 'l0, l1, l2, l3, l4, l5, l6, l7 and 2 more';
  expect(gains({ layers })).toEqual([`0 of 10 layers with zeros run faster than without; not ${names}.`]);
});

it('says nothing where no layer was timed or lost weights', () => {
  expect(gains({ layers: null })).toEqual([]);
  expect(gains({ layers: [layer('a', 1, 1, 1), layer('b', 0.5, 1, null)] })).toEqual([]);
});
