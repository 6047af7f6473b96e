import { type MethodDefinition, numberIn, type OptionNote } from '@espalier/core';
import { type GapOptions, gap, gapRules } from './gap.js';
import type { PartitionedOptions } from './options.js';
import { type ParallelGapOptions, parallelGap, parallelGapRules } from './parallel-gap.js';

/** Partitions, if nobody says how many. */
const PARTITIONS = 3;

const common: Readonly<Record<keyof PartitionedOptions, OptionNote>> = {
  sparsity: { summary: 'fraction of the prunable weights that is masked when every partition is sparse' },
  partitions: {
    summary: 'how many, convStages, transformerBlocks, a /pattern/ of blocks, or lists of names',
    source: '3; the paper: four stages of ResNet-50, 2, 3 or 6 of Transformer-big',
  },
  initialMasks: { summary: 'first masks: random, or magnitude for a trained network', source: 'algorithm 1' },
  distribution: { summary: 'how the sparsity is spread over the layers', source: 'uniform' },
};

/** Every partition is dense twice in the first three quarters, then the sparse network is fine-tuned. */
const gapDefinition: MethodDefinition<GapOptions> = {
  name: 'gap',
  summary: 'One partition of the layers after the other is trained densely and pruned again',
  source: 'Ma et al. 2022, arXiv:2106.09857',
  rules: gapRules,
  notes: {
    ...common,
    turns: { summary: 'turns in all', source: 'two for each partition' },
    turnLength: { summary: 'steps of a turn', source: 'three quarters of the run over the turns' },
    order: { summary: 'cyclic, or random to deal the layers anew at every turn' },
    slots: { summary: 'slots of the optimizer at the end of a turn: reset or keep' },
    learningRate: { summary: 'segments of a learning rate that starts anew with every turn' },
  },
  defaults: ({ steps, sparsity, trained }, given) => {
    const turns = numberIn(given, 'turns') ?? 2 * (numberIn(given, 'partitions') ?? PARTITIONS);
    return {
      sparsity,
      partitions: PARTITIONS,
      initialMasks: trained ? 'magnitude' : 'random',
      turns,
      turnLength: Math.max(1, Math.floor((0.75 * steps) / turns)),
      order: 'cyclic',
      slots: 'reset',
      distribution: 'uniform',
    };
  },
  create: gap,
};

const parallelGapDefinition: MethodDefinition<ParallelGapOptions> = {
  name: 'p-gap',
  summary: 'Trains the copy of the network in which one partition is dense, to be combined with the others',
  source: 'Ma et al. 2022, arXiv:2106.09857',
  rules: parallelGapRules,
  notes: { ...common, partition: { summary: 'the partition that is dense in this copy, from 0' } },
  defaults: ({ sparsity, trained }) => ({
    sparsity,
    partitions: PARTITIONS,
    initialMasks: trained ? 'magnitude' : 'random',
    partition: 0,
    distribution: 'uniform',
  }),
  create: parallelGap,
};

/** The methods of this package, for commands, recipes and benchmarks. */
export const definitions: readonly [MethodDefinition<GapOptions>, MethodDefinition<ParallelGapOptions>] = [
  gapDefinition,
  parallelGapDefinition,
];
