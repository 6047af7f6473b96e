import '@tensorflow/tfjs-backend-cpu';
import { EspalierError } from '@espalier/core';
import * as models from '@espalier/models';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';

/** What a call throws; it must leave no tensors. */
function refusal(call: () => unknown): { code?: string; message?: string; suggestion?: string } {
  const before = tf.memory().numTensors;
  try {
    call();
  } catch (error) {
    expect(EspalierError.isInstance(error), String(error)).toBe(true);
    expect(tf.memory().numTensors).toBe(before);
    return error as { code: string };
  }
  return {};
}

/** Called as plain JavaScript does. */
type Loose = (...given: readonly unknown[]) => unknown;

/** Every option of a builder. */
const builders: readonly (readonly [
  name: models.ModelName,
  build: (options: never) => unknown,
  options: readonly string[],
])[] = [
  ['lenet300', models.lenet300, []],
  ['smallConvNet', models.smallConvNet, []],
  ['resnet20', models.resnet20, ['width']],
  ['resnet56', models.resnet56, ['width']],
  ['mobileNetV1', models.mobileNetV1, ['widthMultiplier', 'variant']],
  ['mobileNetV2', models.mobileNetV2, ['widthMultiplier', 'variant']],
  ['mobileNetV3Large', models.mobileNetV3Large, ['widthMultiplier', 'variant']],
  ['mobileNetV3Small', models.mobileNetV3Small, ['widthMultiplier', 'variant']],
  ['efficientnetLite0', models.efficientnetLite0, ['variant']],
  ['efficientnetLite1', models.efficientnetLite1, ['variant']],
  ['efficientnetLite2', models.efficientnetLite2, ['variant']],
  ['efficientnetLite3', models.efficientnetLite3, ['variant']],
  ['efficientnetLite4', models.efficientnetLite4, ['variant']],
  ['resnet18', models.resnet18, ['width', 'poolPadding']],
  ['resnet50', models.resnet50, ['width', 'poolPadding', 'strideAt']],
  ['wideResNet', models.wideResNet, ['depth', 'widenFactor']],
  ['vgg16', models.vgg16, ['width', 'hidden']],
];
/** No option is any of these. */
const wrong = ['10', null, Number.NaN, Number.POSITIVE_INFINITY, -1, 2.5, [], [7], {}, true, () => 1, 'constructor'];
const shapes = [...wrong, [28, 28], [28, 28, 1, 1], ['28', '28', '1'], [28, null, 1], '28x28x1', [28, 28, 0]];

describe.each(builders)('%s', (name, builder, own) => {
  const build = builder as Loose;
  const byName = ((options: unknown) => models.modelByName(name, options as object)) as Loose;

  it.each([
    ['called itself', build],
    ['called by its name', byName],
  ])('%s, refuses options of the wrong kind before it builds anything', (_, call) => {
    for (const option of ['classes', 'seed', ...own]) {
      const fractions = option === 'widthMultiplier' ? wrong.filter(value => value !== 2.5) : wrong;
      for (const value of fractions)
        expect(refusal(() => call({ [option]: value })).code, `${option} ${value}`).toBe('INVALID_OPTION');
    }
    for (const inputShape of shapes) {
      expect(refusal(() => call({ inputShape })).code, `${inputShape}`).toBe('INVALID_OPTION');
    }
    for (const options of [null, 3, 'seed', [], [1]])
      expect(refusal(() => call(options)).code, `${options}`).toBe('INVALID_OPTION');
  });

  it('refuses options that it does not have, and names the one that was meant', () => {
    expect(refusal(() => build({ input_shape: [28, 28, 1] }))).toMatchObject({
      code: 'UNKNOWN_OPTION',
      suggestion: 'inputShape',
    });
    expect(refusal(() => byName({ sead: 1 }))).toMatchObject({ code: 'UNKNOWN_OPTION', suggestion: 'seed' });
    for (const option of ['constructor', 'toString', 'width', 'hidden', 'depth', 'poolPadding'].filter(
      other => !own.includes(other),
    )) {
      expect(refusal(() => byName({ [option]: 4 })).code, option).toBe('UNKNOWN_OPTION');
    }
  });
});

it('undefined is the default of every option', () => {
  const model = models.lenet300({ inputShape: undefined, classes: undefined, seed: undefined } as object);
  expect(model.outputShape).toEqual([null, 10]);
  model.dispose();
});

it('only names of models are names of models', () => {
  for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'LeNet']) {
    expect(refusal(() => models.modelByName(name)).code, name).toBe('UNKNOWN_MODEL');
  }
  for (const name of [undefined, null, 3, [], ['lenet300'], {}, '']) {
    expect(refusal(() => models.modelByName(name as string)).code, `${name}`).toBe('INVALID_OPTION');
  }
  expect(refusal(() => models.modelByName('resnet_20')).message).toContain('"resnet20"');
});

describe.each([
  ['loadTorchWeights', models.loadTorchWeights as Loose, 'fc.weight', 'INVALID_TORCH_TENSOR'],
  ['loadKerasWeights', models.loadKerasWeights as Loose, 'fc/kernel', 'INVALID_KERAS_TENSOR'],
])('%s', (_, load, name, code) => {
  const net = layers.sequential({
    layers: [layers.layers.dense({ name: 'fc', units: 1, useBias: false, inputShape: [2] })],
  });
  const shape = name === 'fc.weight' ? [1, 2] : [2, 1];
  const good = new Map([[name, { shape, values: [1, 2] }]]);

  it('takes a model, a map and options, and nothing else', () => {
    expect(() => load(net, good, { head: undefined })).not.toThrow();
    for (const model of [undefined, null, 'resnet50', {}, [], models.resnet50, tf.tensor]) {
      expect(refusal(() => load(model, good)).code).toBe('INVALID_OPTION');
    }
    for (const tensors of [undefined, null, {}, [], [...good], Object.fromEntries(good), 'x', new Set(good.keys())]) {
      expect(refusal(() => load(net, tensors)).code).toBe('INVALID_OPTION');
    }
    for (const options of [null, 1, 'keep', [], { head: 'drop' }, { head: true }, { head: null }]) {
      expect(refusal(() => load(net, good, options)).code).toBe('INVALID_OPTION');
    }
    expect(refusal(() => load(net, good, { heads: 'keep' }))).toMatchObject({
      code: 'UNKNOWN_OPTION',
      suggestion: 'head',
    });
  });

  it('refuses entries that are no tensors by their names', () => {
    for (const entry of [
      undefined,
      null,
      7,
      [1, 2],
      { shape },
      { values: [1, 2] },
      { shape: '1,2', values: [1, 2] },
      { shape: [1, -2], values: [1, 2] },
      { shape: [1, 2.5], values: [1, 2] },
      { shape, values: '12' },
      { shape, values: ['1', '2'] },
      { shape, values: [1, null] },
      { shape, values: [1] },
      { shape, values: new DataView(new ArrayBuffer(2)) },
    ]) {
      const caught = refusal(() => load(net, new Map([[name, entry]])));
      expect(caught, JSON.stringify(entry)).toMatchObject({ code, tensor: name });
      expect(caught.message).toContain(name);
    }
  });
});

it('options of loadTorchWeights are of their kinds', () => {
  const net = models.lenet300();
  for (const options of [
    { prefix: 3 },
    { prefix: null },
    { prefix: ['a'] },
    { epsilon: '1e-5' },
    { epsilon: 0 },
    { epsilon: Number.NaN },
    { epsilon: null },
  ]) {
    const load = models.loadTorchWeights as Loose;
    expect(refusal(() => load(net, new Map(), options)).code, JSON.stringify(options)).toBe('INVALID_OPTION');
  }
  net.dispose();
});
