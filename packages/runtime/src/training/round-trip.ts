import { checkOneOf } from '../executor/options.js';
import type { Access } from './access.js';
import { checkLength } from './check-values.js';
import { load, read, run, sizeOf, type TrainingProduct } from './machine.js';

/** Shapes of what products are computed from, `[batch, height, width, channels]`. */
export interface ImageShapes {
  readonly input: readonly number[];
  readonly outputGradient: readonly number[];
}

/** What one product is computed from. */
type Images = { readonly [Name in keyof ImageShapes]?: Float32Array };

/** Loads, computes and reads with nobody in between; all is checked before anything is loaded. */
export async function roundTrip(
  access: Access,
  shapes: ImageShapes,
  product: TrainingProduct | 'biasGradient',
  images: Images,
): Promise<Float32Array> {
  const entries = Object.entries(images) as [keyof ImageShapes, Float32Array][];
  for (const [tensor, values] of entries) checkImages(tensor, values, shapes);
  return access.use(async machine => {
    for (const [tensor, values] of entries) await load(machine, tensor, values);
    if (product !== 'biasGradient') await run(machine, product);
    return read(machine, product);
  });
}

/** @throws {@link InvalidOptionError} and {@link InvalidInputError} */
export function checkImages(tensor: keyof ImageShapes, values: Float32Array, shapes: ImageShapes): void {
  checkOneOf('tensor', tensor, ['input', 'outputGradient']);
  checkLength(tensor, values, sizeOf(shapes[tensor]));
}

/** @throws {@link InvalidOptionError} if it is none of those that are allowed. */
export function checkProduct(product: string, allowed: readonly string[]): void {
  checkOneOf('product', product, allowed);
}
