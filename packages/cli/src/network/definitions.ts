import { modelNames } from '@espalier/models';
import type { ArgDef } from 'citty';

const kinds =
  'a checkpoint, a file of Keras (.h5, .keras), a model.json, an .onnx file, a module that exports a LayersModel (./net.mjs), or with --weights ';

/** Options that name a network. */
export const network: Readonly<Record<'model' | 'weights' | 'register', ArgDef>> = {
  model: { type: 'string', valueHint: 'file', description: `Network: ${kinds}one of ${modelNames.join(', ')}` },
  weights: {
    type: 'string',
    valueHint: 'file',
    description: 'Weights for --model: safetensors with the names of PyTorch, timm or torchvision, or a file of Keras',
  },
  register: {
    type: 'string',
    valueHint: 'modules',
    description: 'Modules that register layers of your own, between commas: export function register({ tf, layers })',
  },
};
