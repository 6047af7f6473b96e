import { EspalierError } from '@espalier/core';
import { describe, expect, it } from 'vitest';
import * as api from '../index.js';
import { layerSeed } from '../layers/initializer.js';

describe('mistakes', () => {
  it('an unknown name is refused with the names that exist', () => {
    const attempt = (): unknown => api.modelByName('toString');
    expect(attempt).toThrow(api.UnknownModelError);
    expect(attempt).toThrow(
      'There is no model "toString". Choose one of: lenet300, smallConvNet, resnet20, mobileNetV3Small, resnet56, ' +
        'mobileNetV3Large, mobileNetV2, efficientnetLite0, mobileNetV1, efficientnetLite1, efficientnetLite2, ' +
        'efficientnetLite3, resnet18, efficientnetLite4, resnet50, wideResNet, vgg16.',
    );
  });

  it.each([
    ['classes', { classes: 1 }],
    ['classes', { classes: 2.5 }],
    ['seed', { seed: -1 }],
    ['seed', { seed: Number.NaN }],
    ['inputShape', { inputShape: [3, 32, 3] as const }],
    ['inputShape', { inputShape: [32, 32, 0] as const }],
    ['width', { width: 1 }],
  ])('option %s of %j is refused before anything is built', (option, options) => {
    let caught: unknown;
    try {
      api.resnet20(options);
    } catch (error) {
      caught = error;
    }
    expect(EspalierError.isInstance(caught)).toBe(true);
    expect(caught).toMatchObject({ code: 'INVALID_OPTION', option });
  });
});

it.each([
  [() => api.resnet50({ width: 0 }), { option: 'width' }],
  [() => api.resnet50({ inputShape: [224, 0, 3] }), { option: 'inputShape' }],
  [() => api.mobileNetV1({ widthMultiplier: 0.03 }), { option: 'widthMultiplier' }],
  [() => api.mobileNetV1({ widthMultiplier: Number.NaN }), { option: 'widthMultiplier' }],
  [() => api.resnet18({ poolPadding: 'start' as 'end' }), { option: 'poolPadding' }],
  [() => api.resnet56({ width: 1 }), { option: 'width' }],
  [() => api.wideResNet({ depth: 27 }), { option: 'depth' }],
  [() => api.wideResNet({ depth: 4 }), { option: 'depth' }],
  [() => api.wideResNet({ widenFactor: 0.5 }), { option: 'widenFactor' }],
  [() => api.vgg16({ inputShape: [31, 32, 3] }), { option: 'inputShape' }],
  [() => api.vgg16({ hidden: 0 }), { option: 'hidden' }],
  [() => api.mobileNetV1({ variant: 'toString' as 'torch' }), { option: 'variant' }],
  [() => api.mobileNetV1({ classes: 1 }), { option: 'classes' }],
  [() => api.mobileNetV2({ widthMultiplier: 0.03 }), { option: 'widthMultiplier' }],
  [() => api.mobileNetV2({ variant: 'timm' as 'torch' }), { option: 'variant' }],
  [() => api.modelByName('mobileNetV2', { variant: 'timm' }), { option: 'variant' }],
  [() => api.mobileNetV3Large({ variant: 'toString' as 'torch' }), { option: 'variant' }],
  [() => api.mobileNetV3Small({ widthMultiplier: Number.NaN }), { option: 'widthMultiplier' }],
])('%s is refused before anything is built', (build, fields) => {
  let caught: unknown;
  try {
    build();
  } catch (error) {
    caught = error;
  }
  expect(caught).toMatchObject({ code: 'INVALID_OPTION', ...fields });
});

it('a layer seed is never 0, depends on both parts, and is FNV-1a of "seed/layer"', () => {
  // FNV-1a, 32 bits: offset 2166136261, prime 16777619; worked out byte by byte with BigInt.
  let hash = 2_166_136_261n;
  for (const byte of Buffer.from('1/conv')) hash = ((hash ^ BigInt(byte)) * 16_777_619n) % 2n ** 32n;
  expect(layerSeed(1, 'conv')).toBe(Number(hash));
  expect(layerSeed(2, 'conv')).not.toBe(layerSeed(1, 'conv'));
  expect(layerSeed(1, 'dense')).not.toBe(layerSeed(1, 'conv'));
});

it('exports exactly these names', () => {
  expect(Object.keys(api).sort()).toEqual([
    'ArchitectureMismatchError',
    'InvalidTensorError',
    'TensorShapeMismatchError',
    'TensorsMismatchError',
    'TorchOrderError',
    'UnknownModelError',
    'efficientnetLite0',
    'efficientnetLite1',
    'efficientnetLite2',
    'efficientnetLite3',
    'efficientnetLite4',
    'lenet300',
    'loadKerasWeights',
    'loadTorchWeights',
    'mobileNetV1',
    'mobileNetV2',
    'mobileNetV3Large',
    'mobileNetV3Small',
    'modelByName',
    'modelNames',
    'resnet18',
    'resnet20',
    'resnet50',
    'resnet56',
    'smallConvNet',
    'torchWeightsOf',
    'vgg16',
    'wideResNet',
  ]);
});
