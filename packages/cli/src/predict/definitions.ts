import type { ArgDef, ArgsDef } from 'citty';

/** Images of `predict`; any number of them. */
export const images: ArgDef = {
  type: 'positional',
  description: 'Image files, and folders of images',
  required: false,
  many: true,
} as ArgDef;

/** Options of `predict` besides those of all commands that look at images. */
export const predicting: ArgsDef = {
  top: {
    type: 'string',
    valueHint: 'count',
    description: 'Classes that are told of each image, the likeliest first (5)',
  },
  'class-names': {
    type: 'string',
    valueHint: 'file',
    description: 'Text with the name of a class on each line (those that the checkpoint carries)',
  },
  runtime: {
    type: 'string',
    valueHint: 'name',
    description: 'tfjs, or sparse for @espalier/runtime (tfjs if left out)',
  },
};
