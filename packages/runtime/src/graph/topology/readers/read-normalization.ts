import { affineOf } from '../../affine.js';
import { channelsOf } from '../../shape-of.js';
import { show } from '../../show.js';
import { malformed } from '../fields.js';
import { type LayerCall, refuse, settledInput, type Value, viewedShape } from '../layer-call.js';
import { vectorOf } from '../weights.js';

/** `BatchNormalization` with its moving statistics. */
export function readNormalization(call: LayerCall): Value {
  const value = settledInput(call);
  const input = value.node;
  const shape = call.builder.shape(input);
  const lastAxis = viewedShape(call, value).length;
  const { axis = -1, epsilon = 1e-3 } = call.config;
  const axes: readonly unknown[] = Array.isArray(axis) ? axis : [axis];
  if (axes.length !== 1 || (axes[0] !== -1 && axes[0] !== lastAxis))
    refuse(`axis ${show(axis)}; supported is the last one`);
  if (typeof epsilon !== 'number' || !(epsilon >= 0))
    malformed(`The epsilon of layer "${call.layer}" is not a number ≥ 0.`);
  const read = (name: string): Float32Array => vectorOf(call, name, channelsOf(shape));
  const affine = affineOf({
    mean: read('moving_mean'),
    variance: read('moving_variance'),
    epsilon: epsilon as number,
    ...(call.config.scale === false ? {} : { gamma: read('gamma') }),
    ...(call.config.center === false ? {} : { beta: read('beta') }),
  });
  return { ...value, node: call.builder.add({ kind: 'normalization', name: call.name, inputs: [input], ...affine }) };
}
