import { network } from '../network/definitions.js';
import type { CommandArguments } from './command-arguments.js';
import { common } from './definitions/shared.js';
import { pruning, training } from './definitions/training.js';

/** All options of `prune`, which are those of a recipe too. */
export const pruneArguments: CommandArguments = { ...pruning, ...training, ...network, ...common };
