import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { malformed, show } from '../../topology/fields/fields.js';

/** Most entries of one value for one example (1 GiB of floats), and of all values together. */
const [mostOfOne, mostOfAll] = [2 ** 28, 2 ** 32];

/** Adds up what the values of a network take, so that a small file cannot ask for all memory. */
export class LayerSizes {
  #all = 0;

  /** Takes the values that a call of a layer gives. */
  add(layer: string, outputs: readonly SymbolicTensor[]): void {
    for (const { shape } of outputs) {
      const sides = shape.slice(1).map(side => side ?? 1);
      const size = sides.reduce((product, side) => product * Math.max(side, 1), 1);
      if (!sides.every(Number.isSafeInteger)) malformed(`Layer "${layer}" gives values of shape ${show(shape)}.`);
      this.#all += size;
      if (size > mostOfOne || this.#all > mostOfAll)
        malformed(
          `Layer "${layer}" gives values of shape ${show(shape)}, over the limit of ${mostOfOne} entries (${mostOfAll} in all).`,
        );
    }
  }
}
