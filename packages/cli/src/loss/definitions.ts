import type { ArgDef } from 'citty';
import { lossNames, metricNames } from './names.js';

/** What a network is judged by. */
export const judgedBy: Readonly<Record<'loss' | 'metric', ArgDef>> = {
  loss: {
    type: 'string',
    valueHint: 'name',
    description: `${lossNames.join(', ')}, or a function of your own: file.mjs or file.mjs#name (what the network asks for)`,
  },
  metric: {
    type: 'string',
    valueHint: 'names',
    description: `What to tell besides the loss, between commas: ${metricNames.join(', ')} (or another top…), or file.mjs#name (accuracy)`,
  },
};
