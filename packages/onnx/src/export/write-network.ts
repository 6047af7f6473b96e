import type { LayersModel, layers, SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { LayerWithoutOnnx } from '../errors.js';
import type { GraphWriter } from './graph-writer.js';
import { type LayerCall, Refusal, refuse, type Variable, type Weight } from './layer-call.js';
import { layerWriters } from './layers/index.js';
import type { Value } from './value.js';

type Layer = layers.Layer;

/** What writing one network carries along. */
export interface Writing {
  readonly graph: GraphWriter;
  readonly weights: ReadonlyMap<Variable, Float32Array>;
  /** Layers that cannot be written, each once. */
  readonly refused: Map<Layer, LayerWithoutOnnx>;
}

/** A network: the model, or one inside it. */
type Network = Pick<LayersModel, 'inputs' | 'outputs'>;

/** Writes a network and gives its outputs, each call once and after those that it reads. */
export function writeNetwork(writing: Writing, { inputs, outputs }: Network, given: readonly Value[]): Value[] {
  const results = new Map<string, readonly Value[]>(inputs.map((input, i) => [callOf(input), [given[i] as Value]]));
  const find = (tensor: SymbolicTensor): Value | undefined =>
    results.get(callOf(tensor))?.[tensor.outputTensorIndex ?? 0];
  const open = [...outputs].reverse();
  for (let tensor = open.at(-1); tensor !== undefined; tensor = open.at(-1)) {
    const missing = find(tensor) ? [] : tensor.inputs.filter(input => !find(input));
    if (missing.length > 0) {
      open.push(...missing);
      continue;
    }
    if (!find(tensor))
      results.set(
        callOf(tensor),
        writeCall(
          writing,
          tensor,
          tensor.inputs.map(input => find(input) as Value),
        ),
      );
    open.pop();
  }
  return outputs.map(output => find(output) as Value);
}

/** A layer may be called several times, and a network has several outputs. */
const callOf = ({ sourceLayer, nodeIndex }: SymbolicTensor): string => `${sourceLayer.id} ${nodeIndex}`;

function writeCall(writing: Writing, { sourceLayer: layer, shape: told }: SymbolicTensor, inputs: Value[]): Value[] {
  if (isNetwork(layer)) return writeNetwork(writing, layer, inputs);
  const { graph, refused } = writing;
  const className = layer.getClassName();
  const refuseLayer = (reason: string): Value[] => {
    refused.set(layer, { name: layer.name, className, reason });
    return [{ name: '', shape: told.slice(1).map(side => side ?? 1), order: 'last' }];
  };
  const [input] = inputs;
  const writer = layerWriters.get(className);
  if (!writer || !input) return refuseLayer('');
  if (refused.size > 0 && refused.has(layer)) return refuseLayer(refused.get(layer)?.reason ?? '');
  try {
    const shape = shapeAfter(layer, inputs);
    const call: LayerCall = {
      layer,
      name: graph.freeBase(layer.name),
      config: layer.getConfig() as LayerCall['config'],
      inputs,
      input,
      shape,
      graph,
      weight: name => weightOf(writing, layer, name),
    };
    return [writer(call)];
  } catch (error) {
    if (error instanceof Refusal) return refuseLayer(error.message);
    throw error;
  }
}

const isNetwork = (layer: Layer): layer is LayersModel => Array.isArray((layer as Partial<LayersModel>).layers);

function shapeAfter(layer: Layer, inputs: readonly Value[]): number[] {
  const shapes = inputs.map(({ shape }) => [null, ...shape]);
  const given = shapes.length === 1 ? (shapes[0] as (number | null)[]) : shapes;
  const shape = layer.computeOutputShape(structuredClone(given)) as (number | null)[];
  const sides = shape.slice(1).map(side => side ?? -1);
  return sides.every(side => side > 0) ? sides : refuse(`its output is of shape [${sides.join(', ')}]`);
}

function weightOf({ weights }: Writing, layer: Layer, name: string): Weight {
  const variable = layer.weights.find(({ originalName }) => originalName.split('/').at(-1) === name);
  const values = variable && weights.get(variable);
  if (!values) return refuse(`its weight "${name}" is ${variable ? `of ${variable.dtype}` : 'not there'}`);
  return { key: variable, shape: variable.shape as number[], values };
}
