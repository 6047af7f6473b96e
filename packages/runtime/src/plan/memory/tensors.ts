import type { TileTensor } from '../../engine/engine.js';
import { channelView, tensorAt } from '../../engine/tensor.js';
import { imageOf, lanesOf, type Storage } from './storage.js';

/** The tensor of every value, given where the buffers lie. */
export function tensorsOf(storage: Storage, addresses: readonly number[], lanes: number): (name: string) => TileTensor {
  const tensors = new Map<string, TileTensor>();
  const tensorOf = (name: string): TileTensor => {
    const known = tensors.get(name);
    if (known !== undefined) return known;
    const shape = storage.shapeOf.get(name) ?? [0];
    const place = storage.placeOf.get(name);
    const tensor =
      place === undefined
        ? tensorAt(addresses[storage.bufferOf.get(name) ?? -1] ?? 0, imageOf(shape), lanesOf(shape, lanes))
        : channelView(tensorOf(place.concat), place.first, imageOf(shape).channels);
    tensors.set(name, tensor);
    return tensor;
  };
  return tensorOf;
}
