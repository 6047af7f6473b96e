import type { Json } from '@espalier/core';
import type { Modifier } from './modifier.js';
import type { TranslatedMethod } from './pruning.js';
import { unionOf } from './selection.js';

/** A pruning modifier and what it becomes. */
export interface Translated {
  readonly modifier: Modifier;
  readonly of: TranslatedMethod;
}

type Options = { readonly [option: string]: Json };

/** Fields of a modifier that may differ from those of another, since a layer can follow the overall sparsity. */
const ownToLayers = ['sparsity', 'initialSparsity'];

/**
 * Gradual pruning modifiers of different weights as one method: the one with the longest way from its first to its last
 * sparsity is the method's, and the weights of each other one follow it along a way of their own.
 * Refuses modifiers that differ in more than their sparsities.
 */
export function merged(all: readonly Translated[]): Translated | undefined {
  const [base, ...others] = [...all].sort((one, other) => wayOf(other.of) - wayOf(one.of));
  if (!base || others.length === 0) return base;
  const shared = sharedText(base.of);
  const taken = new Set(paramsOf(base.modifier));
  let fit = true;
  for (const { modifier, of } of others) {
    const refuse = (reason: string): void => {
      modifier.refuse(
        'params',
        `a run has one pruning modifier, or several gradual ones of different weights: ${reason}`,
      );
      fit = false;
    };
    if (!('cadence' in of.method.options) || !('cadence' in base.of.method.options)) refuse('this is no gradual one.');
    else if (sharedText(of) !== shared)
      refuse(`this one differs from ${base.modifier.type} in more than its sparsities.`);
    else if (of.method.options.distribution !== 'uniform') refuse('global_sparsity ranks all weights together.');
    else if (!of.selection.except || !base.of.selection.except) refuse('one of them has all weights.');
    else if (paramsOf(modifier).some(each => taken.has(each))) refuse('another has some of the same params.');
    for (const each of paramsOf(modifier)) taken.add(each);
  }
  if (!fit) return undefined;
  const sparsity = Object.fromEntries(
    others.flatMap(({ of }): [string, Json][] => {
      const follows = following(of.method.options, base.of.method.options);
      return (of.selection.include ?? []).map(pattern => [pattern, follows]);
    }),
  );
  const { name, options } = base.of.method;
  const method = { name, options: { ...options, distribution: { base: 'uniform', sparsity } } };
  return { modifier: base.modifier, of: { ...base.of, method, selection: unionOf(all.map(({ of }) => of.selection)) } };
}

const paramsOf = (modifier: Modifier): readonly (Json | undefined)[] => [modifier.value('params')].flat();

const wayOf = ({ method: { options } }: TranslatedMethod): number =>
  Number(options.sparsity ?? 0) - Number(options.initialSparsity ?? 0);

/** All that modifiers must have in common, as a text to compare. */
function sharedText({ method: { name, options } }: TranslatedMethod): string {
  const { schedule, ...rest } = options as Options;
  const own = Object.entries(rest).filter(([key]) => !ownToLayers.includes(key));
  const shape = schedule === undefined ? undefined : { ...(schedule as Options), from: 0, to: 0 };
  return JSON.stringify([name, own, shape]);
}

/** Where the base has gone a fraction `f` of its way, the sparsity of a layer is `first + (last - first) f`. */
function following(own: Options, base: Options): { readonly times: number; readonly plus: number } {
  const [first, last] = [Number(own.initialSparsity), Number(own.sparsity)];
  const [from, to] = [Number(base.initialSparsity), Number(base.sparsity)];
  const times = to === from ? 0 : (last - first) / (to - from);
  return { times, plus: first - times * from };
}
