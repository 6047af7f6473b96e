import { show } from '../../show.js';
import { asOne, asPair } from '../fields.js';
import { imageInput, type LayerCall, refuse, rowInput, type Value } from '../layer-call.js';

/**
 * `UpSampling2D`. Bilinear values lie elsewhere in Keras than in TensorFlow.js: who wrote the topology decides.
 */
export function readUpsampling(call: LayerCall): Value {
  const { interpolation = 'nearest' } = call.config;
  const mode = interpolation ?? 'nearest';
  if (mode !== 'nearest' && mode !== 'bilinear')
    return refuse(`interpolation ${show(mode)}; supported are "nearest" and "bilinear"`);
  const { name: input } = imageInput(call);
  const factors = asPair(call.config.size ?? 2, `size of layer "${call.layer}"`);
  const centers = call.origin === 'tfjs' ? 'corner' : 'half';
  const node = call.builder.add({ kind: 'upsampling', name: call.name, inputs: [input], factors, mode, centers });
  return { node, view: 'plain' };
}

/** `UpSampling1D`: each vector several times. */
export function readRowUpsampling(call: LayerCall): Value {
  const { name: input } = rowInput(call);
  const factors = [1, asOne(call.config.size ?? 2, `size of layer "${call.layer}"`)] as const;
  const common = { name: call.name, inputs: [input], factors } as const;
  return { node: call.builder.add({ kind: 'upsampling', ...common, mode: 'nearest', centers: 'corner' }), view: 'row' };
}
