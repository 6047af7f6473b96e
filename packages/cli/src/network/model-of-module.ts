import { requireModel } from '@espalier/core/tfjs';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { isOwnLayer, loadModule, moduleArguments, reasonOf } from './load-module.js';
import { NetworkModuleError } from './network-errors.js';

const remedy =
  'Export a LayersModel as default, or a function that makes one: export default ({ tf, layers }) => layers.sequential(…).';

/**
 * The network that a module exports, as `default` or as `model`: a `LayersModel`, or a function that gives one, which
 * is called with `{ tf, layers }`.
 *
 * @throws {@link NetworkModuleError} if the module cannot be loaded or gives something else.
 */
export async function modelOfModule(path: string): Promise<LayersModel> {
  const exported = await loadModule(path);
  const found = exported.default ?? exported.model;
  if (found === undefined) {
    const names = Object.keys(exported);
    const has = names.length === 0 ? 'nothing' : names.slice(0, 8).join(', ');
    throw new NetworkModuleError(path, `It exports ${has}. ${remedy}`);
  }
  const made = typeof found === 'function' && !isModel(found) ? await called(path, found) : found;
  if (!isModel(made)) throw new NetworkModuleError(path, `What it exports is no LayersModel. ${remedy}`);
  if (isOwnLayer(made)) return made;
  throw new NetworkModuleError(
    path,
    'Its LayersModel is of another copy of TensorFlow.js than that of this command. Build it with the one that a function ' +
      'gets: export default ({ tf, layers }) => layers.sequential(…), or install @tensorflow/tfjs-layers beside @espalier/cli.',
  );
}

async function called(path: string, make: unknown): Promise<unknown> {
  try {
    return await (make as (given: typeof moduleArguments) => unknown)(moduleArguments);
  } catch (cause) {
    throw new NetworkModuleError(path, `The function that it exports threw: ${reasonOf(cause)}`, { cause });
  }
}

function isModel(value: unknown): value is LayersModel {
  try {
    requireModel(value as LayersModel);
    return true;
  } catch {
    return false;
  }
}
