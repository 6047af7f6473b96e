import type { Checkpoint, Json } from '@espalier/core';

/** Layers that move numbers of an image, or leave them out, before something is computed with them. */
const moving = new Set(['InputLayer', 'Permute', 'Cropping2D', 'Concatenate', 'ZeroPadding2D', 'Activation']);

/** Layers that are looked at. */
const most = 200;

/**
 * Whether the first thing that a network does to an image is to scale pixels from 0 to 255, as a `Rescaling(1 / 255)`
 * does and one that takes off the averages of colors: such a network wants pixels as they are.
 */
export function scalesPixels({ model }: Pick<Checkpoint, 'model'>): boolean {
  const first = layersOf(model).find(({ class_name: name, config }) => {
    const { activation } = (config ?? {}) as { readonly activation?: Json };
    return !moving.has(String(name)) || (name === 'Activation' && activation !== 'linear');
  });
  if (first?.class_name !== 'Rescaling') return false;
  const { scale = 1, offset = 0 } = (first.config ?? {}) as { readonly scale?: Json; readonly offset?: Json };
  const numbers = (value: Json): number[] => [value].flat().filter(one => typeof one === 'number') as number[];
  const [factors, terms] = [numbers(scale), numbers(offset)];
  const small = factors.length > 0 && factors.every(factor => factor !== 0 && Math.abs(factor) < 1 / 25);
  return small || terms.some(term => Math.abs(term) > 25);
}

interface Entry {
  readonly class_name?: Json;
  readonly config?: Json;
}

/** Layers in the order of the topology, those of networks inside in their place. */
function layersOf(value: Json | undefined, depth = 0): Entry[] {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isObject || depth > 8) return [];
  const entry = value as { readonly config?: Json; readonly model_config?: Json; readonly class_name?: Json };
  if (entry.model_config !== undefined) return layersOf(entry.model_config, depth + 1);
  const { layers } = (entry.config ?? {}) as { readonly layers?: Json };
  if (!Array.isArray(layers)) return entry.class_name === undefined ? [] : [entry];
  return layers.slice(0, most).flatMap(layer => layersOf(layer, depth + 1));
}
