import type * as H5 from 'h5wasm';
import type { KerasTensor } from '../keras/keras-tensor.js';
import { tensorOf } from './dataset.js';
import { ModelFileError } from './errors.js';
import { invalidKerasFile } from './hdf5.js';

/** What holds no weights of the model. */
const ignored: ReadonlySet<string> = new Set(['vars', 'seed_generator', 'optimizer']);

/** How deep models and layers may be nested; deeper ones are links in a circle. */
const deepest = 20;

/** The weights of a `.weights.h5` file, where each layer numbers its own and says its name beside them. */
export function* numberedLayout(
  file: string,
  group: H5.Group,
  h5: typeof H5,
  path: readonly string[] = [],
): Generator<readonly [string, KerasTensor]> {
  if (path.length > deepest) throw invalidKerasFile(file, 'Its groups are nested without end.');
  const vars = group.get('vars');
  if (vars instanceof h5.Group) {
    for (const place of vars.keys()) {
      if (path.length === 0) throw invalidKerasFile(file, 'It has weights outside of layers.');
      if (path.at(-1) === '') throw withoutNames(file, group.path);
      const name = [...path, place].join('/');
      yield [name, tensorOf(file, name, vars.get(place), h5)];
    }
  }
  for (const key of group.keys()) {
    const child = ignored.has(key) ? undefined : group.get(key);
    if (!(child instanceof h5.Group)) continue;
    const inner = key === 'layers' ? child.keys().map(name => child.get(name)) : [child];
    for (const layer of inner) {
      if (layer instanceof h5.Group) yield* numberedLayout(file, layer, h5, [...path, layerName(layer, h5)]);
    }
  }
}

function layerName(layer: H5.Group, h5: typeof H5): string {
  const vars = layer.get('vars');
  const name = vars instanceof h5.Group ? vars.attrs.name?.value : undefined;
  return typeof name === 'string' ? name : '';
}

function withoutNames(file: string, where: string): ModelFileError {
  return new ModelFileError(
    'KERAS_FILE_WITHOUT_NAMES',
    file,
    `It does not say the name of the layer at "${where}".`,
    "Load it in Keras and save it as .h5 (model.save('model.h5')), or with a newer Keras 3, which writes the names.",
  );
}
