import { fixedDefinition, type MethodDefinition } from '@espalier/core';
import { definitions as acdc } from '@espalier/prune-acdc';
import { definitions as gap } from '@espalier/prune-gap';
import { definitions as lotteryTickets } from '@espalier/prune-lth';
import { definitions as magnitude } from '@espalier/prune-magnitude';
import { definitions as sparseTraining } from '@espalier/prune-rigl';
import { definitions as softThresholds } from '@espalier/prune-str';
import { definitions as woodFisher } from '@espalier/prune-woodfisher';
import { definedMethod, type KnownMethod } from './known-method.js';

/** What `train` and its checkpoints call a run whose masks stay as they are. */
export const denseMethod = 'dense';

/** The methods that the command brings along, by their names. */
export const registry: ReadonlyMap<string, MethodDefinition> = new Map(
  [
    ...magnitude,
    ...sparseTraining,
    ...lotteryTickets,
    ...acdc,
    ...gap,
    ...softThresholds,
    ...woodFisher,
    fixedDefinition,
  ].map((definition: MethodDefinition) => [definition.name, definition]),
);

/** Their names, in the order in which they are listed. */
export const methodNames: readonly string[] = [...registry.keys()];

/** The method of `train`. */
export const denseTraining: KnownMethod = definedMethod(denseMethod, fixedDefinition);
