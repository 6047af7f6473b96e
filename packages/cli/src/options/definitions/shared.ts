import { normalizationNames } from '@espalier/core';
import { datasetNames } from '@espalier/datasets/node';
import type { ArgDef, ArgsDef } from 'citty';
import { ownImages } from '../../data/definitions.js';
import type { CommandArguments } from '../command-arguments.js';

/** Options of every command. */
export const common: Readonly<Record<'json' | 'backend' | 'memory-limit', ArgDef>> = {
  json: { type: 'boolean', description: 'Print one JSON object on standard output; progress goes to standard error' },
  backend: {
    type: 'string',
    valueHint: 'name',
    description: 'auto, tfjs-node-gpu, tfjs-node, webgpu, wasm or cpu (auto if left out)',
  },
  'memory-limit': {
    type: 'string',
    valueHint: 'bytes',
    description: 'Most that reading files may take, such as 512MB (2 GiB; tasks of transfer have their own limits)',
  },
};

/** What the network's images are normalized with. */
export const normalization: ArgsDef = {
  normalization: {
    type: 'string',
    valueHint: 'name',
    description: `What the network was trained with: ${normalizationNames.join(', ')} or mean,…/std,… of values from 0 to 1 (what it carries, if left out)`,
  },
};

/** Options of the commands that look at data. */
export const data: ArgsDef = {
  ...ownImages,
  dataset: { type: 'string', valueHint: 'name', description: `${list(datasetNames)} (digits if left out)` },
  'batch-size': { type: 'string', valueHint: 'count', description: 'Examples in a batch (64)' },
  ...normalization,
};

/** Where a network's classifier is. */
export const classifier: CommandArguments = {
  'feature-layer': {
    type: 'string',
    valueHint: 'layer',
    description: 'Layer whose output the features are (the input of the classifier, where that can be told)',
  },
  head: {
    type: 'string',
    valueHint: 'none',
    description: 'none: the network ends in features, not in classes, also if its last layer is a dense one',
  },
};

/** Names as a sentence says them. */
export function list(names: readonly string[]): string {
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}
