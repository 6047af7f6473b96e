import '@tensorflow/tfjs-backend-cpu';
import { mobileNetV1, mobileNetV2, mobileNetV3Small, modelByName, resnet50 } from '@espalier/models';
import * as tfc from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { expect, test } from 'vitest';
import { predict, randomInput, randomizeWeights, relativeError } from '../../../test/graph/build-model.js';
import { interpret } from '../../../test/graph/interpret.js';
import { fromLayersModel } from '../../tfjs/index.js';
import { checkGraph } from '../check-graph.js';
import type { Graph } from '../graph.js';
import { sizeOf } from '../shape-of.js';
import { simplify } from '../simplify.js';

const kindsOf = ({ nodes }: Graph): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { kind } of nodes) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
};

async function expectSame(model: LayersModel): Promise<Graph> {
  await tfc.setBackend('cpu');
  randomizeWeights(model, 5);
  const graph = await fromLayersModel(model);
  const input = randomInput(sizeOf(graph.input.shape), 3);
  const expected = await predict(model, input);
  model.dispose();
  const simple = simplify(graph);
  checkGraph(simple);
  expect(relativeError(interpret(graph, input), expected)).toBeLessThan(1e-4);
  expect(relativeError(interpret(simple, input), expected)).toBeLessThan(1e-4);
  return simple;
}

test('LeNet-300-100 becomes a flatten and three dense nodes', async () => {
  expect(kindsOf(await expectSame(modelByName('lenet300', { inputShape: [6, 5, 1] })))).toEqual({
    flatten: 1,
    dense: 3,
  });
});

test('the small net folds its normalization and activations', async () => {
  const kinds = kindsOf(await expectSame(modelByName('smallConvNet', { inputShape: [9, 8, 2] })));
  expect(kinds).toEqual({ convolution: 2, flatten: 1, dense: 2 });
});

test('ResNet-20 becomes 19 convolutions, two shortcuts, a pool and a dense node', async () => {
  const simple = await expectSame(modelByName('resnet20', { inputShape: [12, 10, 3], width: 3 }));
  expect(kindsOf(simple)).toEqual({ convolution: 21, globalPool: 1, dense: 1 });
  expect(simple.nodes.filter(({ inputs }) => inputs.length === 2)).toHaveLength(9); // one residual in each block
});

test('ResNet-50 becomes 53 convolutions, two pools and a dense node', async () => {
  const simple = await expectSame(resnet50({ inputShape: [32, 32, 3], width: 4, classes: 5 }));
  expect(kindsOf(simple)).toEqual({ convolution: 53, pool: 1, globalPool: 1, dense: 1 });
  expect(simple.nodes.filter(({ inputs }) => inputs.length === 2)).toHaveLength(16);
});

test('MobileNetV1 becomes 27 convolutions, a pool and a dense node', async () => {
  const simple = await expectSame(mobileNetV1({ inputShape: [32, 32, 3], widthMultiplier: 0.25, classes: 5 }));
  expect(kindsOf(simple)).toEqual({ convolution: 27, globalPool: 1, dense: 1 });
});

test('MobileNetV2 becomes 52 convolutions, a pool and a dense node', async () => {
  const simple = await expectSame(mobileNetV2({ inputShape: [32, 32, 3], widthMultiplier: 0.25, classes: 5 }));
  expect(kindsOf(simple)).toEqual({ convolution: 52, globalPool: 1, dense: 1 });
  // ten of the paper, and one of the first stage, which has 8 channels before and after it at this width
  expect(simple.nodes.filter(({ inputs }) => inputs.length === 2)).toHaveLength(11);
});

test('MobileNetV3 has a gate for each hard swish and each of nine squeeze-and-excitations', async () => {
  const simple = await expectSame(mobileNetV3Small({ inputShape: [32, 32, 3], widthMultiplier: 0.25, classes: 5 }));
  expect(kindsOf(simple)).toMatchObject({ globalPool: 10, multiply: 28 });
});
