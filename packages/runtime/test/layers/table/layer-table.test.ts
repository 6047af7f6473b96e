import '@tensorflow/tfjs-backend-cpu';
import { readFile } from 'node:fs/promises';
import type { Json, StoredTensor } from '@espalier/core';
import * as tfc from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { UnsupportedLayersError } from '../../../src/errors.js';
import type { Graph } from '../../../src/graph/graph.js';
import { graphFromTopology } from '../../../src/graph/topology/graph-from-topology.js';
import { activationNames } from '../../../src/graph/topology/readers/activation.js';
import { layerClasses } from '../../../src/graph/topology/readers/layer-readers.js';
import { compile } from '../../../src/plan/compile.js';
import { fromLayersModel } from '../../../src/tfjs/from-layers-model.js';
import { numbersOf, randomizeWeights, relativeError } from '../../graph/build-model.js';
import { interpretAll } from '../../graph/interpret.js';
import { otherLayers } from './arrangement-rows.js';
import type { LayerCase, Sizes } from './layer-case.js';
import { layerRows, layerTable } from './layer-table.js';

const BATCH = 2;

const sizes: fc.Arbitrary<Sizes> = fc.record({
  height: fc.integer({ min: 5, max: 9 }),
  width: fc.integer({ min: 5, max: 9 }),
  channels: fc.integer({ min: 1, max: 5 }),
  padding: fc.constantFrom('same', 'valid'),
});

beforeAll(async () => {
  await tfc.setBackend('cpu');
});

const random = (length: number, next: () => number): Float32Array => new Float32Array(length).map(() => 2 * next());
const sizeOf = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);

/** What plan and interpreter make of inputs, against what they should. */
async function agrees(graph: Graph, inputs: readonly Float32Array[], expected: Float32Array): Promise<void> {
  const plan = await compile(graph, { threads: 1 });
  const named = Object.fromEntries(plan.inputs.map(({ name }, index) => [name, inputs[index] as Float32Array]));
  const results = await plan.runNamed(named, { batch: BATCH });
  await plan.dispose();
  expect(Object.keys(results)).toHaveLength(1);
  const [actual] = Object.values(results) as [Float32Array];
  expect(relativeError(actual, expected)).toBeLessThan(1e-4);
  const firsts = inputs.map(values => values.subarray(0, values.length / BATCH));
  const [first] = interpretAll(graph, firsts) as [Float32Array];
  expect(relativeError(first, expected.subarray(0, expected.length / BATCH))).toBeLessThan(1e-4);
}

async function againstTensorFlow(layer: tf.layers.Layer, shapes: readonly number[][], seed: number): Promise<void> {
  const symbols = shapes.map((shape, index) => tf.input({ shape, name: `in${index}` }));
  const output = layer.apply(symbols.length === 1 ? symbols[0]! : symbols) as tf.SymbolicTensor;
  const model = tf.model({ inputs: symbols, outputs: output });
  randomizeWeights(model, seed);
  const next = numbersOf(seed + 1);
  const inputs = shapes.map(shape => random(BATCH * sizeOf(shape), next));
  const result = tfc.tidy(() => {
    const tensors = inputs.map((values, index) => tfc.tensor(values, [BATCH, ...shapes[index]!]));
    return model.predict(tensors.length === 1 ? tensors[0]! : tensors) as tfc.Tensor;
  });
  const expected = Float32Array.from(await result.data());
  result.dispose();
  const graph = await fromLayersModel(model);
  model.dispose();
  await agrees(graph, inputs, expected);
}

async function againstDefinition(
  className: string,
  made: ReturnType<NonNullable<LayerCase['keras']>>,
  shapes: readonly number[][],
  seed: number,
): Promise<void> {
  const next = numbersOf(seed);
  const weights = new Map<string, StoredTensor>(
    Object.entries(made.weights ?? {}).map(([name, shape]) => {
      const values = random(sizeOf(shape), next);
      return [
        `tested/${name}`,
        { shape, values: name === 'variance' ? values.map(value => 0.5 + Math.abs(value)) : values },
      ];
    }),
  );
  const inputs = shapes.map(shape => random(BATCH * sizeOf(shape), next));
  const names = shapes.map((_, index) => `in${index}`);
  const topology = {
    class_name: 'Functional',
    config: {
      name: 'net',
      layers: [
        ...shapes.map((shape, index) => ({
          class_name: 'InputLayer',
          config: { name: names[index], batch_input_shape: [null, ...shape] },
          name: names[index],
          inbound_nodes: [],
        })),
        {
          class_name: className,
          config: { name: 'tested', ...made.config },
          name: 'tested',
          inbound_nodes: [names.map(name => [name, 0, 0, {}])],
        },
      ],
      input_layers: names.map(name => [name, 0, 0]),
      output_layers: [['tested', 0, 0]],
    },
  };
  const expected = tfc.tidy(() => {
    const tensors = inputs.map((values, index) => tfc.tensor(values, [BATCH, ...shapes[index]!]));
    const known = [...weights].map(
      ([name, { shape, values }]) => [name.slice(7), tfc.tensor(values, [...shape])] as const,
    );
    return made.expected(tensors, Object.fromEntries(known)).dataSync() as Float32Array;
  });
  await agrees(graphFromTopology(topology as unknown as Json, weights), inputs, Float32Array.from(expected));
}

describe.each(layerRows)('$layer', ({ layer: className, cases, refusals }) => {
  it.each(cases)('agrees with its oracle: $option', async ({ shapes, layer, keras }) => {
    const before = tfc.memory().numTensors;
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(2 ** 30), async (drawn, seed) => {
        const given = shapes.map(shape => shape(drawn));
        if (layer) await againstTensorFlow(layer(drawn), given, seed);
        else if (keras) await againstDefinition(className, keras(drawn), given, seed);
        else throw new Error('A case needs an oracle.');
      }),
      { numRuns: 8 },
    );
    expect(tfc.memory().numTensors).toBe(before);
  });

  it.skipIf(refusals.length === 0).each(refusals)('is refused: %s', (_, config, reason) => {
    const topology = {
      class_name: 'Sequential',
      config: { name: 'net', layers: [{ class_name: className, config: { name: 'tested', ...config } }] },
    };
    const read = (): unknown => graphFromTopology(topology as unknown as Json, new Map());
    expect(read).toThrow(UnsupportedLayersError);
    expect(read).toThrow(reason);
  });
});

describe('the table of layers', () => {
  it('is that of the README', async () => {
    const readme = await readFile(new URL('../../../README.md', import.meta.url), 'utf8');
    expect(readme).toContain(layerTable());
  });

  it('has every class that the runtime reads, once, and every activation', () => {
    expect(layerRows.map(({ layer }) => layer).sort()).toEqual([...layerClasses].sort());
    const activations = layerRows.find(({ layer }) => layer === 'Activation')?.cases.map(({ option }) => option);
    expect(activations?.sort()).toEqual([...activationNames].sort());
  });

  it.each(Object.entries(otherLayers))('is complete: %s is refused by its class', (class_name, config) => {
    const layers = [{ class_name, config: { name: 'tested', ...config } }];
    const topology = { class_name: 'Sequential', config: { name: 'net', layers } } as unknown as Json;
    expect(() => graphFromTopology(topology, new Map())).toThrow(/tested .*no layer of this class is supported/);
  });
});
