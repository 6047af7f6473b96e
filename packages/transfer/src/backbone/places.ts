import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Layer } from './named-output.js';

/** Places of a map; unknown sides count as many. */
export function placesOf({ shape }: SymbolicTensor): number {
  return shape.slice(1, -1).reduce<number>((product, side) => product * (side ?? Number.POSITIVE_INFINITY), 1);
}

/** Values of a map at many places averaged over them; everything else as it is. */
export function averaged(map: SymbolicTensor, maximum = false): SymbolicTensor {
  if (map.rank !== 4 || placesOf(map) <= 1) return map;
  const options = { name: 'transfer_pool', dataFormat: 'channelsLast' } as const;
  const layer = maximum ? layers.globalMaxPooling2d(options) : layers.globalAveragePooling2d(options);
  return layer.apply(map) as SymbolicTensor;
}

/** Whether a pooling makes one place of all. */
export function isWholePooling(layer: Layer, { shape, inputs }: SymbolicTensor): boolean {
  const kind = layer.getClassName();
  if (/^Global(Average|Max)Pooling2D$/.test(kind)) return true;
  const [before] = inputs;
  if (!/^(Average|Max)Pooling2D$/.test(kind) || !before) return false;
  return shape.slice(1, -1).every(side => side === 1) && placesOf(before) > 1;
}
