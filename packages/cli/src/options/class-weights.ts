import { type OptionRule, rules } from '@espalier/core';
import { UsageError } from '../errors.js';
import { type ParsedOptions, text } from './read.js';

/** Weights of classes: by their counts, or numbers. */
export type ClassWeights = 'balanced' | readonly number[];

const areWeights = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.every(weight => Number.isFinite(weight) && weight >= 0) &&
  value.some(weight => weight > 0);

/** What a recipe may say of them. */
export const classWeightsRule: OptionRule = rules.that(
  '"balanced", or numbers of at least 0, one for each class and not all 0',
  value => value === 'balanced' || areWeights(value),
  {
    anyOf: [
      { enum: ['balanced'] },
      { type: 'array', items: { type: 'number', minimum: 0 }, contains: { type: 'number', exclusiveMinimum: 0 } },
    ],
  },
);

/** What `--class-weights` says. */
export function classWeights(given: ParsedOptions): ClassWeights | undefined {
  const written = text(given, 'class-weights');
  if (written === undefined || written === 'balanced') return written;
  const weights = written.split(',').map(part => (part.trim() === '' ? Number.NaN : Number(part)));
  if (areWeights(weights)) return weights;
  throw new UsageError(
    `--class-weights is "${written}", but must be balanced, or numbers of at least 0 between commas, one for each class, such as 1,3.`,
  );
}
