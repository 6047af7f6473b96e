import { type MethodDefinition, numberIn, type OptionData } from '@espalier/core';
import { type AcdcOptions, acdc, acdcRules } from './acdc.js';

/** The sparsity of an n:m pattern that is written as a text; `undefined` if none is. */
function sparsityOfPattern({ structure }: OptionData): number | undefined {
  const [, n, m] = /^(\d+):(\d+)$/.exec(typeof structure === 'string' ? structure : '') ?? [];
  return n === undefined ? undefined : 1 - Number(n) / Number(m);
}

const acdcDefinition: MethodDefinition<AcdcOptions> = {
  name: 'acdc',
  summary: 'Dense and sparse phases take turns',
  source: 'Peste et al. 2021, arXiv:2106.12379',
  rules: acdcRules,
  notes: {
    sparsity: { summary: 'fraction of the prunable weights that is masked in every sparse phase' },
    phases: {
      summary: 'lengths in steps: total, warmup, sparse, dense, lastDense, lastSparse',
      source: 'of 200 epochs on CIFAR 10 dense, then 20 and 20 in turn, the last 30 or more sparse',
    },
    distribution: { summary: 'how the sparsity is spread over the layers; global, or uniform with a structure' },
    structure: { summary: 'a pattern n:m such as 2:4', source: 'Mishra et al. 2021, arXiv:2104.08378' },
  },
  defaults: ({ steps, sparsity }, given) => {
    const total = numberIn(given, 'phases', 'total') ?? steps;
    const stepsOf = (part: number): number => Math.max(1, Math.round(part * total));
    return {
      sparsity: sparsityOfPattern(given) ?? sparsity,
      phases: { total, warmup: stepsOf(0.05), sparse: stepsOf(0.1), dense: stepsOf(0.1), lastSparse: stepsOf(0.15) },
    };
  },
  create: acdc,
};

/** The methods of this package, for commands, recipes and benchmarks. */
export const definitions: readonly [MethodDefinition<AcdcOptions>] = [acdcDefinition];
