import { UnsupportedLayerOptionError } from '@espalier/core';
import type { JsonObject } from '../layers-model/model-json.js';

/** A network of layers one after the other, with its calls said one by one; its input comes first. */
export function asFunctional(
  network: JsonObject & { readonly config: JsonObject },
  layers: readonly JsonObject[],
): JsonObject & { readonly config: JsonObject } {
  const { name: own = 'network', trainable, build_input_shape: built } = network.config;
  const configOf = (entry: JsonObject | undefined): JsonObject => (entry?.config ?? {}) as JsonObject;
  const nameOf = (entry: JsonObject | undefined): string => String(entry?.name ?? configOf(entry).name);
  const [first] = layers;
  const { batch_input_shape: batch, batch_shape = batch ?? built } = configOf(first);
  if (!Array.isArray(batch_shape))
    throw new UnsupportedLayerOptionError(
      nameOf(first),
      String(first?.class_name),
      'batch_input_shape',
      'no shape of its input, without which the layers behind cannot be put together from others',
    );
  const hasInput = first?.class_name === 'InputLayer';
  const name = `${nameOf(first)}_input`;
  const input = { class_name: 'InputLayer', name, config: { name, batch_input_shape: batch_shape } };
  const all = hasInput ? layers : [input, ...layers];
  const entries = all.map((entry, i) => ({
    ...entry,
    name: nameOf(entry),
    inbound_nodes: i === 0 ? [] : [[[nameOf(all[i - 1]), 0, 0, {}]]],
  }));
  const config = {
    name: own,
    ...(trainable === undefined ? {} : { trainable }),
    layers: entries,
    input_layers: [[nameOf(all[0]), 0, 0]],
    output_layers: [[nameOf(all.at(-1)), 0, 0]],
  };
  return { ...network, class_name: 'Functional', config };
}
