import '@tensorflow/tfjs-backend-cpu';
import { toModel } from '@espalier/core/tfjs';
import { graphFromCheckpoint } from '@espalier/runtime';
import * as layers from '@tensorflow/tfjs-layers';
import { expect, it } from 'vitest';
import { checkpointOf, type Layer, type Weights } from './model-files.js';

const build = layers.layers;
const image: [number, number, number] = [9, 9, 2];
/** One network for each class of layers with weights, with a head behind that knows how many values come. */
const networks: Record<string, () => layers.layers.Layer[]> = {
  Conv2D: () => [
    build.conv2d({ name: 'a', filters: 4, kernelSize: [3, 2], inputShape: image }),
    build.flatten({ name: 'flat' }),
  ],
  DepthwiseConv2D: () => [
    build.depthwiseConv2d({ name: 'a', kernelSize: [3, 2], depthMultiplier: 2, inputShape: image }),
    build.flatten({ name: 'flat' }),
  ],
  SeparableConv2D: () => [
    build.separableConv2d({ name: 'a', filters: 4, kernelSize: [3, 2], depthMultiplier: 2, inputShape: image }),
    build.flatten({ name: 'flat' }),
  ],
  BatchNormalization: () => [
    build.batchNormalization({ name: 'a', inputShape: image }),
    build.flatten({ name: 'flat' }),
  ],
  Dense: () => [build.flatten({ name: 'flat', inputShape: image }), build.dense({ name: 'a', units: 3 })],
  'a dense layer on pixels': () => [
    build.dense({ name: 'a', units: 3, inputShape: image }),
    build.flatten({ name: 'flat' }),
  ],
};

function exampleOf(make: () => layers.layers.Layer[]): { model: Layer; weights: Weights } {
  const model = layers.sequential({ name: 'net', layers: [...make(), build.dense({ name: 'head', units: 2 })] });
  const weights = Object.fromEntries(
    model.weights.map(({ originalName, shape }) => {
      const size = shape.reduce<number>((product, side) => product * (side ?? 1), 1);
      return [originalName, [shape as number[], new Array<number>(size).fill(0.1)] as const];
    }),
  );
  return { model: JSON.parse(JSON.stringify(model.toJSON(null, false))) as Layer, weights };
}

/** Other values of a size: each number one more and one less, each truth its opposite. */
function otherValues(value: unknown): unknown[] {
  if (typeof value === 'number') return [value + 1, value - 1, value * 2];
  if (typeof value === 'boolean') return [!value];
  if (!Array.isArray(value)) return [];
  return value.flatMap((part, i) => otherValues(part).map(other => value.with(i, other)));
}

const sizes = [
  'units',
  'filters',
  'kernel_size',
  'depth_multiplier',
  'use_bias',
  'scale',
  'center',
  'axis',
  'strides',
  'dilation_rate',
  'padding',
  'batch_input_shape',
  'groups',
  'data_format',
];
const words: Record<string, unknown[]> = { padding: ['same', 'valid', 'causal'], data_format: ['channels_first'] };

it.each(Object.entries(networks))(
  '%s: compile and toModel agree about every size that is changed',
  async (className, make) => {
    const { model, weights } = exampleOf(make);
    const entries = model.config.layers as Layer[];
    const accepts = async (): Promise<[toModel: boolean, compile: boolean]> => {
      const checkpoint = checkpointOf(model, weights, 'tfjs-layers 4.22.0');
      const code = (error: unknown): false => {
        expect((error as { code?: string }).code, String(error)).toMatch(/^[A-Z_]+$/);
        return false;
      };
      const made = await toModel(checkpoint).then(built => {
        built.dispose();
        return true;
      }, code);
      try {
        return [made, graphFromCheckpoint(checkpoint).nodes.length > 0];
      } catch (error) {
        return [made, code(error)];
      }
    };
    expect(await accepts()).toEqual([true, true]);
    let refused = 0;
    for (const { config } of entries) {
      for (const option of sizes.filter(key => key in config)) {
        const kept = config[option];
        for (const value of [...otherValues(kept), ...(words[option] ?? [])]) {
          config[option] = value;
          const [made, compiled] = await accepts();
          // What TensorFlow.js builds and the runtime lacks (axes, layouts) may be refused by the runtime alone.
          if (made && !compiled)
            expect(['axis', 'data_format'], `${className} ${option} ${JSON.stringify(value)}`).toContain(option);
          else expect(compiled, `${className} ${option} ${JSON.stringify(value)}`).toBe(made);
          if (!made) refused++;
        }
        config[option] = kept;
      }
    }
    expect(refused).toBeGreaterThan(8);
  },
);

it.each(['head/bias', 'head/kernel', 'a/bias', 'a/kernel'])('without %s, or with one more, both refuse', async name => {
  const { model, weights } = exampleOf(networks.Conv2D!);
  const { [name]: left, ...others } = weights as Record<string, Weights[string]>;
  for (const changed of [others, { ...weights, more: left!, 'more/kernel': left! }]) {
    const checkpoint = checkpointOf(model, changed as Weights);
    await expect(toModel(checkpoint)).rejects.toThrow();
    expect(() => graphFromCheckpoint(checkpoint)).toThrow(expect.objectContaining({ code: 'INVALID_TOPOLOGY' }));
  }
});
