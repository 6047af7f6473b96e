import { EspalierError, type LayerShape } from '@espalier/core';
import { modelWeights } from '@espalier/core/tfjs';
import { resnet20 } from '@espalier/models';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import '@tensorflow/tfjs-backend-cpu';
import { byBlock, byName, contiguous, convStages, type PartitionRule, transformerBlocks } from './index.js';
import { partitionLayers } from './partition-rule.js';

const layer = (name: string, size = 1): LayerShape => ({ name, shape: [size], size });
const layersOf = (sizes: readonly number[]): LayerShape[] => sizes.map((size, i) => layer(`layer${i}`, size));

/** The smallest largest part of all contiguous splits, by trying every one. */
function bestByTrying(sizes: readonly number[], count: number): number {
  if (count === 1) return sizes.reduce((sum, size) => sum + size, 0);
  let best = Number.POSITIVE_INFINITY;
  for (let cut = 1; cut <= sizes.length - count + 1; cut++) {
    const head = sizes.slice(0, cut).reduce((sum, size) => sum + size, 0);
    best = Math.min(best, Math.max(head, bestByTrying(sizes.slice(cut), count - 1)));
  }
  return best;
}

/** Six encoder and six decoder blocks with the projections that GaP masks (docs/methods/gap.md, Partitions). */
const transformer: LayerShape[] = ['encoder', 'decoder'].flatMap(side =>
  [0, 1, 2, 3, 4, 5].flatMap(block =>
    ['query', 'key', 'value', 'out', 'fc1', 'fc2'].map(part => layer(`${side}_${block}_${part}/kernel`)),
  ),
);

/** The blocks of each partition as `en0`, `de5`. */
function blocksOf(rule: PartitionRule): string[][] {
  const short = (name: string): string => name.replace(/^(en|de)coder_(\d).*/, '$1$2');
  return partitionLayers(transformer, rule).map(names => [...new Set(names.map(short))]);
}

describe('contiguous', () => {
  it('splits LeNet-300-100 into its large first layer and the rest', () => {
    // 784·300 = 235,200 | 300·100 + 100·10 = 31,000; the other cut would give 265,200 | 1,000.
    const lenet = [layer('hidden1', 235_200), layer('hidden2', 30_000), layer('logits', 1_000)];
    expect(contiguous(2)(lenet)).toEqual([['hidden1'], ['hidden2', 'logits']]);
  });

  it('makes the largest part as small as any contiguous split can', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(sizes, fc.nat(), (list, number) => {
        const count = 1 + (number % list.length);
        const layers = layersOf(list);
        const parts = partitionLayers(layers, contiguous(count));
        expect(parts).toHaveLength(count);
        expect(parts.flat()).toEqual(layers.map(({ name }) => name));
        const total = (names: readonly string[]): number =>
          layers.reduce((sum, { name, size }) => sum + (names.includes(name) ? size : 0), 0);
        expect(Math.max(...parts.map(total))).toBe(bestByTrying(list, count));
      }),
    );
  });

  it('refuses more partitions than layers, and a number that is none', () => {
    expect(() => contiguous(3)(layersOf([1, 2]))).toThrow(/contiguous\(3\).*There are 2 prunable layers/);
    for (const count of [0, 1.5, Number.NaN]) expect(() => contiguous(count)).toThrow(/"partitions"/);
  });
});

describe('transformerBlocks', () => {
  // The authors' profiles for Transformer-big, 6 + 6 layers (docs/methods/gap.md, Partitions).
  it.each([
    [2, [6, 6]],
    [3, [4, 4, 4]],
    [6, [2, 2, 2, 2, 2, 2]],
  ])('gives the partitions of the published profiles for κ = %i', (count, sizes) => {
    const all = ['en', 'de'].flatMap(side => [0, 1, 2, 3, 4, 5].map(block => `${side}${block}`));
    const expected = sizes.map((size, i) => all.slice(i * size, (i + 1) * size));
    expect(blocksOf(transformerBlocks(count))).toEqual(expected);
  });

  it('writes out the published profile of three partitions', () => {
    expect(blocksOf(transformerBlocks(3))).toEqual([
      ['en0', 'en1', 'en2', 'en3'],
      ['en4', 'en5', 'de0', 'de1'],
      ['de2', 'de3', 'de4', 'de5'],
    ]);
  });

  it('makes every block a partition if no number is given', () => {
    expect(blocksOf(transformerBlocks())).toHaveLength(12);
  });

  it.each(['encoder.layers.3.fc1/kernel', 'decoder_block3_query/kernel', 'block3/fc1/kernel', 'layer_3/out/kernel'])(
    'knows the block of %s',
    name => {
      expect(transformerBlocks()([layer(name.replace('3', '12')), layer(name)])).toEqual([
        [name.replace('3', '12')],
        [name],
      ]);
    },
  );
});

describe('convStages', () => {
  it('gives the three stages of ResNet-20, stem and classifier with the outer ones', async () => {
    await tf.setBackend('cpu');
    const before = tf.memory().numTensors;
    const model = resnet20({ width: 2 });
    const layers = modelWeights(model)
      .filter(weight => weight.prunable)
      .map(({ name, variable: { shape, size } }) => ({ name, shape, size }));
    const stages = partitionLayers(layers, convStages());
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
    expect(stages).toHaveLength(3);
    expect(stages[0]?.[0]).toBe('stem_conv/kernel');
    expect(stages[2]?.at(-1)).toBe('logits/kernel');
    stages.forEach((names, i) => {
      const inner = names.filter(name => !/^(stem|logits)/.test(name));
      expect(inner.length).toBeGreaterThanOrEqual(6);
      expect(inner.every(name => name.startsWith(`stage${i + 1}_`))).toBe(true);
    });
  });

  it('refuses a model without stages', () => {
    expect(() => convStages()([layer('hidden/kernel')])).toThrow(/finds 0 blocks/);
  });
});

describe('byBlock', () => {
  it('finds the same blocks at every call, whatever the flags of the pattern', () => {
    const rule = byBlock(/^b\d/g);
    const layers = ['b1/x', 'b1/y', 'b2/x'].map(name => layer(name));
    for (let call = 0; call < 3; call++) expect(rule(layers)).toEqual([['b1/x', 'b1/y'], ['b2/x']]);
  });

  it('spreads blocks that do not divide evenly over all partitions', () => {
    // Starts round(j · 4 / 3) = 0, 1, 3.
    const layers = ['b1', 'b2', 'b3', 'b4'].map(name => layer(name));
    expect(byBlock(/^b\d/, 3)(layers)).toEqual([['b1'], ['b2', 'b3'], ['b4']]);
  });

  it('refuses fewer blocks than partitions', () => {
    expect(() => byBlock(/^b\d/, 3)([layer('b1'), layer('b2')])).toThrow(/finds 2 blocks for 3 partitions/);
  });
});

describe('byName', () => {
  const layers = ['stem', 'stage1_a', 'stage2_a', 'head'].map(name => layer(name));

  it('puts a layer into the first partition that names it', () => {
    expect(byName([[/^stage1/, 'head', 'stem'], [/^st/]])(layers)).toEqual([
      ['stem', 'stage1_a', 'head'],
      ['stage2_a'],
    ]);
  });

  it('names itself after its patterns, so that a run does not resume under others', () => {
    expect(byName([[/^a/, 'b'], ['c']]).name).toBe('byName(/^a/ b | c)');
  });

  it.each([[[]], [[[]]]])('refuses %j when it is created', groups => {
    expect(() => byName(groups)).toThrow(expect.toSatisfy(EspalierError.isInstance));
  });
});

describe('gap G9: partitions are a disjoint cover of the prunable layers', () => {
  const layers = ['a', 'b'].map(name => layer(name));
  it.each([
    ['a layer in no partition', () => [['a']], /"b" is in none of the 1/],
    ['a layer in two', () => [['a', 'b'], ['a']], /"a" is in partition 0 and in partition 1/],
    ['an empty partition', () => [['a', 'b'], []], /Partition 1 is empty/],
    ['an unknown name', () => [['a', 'b', 'c']], /no prunable layer "c"/],
  ])('refuses %s', (_, rule, message) => {
    expect(() => partitionLayers(layers, rule)).toThrow(message);
    expect(() => partitionLayers(layers, rule)).toThrow(expect.toSatisfy(EspalierError.isInstance));
  });
});
