import '@tensorflow/tfjs-backend-wasm';
import { mobileNetV1, resnet50 } from '@espalier/models';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import type { Engine, TileTensor } from '../src/engine/engine.js';
import { LANES } from '../src/engine/lanes.js';
import { allocateVector, vectorAt } from '../src/engine/tensor.js';
import type { Shape } from '../src/graph/graph.js';
import { writeFloats } from '../src/kernels/write-record.js';
import { chooseKernel } from '../src/plan/choose-kernels.js';
import { compile } from '../src/plan/compile.js';
import { lower } from '../src/plan/lower.js';
import { fromLayersModel } from '../src/tfjs/from-layers-model.js';
import { loadEngines, run } from './kernels/engines.js';
import { emptyTensor, tensorOf as fullTensor, readTensor } from './kernels/host-image.js';
import { distinctLayers, type Layer, pruned, pruneModel } from './layers/distinct-layers.js';
import { reference } from './layers/reference.js';
import { expectClose, noise, predicted } from './plan/compare.js';

/**
 * Networks at their real sizes, with the number of layers that no earlier one has. The last differs in padding alone.
 */
const networks: readonly (readonly [name: string, create: () => LayersModel, layers: number])[] = [
  ['ResNet-50', () => resnet50({ seed: 1 }), 30],
  ['MobileNetV1 of Keras', () => mobileNetV1({ seed: 1 }), 21],
  ['MobileNetV1 of PyTorch', () => mobileNetV1({ seed: 1, variant: 'torch' }), 5],
];
const seen = new Set<string>();

await tf.setBackend('wasm');

const sizeOf = (shape: Shape): number => shape.reduce((product, length) => product * length, 1);

function tensorWith(engine: Engine, shape: Shape, values: Float32Array, lanes: number): TileTensor {
  if (shape.length === 1) return vectorAt(writeFloats(engine.heap, values), shape[0]);
  const [height, width, channels] = shape;
  return fullTensor(engine, { height, width, channels, values }, lanes);
}

function tensorFor(engine: Engine, shape: Shape, lanes: number): TileTensor {
  if (shape.length === 1) return allocateVector(engine.heap, shape[0]);
  const [height, width, channels] = shape;
  return emptyTensor(engine, { height, width, channels }, lanes);
}

/** Runs a layer in tiles of this width, a convolution partitioned in every way, and compares with `expected`. */
function compareWays(
  engine: Engine,
  { node, input }: Layer,
  { inputs, expected }: { readonly inputs: readonly Float32Array[]; readonly expected: Float32Array },
  { lanes, every }: { readonly lanes: number; readonly every: boolean },
): void {
  const shapes = [input, node.shape];
  const taken = inputs.map((values, at) => tensorWith(engine, shapes[at]!, values, lanes));
  const output = tensorFor(engine, node.shape, lanes);
  const named = { ...node, name: 'result', inputs: ['input', 'residual'].slice(0, inputs.length) };
  const tensors = new Map([...named.inputs.map((name, at) => [name, taken[at]!] as const), ['result', output]]);
  const tensorOf = (name: string): TileTensor => tensors.get(name)!;
  const guess = named.kind === 'convolution' ? chooseKernel(named, tensorOf, { threads: 2 }) : undefined;
  const ways = guess?.kernel === 'sparse' && every ? guess.variants.map(variant => ({ ...guess, variant })) : [guess];
  for (const way of ways) {
    const lowering = { engine, tensorOf, choices: new Map(way ? [[named.name, way]] : []) };
    for (const command of lower(named, lowering)) run(engine, command);
    const { address, channels } = output;
    expectClose(output.lanes === 1 ? engine.heap.floats(address, channels) : readTensor(engine, output), expected);
  }
}

for (const [name, create, count] of networks) {
  const layers = await distinctLayers(create(), seen);

  describe(name, () => {
    it('has the new layers that were counted by hand', () => expect(layers).toHaveLength(count));

    for (const layer of layers) {
      it(layer.title, async () => {
        const before = tf.memory().numTensors;
        const node = pruned(layer.node, 0.1);
        // Not negative, as after a ReLU; the residual of either sign.
        const image = noise(sizeOf(layer.input), 5).map(Math.abs);
        const inputs = node.inputs.length === 1 ? [image] : [image, noise(sizeOf(node.shape), 6)];
        const values = { inputs, expected: await reference(node, layer.input, inputs) };
        const [simd, relaxed] = await loadEngines();
        for (const lanes of LANES) compareWays(simd!, { ...layer, node }, values, { lanes, every: lanes === 28 });
        compareWays(relaxed!, { ...layer, node }, values, { lanes: 28, every: false });
        expect(tf.memory().numTensors).toBe(before);
      });
    }

    it('gives what TensorFlow.js gives, all of it, on one thread and on two', async () => {
      const before = tf.memory().numTensors;
      const model = create();
      await pruneModel(model);
      const graph = await fromLayersModel(model);
      const image = noise(224 * 224 * 3, 4);
      const expected = await predicted(model, image);
      for (const threads of [1, 2]) {
        const plan = await compile(graph, { threads });
        expectClose(await plan.run(image), expected);
        await plan.dispose();
      }
      model.dispose();
      expect(tf.memory().numTensors).toBe(before);
    });
  });
}
