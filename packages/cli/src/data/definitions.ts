import { fitRules } from '@espalier/datasets';
import type { ArgsDef } from 'citty';
import { augmentations } from './augmentation.js';

/** Options that say which images of one's own to look at, and how. */
export const ownImages: ArgsDef = {
  data: {
    type: 'string',
    valueHint: 'path',
    description:
      'Images of your own: class folders, train/ and test/ folders of them, a .csv of paths and labels, or an archive',
  },
  'test-fraction': {
    type: 'string',
    valueHint: 'fraction',
    description: 'Fraction of each class to test on, where --data has no split (0.2)',
  },
  size: {
    type: 'string',
    valueHint: 'pixels',
    description: "Side of the images of --data, or height x width such as 96x128 (the network's, else 64)",
  },
  resize: {
    type: 'string',
    valueHint: 'rule',
    description: `${fitRules.join(', ')}, or crop:N for a shorter side of N before the middle is cut out (crop)`,
  },
  interpolation: { type: 'string', valueHint: 'name', description: 'bilinear or bicubic (bilinear)' },
  'skip-damaged': { type: 'boolean', description: 'Leave out images of --data that cannot be decoded, and name them' },
};

/** How images of one's own are changed for training. */
export const augmenting: ArgsDef = {
  augment: {
    type: 'string',
    valueHint: 'name',
    description: `How training images of --data are changed: ${augmentations.join(', ')} (crop-flip)`,
  },
};
