import '@tensorflow/tfjs-backend-cpu';
import { modelByName } from '@espalier/models';
import { expect, test } from 'vitest';
import { fromLayersModel } from '../../tfjs/index.js';
import { simplify } from '../simplify.js';
import { graphCost } from './cost.js';

// Counted by hand in the documentation of the models: entries of kernels, multiply-accumulates of one image.
test.each([
  ['lenet300', 266_200, 266_200], // 784 * 300 + 300 * 100 + 100 * 10
  ['smallConvNet', 105_744, 355_008], // 144 * 196 + 4608 * 49 + 1568 * 64 + 640
  // He et al. 2016: 0.27 M parameters, 41 M multiply-accumulates; shortcuts cost nothing
  ['resnet20', 268_336, 40_551_040],
])('%s costs what its documentation counts, before and after simplify', async (name, entries, multiplyAdds) => {
  const model = modelByName(name, { seed: 1 });
  const graph = await fromLayersModel(model);
  model.dispose();
  for (const cost of [graphCost(graph), graphCost(simplify(graph))]) {
    expect(cost).toMatchObject({ entries, nonzeros: entries, denseMultiplyAdds: multiplyAdds, flopDensity: 1 });
  }
});

test('zeros of kernels are not counted as multiply-accumulates, and every layer is listed', () => {
  const cost = graphCost({
    input: { name: 'x', shape: [4] },
    nodes: [
      {
        kind: 'dense',
        name: 'head',
        inputs: ['x'],
        shape: [2],
        kernel: Float32Array.of(0, 1, 0, 0, -2, 0, -0, 3),
        activation: 'linear',
      },
    ],
    output: 'head',
  });
  expect(cost.nodes).toEqual([{ name: 'head', entries: 8, nonzeros: 3, denseMultiplyAdds: 8, sparseMultiplyAdds: 3 }]);
  expect(cost.flopDensity).toBe(3 / 8);
});

test('a network without kernels has density 1', () => {
  expect(graphCost({ input: { name: 'x', shape: [4] }, nodes: [], output: 'x' }).flopDensity).toBe(1);
});
