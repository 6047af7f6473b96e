import { InvalidOptionError, type OptionRule, type OptionRules, requireNormalization, rules } from '@espalier/core';
import type { TransferTrainingOptions } from './training-options.js';

const { integer, number, optional } = rules;

/** An integer of at least 1. */
export const count: OptionRule = integer({ from: 1 });

/** Different integers from 0, at least one. */
export const seeds: OptionRule = (option: string, value: unknown) => {
  const sound = Array.isArray(value) && value.every(seed => Number.isSafeInteger(seed) && seed >= 0);
  if (sound && value.length > 0 && new Set(value).size === value.length) return;
  throw new InvalidOptionError(option, value, 'a list of different integers from 0 to 2^53 − 1, at least one');
};

/** Ascending indices of epochs. */
const epochs: OptionRule = (option: string, value: unknown) => {
  const sound = (epoch: unknown, index: number, all: readonly unknown[]): boolean =>
    Number.isSafeInteger(epoch) && Number(epoch) > (index === 0 ? -1 : Number(all[index - 1]));
  if (Array.isArray(value) && value.every(sound)) return;
  throw new InvalidOptionError(option, value, 'ascending indices of epochs, from 0');
};

/** What is subtracted, and what is divided by. */
export const normalization: OptionRule = requireNormalization;

/** A transform of images, such as `resizeAndCrop` of `@espalier/datasets` makes. */
export const transform: OptionRule = rules.that('a transform of images, such as resizeAndCrop makes', value => {
  const { size, apply } = (value ?? {}) as { size?: unknown; apply?: unknown };
  const sides = Array.isArray(size) && size.length === 2 ? size : [size];
  return typeof value === 'object' && sides.every(Number.isSafeInteger) && typeof apply === 'function';
});

/** Rules of what both protocols set alike. */
export const trainingRules: OptionRules<TransferTrainingOptions> = {
  epochs: optional(count),
  dropAfter: optional(epochs),
  momentum: optional(number({ from: 0, below: 1 })),
  weightDecay: optional(number({ from: 0 })),
  evaluateEvery: optional(count),
};

/** Options over defaults, where `undefined` means the default. */
export function withDefaults<Defaults extends object, Options extends object>(
  defaults: Defaults,
  options: Options,
): Defaults & Options {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return { ...defaults, ...Object.fromEntries(given) } as Defaults & Options;
}
