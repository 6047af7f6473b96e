import { network } from '../network/definitions.js';
import type { CommandArguments } from './command-arguments.js';
import { common, pruning, training } from './definitions.js';

/** All options of `prune`, which are those of a recipe too. */
export const pruneArguments: CommandArguments = { ...pruning, ...training, ...network, ...common };
