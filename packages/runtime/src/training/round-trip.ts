import type { Exclusive } from '../executor/exclusive.js';
import { checkOneOf } from '../executor/options.js';
import { checkLength } from './check-values.js';
import { load, read, run, sizeOf, type TrainingExecution, type TrainingProduct } from './execution.js';

/** Shapes of the images that products are computed from, `[batch, height, width, channels]`. */
export interface ImageShapes {
  readonly input: readonly number[];
  readonly outputGradient: readonly number[];
}

/** The images that one product is computed from. */
type Images = { readonly [Name in keyof ImageShapes]?: Float32Array };

/** Checks everything, then loads, computes and reads while no other caller can. */
export async function roundTrip(
  exclusive: Exclusive<TrainingExecution>,
  shapes: ImageShapes,
  product: TrainingProduct | 'biasGradient',
  images: Images,
): Promise<Float32Array> {
  const entries = Object.entries(images) as [keyof ImageShapes, Float32Array][];
  for (const [tensor, values] of entries) checkImages(tensor, values, shapes);
  return exclusive.use(async execution => {
    for (const [tensor, values] of entries) await load(execution, tensor, values);
    if (product !== 'biasGradient') await run(execution, product);
    return read(execution, product);
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
