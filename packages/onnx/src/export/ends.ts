import { InvalidOptionError } from '@espalier/core';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { OnnxValue } from '../format/model.js';
import type { ExportOnnxOptions } from './options.js';
import { hasChannels, storedShape, type Value } from './value.js';
import { type Writing, writeNetwork } from './write-network.js';

/** Writes the network between inputs and outputs in the layout that the options ask for. */
export function writeEnds(
  writing: Writing,
  model: LayersModel,
  options: ExportOnnxOptions,
): { readonly inputs: OnnxValue[]; readonly outputs: OnnxValue[] } {
  const { graph } = writing;
  const { channels = 'last', batchSize = 'batch', inputShapes = {} } = options;
  refuseUnknown(inputShapes, model.inputs.map(nameOf));
  const given = model.inputs.map((input): Value => {
    const name = nameOf(input);
    const value = {
      name: graph.freeName(name),
      shape: shapeOf(name, input.shape, inputShapes),
      order: 'last',
    } as const;
    return hasChannels(value) ? { ...value, order: channels } : value;
  });
  const results = writeNetwork(writing, model, given);
  if (writing.refused.size > 0) return { inputs: [], outputs: [] };
  const values = results.map(result => graph[channels](result));
  const outputs = values.map((value, index) => ({
    name: graph.asOutput(value.name, nameOf(model.outputs[index] as SymbolicTensor)),
    shape: [batchSize, ...storedShape(value)],
  }));
  return { inputs: given.map(value => ({ name: value.name, shape: [batchSize, ...storedShape(value)] })), outputs };
}

/** An input or output is called as its layer; a Sequential model has no list of names. */
export const nameOf = ({ sourceLayer }: SymbolicTensor): string => sourceLayer.name;

function refuseUnknown(inputShapes: object, names: readonly string[]): void {
  const unknown = Object.keys(inputShapes).find(name => !names.includes(name));
  if (unknown !== undefined)
    throw new InvalidOptionError('inputShapes', unknown, `shapes of the inputs, which are called ${names.join(', ')}`);
}

/** The shape of an input without the batch, where the model or the options say each length. */
function shapeOf(
  name: string,
  [, ...told]: readonly (number | null)[],
  inputShapes: Readonly<Record<string, readonly number[]>>,
): number[] {
  const given = Object.hasOwn(inputShapes, name) ? inputShapes[name] : undefined;
  if (given && (given.length !== told.length || told.some((side, axis) => side !== null && side !== given[axis])))
    throw new InvalidOptionError(
      `inputShapes.${name}`,
      given,
      `as the model says, [${told.map(side => side ?? 'any')}]`,
    );
  const shape = given ?? told;
  if (!shape.every(side => side !== null)) {
    const example = told.map(side => side ?? 224).join(', ');
    const expected = `given, since the model takes any length; for instance { ${JSON.stringify(name)}: [${example}] }`;
    throw new InvalidOptionError('inputShapes', given, expected);
  }
  return [...shape];
}
