/** The definitions that the method packages export, and what one of them makes of a budget. */
import { completeOptions, defineRun, fixedDefinition } from '@espalier/core';
import { definitions as acdc } from '@espalier/prune-acdc';
import { definitions as gap } from '@espalier/prune-gap';
import { definitions as lth } from '@espalier/prune-lth';
import { definitions as magnitude } from '@espalier/prune-magnitude';
import { definitions as rigl } from '@espalier/prune-rigl';
import { definitions as str } from '@espalier/prune-str';
import { definitions as woodFisher } from '@espalier/prune-woodfisher';

const definitions = new Map(
  [fixedDefinition, ...magnitude, ...rigl, ...lth, ...acdc, ...gap, ...str, ...woodFisher].map(definition => [
    definition.name,
    definition,
  ]),
);

/**
 * The method of a run, its positions, and over how many of them the rate of dense training goes.
 *
 * @param {string} name In the registry.
 * @param {{ steps: number, sparsity: number, rateOver: (positions: number) => any }} budget
 * @param {object} given Options that are set otherwise than the definition has them.
 */
export function definedRun(name, { steps, sparsity, rateOver }, given = {}) {
  const run = { steps, stepsPerEpoch: steps, sparsity, trained: false, rateOver };
  const definition = definitions.get(name);
  return defineRun(definition, run, completeOptions(definition, run, given));
}
