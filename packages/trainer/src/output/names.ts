import type { LayersModel } from '@tensorflow/tfjs-layers';

/** Names of a model's inputs: those of their layers. A Sequential model does not list them itself. */
export const inputNamesOf = ({ inputs }: Pick<LayersModel, 'inputs'>): string[] =>
  inputs.map(({ sourceLayer }) => sourceLayer.name);

/** Names of a model's outputs: those of the layers that make them. */
export const outputNamesOf = ({ outputs }: Pick<LayersModel, 'outputs'>): string[] =>
  outputs.map(({ sourceLayer }) => sourceLayer.name);
