import { expect, it } from 'vitest';
import { scalesPixels } from './scales-pixels.js';

const layer = (class_name: string, config: object = {}): object => ({ class_name, config });
const model = (...layers: object[]): never =>
  ({ model: { model_config: { class_name: 'Sequential', config: { layers } } } }) as never;
const input = layer('InputLayer');
const linear = layer('Activation', { activation: 'linear' });
const relu = layer('Activation', { activation: 'relu' });
const rescaling = (scale: number | number[], offset: number | number[] = 0): object =>
  layer('Rescaling', { scale, offset });

it.each<[name: string, layers: object[], scales: boolean]>([
  ['by 1 / 255', [input, rescaling(1 / 255)], true],
  ['to -1 to 1', [input, rescaling(1 / 127.5, -1)], true],
  ['of each channel', [input, rescaling([0.017, 0.018, 0.017], [-2, -2, -1.8])], true],
  ['by averages of colors alone', [input, layer('Permute'), rescaling(1, [-104, -117, -124])], true],
  ['behind what does nothing', [input, linear, rescaling(0.004)], true],
  ['inside a network inside', [layer('Functional', { layers: [input, rescaling(1 / 255)] })], true],
  ['of numbers from 0 to 1', [input, rescaling([4.4, 4.5, 4.4], [-2, -2, -1.8])], false],
  ['by two', [input, rescaling(2, -1)], false],
  ['behind a convolution', [input, layer('Conv2D'), rescaling(1 / 255)], false],
  ['behind a ReLU', [input, relu, rescaling(0.004)], false],
  ['that is not there', [input, layer('Conv2D')], false],
  ['of no layers', [], false],
])('sees a Rescaling %s', (_, layers, scales) => {
  expect(scalesPixels(model(...layers))).toBe(scales);
});

it('takes a topology that is none for one that scales nothing', () => {
  for (const value of [null, 5, 'x', [], {}, { config: { layers: [null, 3] } }]) {
    expect(scalesPixels({ model: value as never })).toBe(false);
  }
});
