import { type LayerCall, type LayerWriter, refuse } from '../layer-call.js';
import type { Value } from '../value.js';

/** Values of a weight that the layer may leave out. */
function vector({ graph, name, input, weight }: LayerCall, part: string, there: boolean, otherwise: number): string {
  const length = input.shape.at(-1) as number;
  if (!there)
    return graph.constant('filled', `filled with ${otherwise}`, [length], () =>
      new Float32Array(length).fill(otherwise),
    );
  const { key, shape, values } = weight(part);
  return graph.constant(key, `${name}/${part}`, shape, () => values);
}

function requireLastAxis({ input, config }: LayerCall): void {
  const axes = [config.axis ?? -1].flat() as number[];
  const [axis] = axes;
  if (axes.length !== 1 || (axis !== -1 && axis !== input.shape.length)) refuse(`axis ${axes.join()}`);
}

const epsilonOf = ({ config }: LayerCall): number => (typeof config.epsilon === 'number' ? config.epsilon : 1e-3);

/** By the moving averages, as outside training. */
const batch: LayerWriter = call => {
  const { config, graph, name } = call;
  requireLastAxis(call);
  const input = graph.first(call.input);
  if (input.shape.length > 1 && input.order === 'last') return refuse(`an input of ${input.shape.length + 1} axes`);
  const weights = [
    vector(call, 'gamma', config.scale !== false, 1),
    vector(call, 'beta', config.center !== false, 0),
    vector(call, 'moving_mean', true, 0),
    vector(call, 'moving_variance', true, 1),
  ];
  const epsilon = { float: epsilonOf(call) };
  return { ...input, name: graph.emit('BatchNormalization', name, [input.name, ...weights], { epsilon }) };
};

const layer: LayerWriter = call => {
  const { config, graph, name } = call;
  requireLastAxis(call);
  const input = graph.last(call.input);
  const weights = [vector(call, 'gamma', config.scale !== false, 1), vector(call, 'beta', config.center !== false, 0)];
  const attributes = { axis: { integer: -1 }, epsilon: { float: epsilonOf(call) } };
  return { ...input, name: graph.emit('LayerNormalization', name, [input.name, ...weights], attributes) };
};

/** A number, or one for each channel, that every value is multiplied by or that is added. */
function affine(opType: string, call: LayerCall, input: Value, name: string, factors: unknown): Value {
  const { graph } = call;
  const list = [factors].flat() as number[];
  if (!list.every(Number.isFinite)) return refuse('factors that are no numbers');
  if (list.length > 1 && list.length !== input.shape.at(-1)) return refuse(`${list.length} factors`);
  const spread = input.order === 'first' ? input.shape.slice(1).map(() => 1) : [];
  const constant =
    list.length === 1
      ? graph.scalar(list[0] as number)
      : graph.constant(call.layer, `${name}/${opType}_factors`, [list.length, ...spread], () =>
          Float32Array.from(list),
        );
  return { ...input, name: graph.emit(opType, name, [input.name, constant]) };
}

const rescaling: LayerWriter = call => {
  const { config, name, input } = call;
  const [scale, offset] = [config.scale ?? 1, config.offset ?? 0];
  const adds = [offset].flat().some(value => value !== 0);
  const scaled = affine('Mul', call, input, adds ? `${name}/scaled` : name, scale);
  return adds ? affine('Add', call, scaled, name, offset) : scaled;
};

/** Writers of normalizations. */
export const normalizations: Readonly<Record<string, LayerWriter>> = {
  BatchNormalization: batch,
  LayerNormalization: layer,
  Rescaling: rescaling,
};
