import { ModelFileError } from '../errors.js';
import { invalidKerasFile } from '../file-problems.js';
import { type StoredWeight, storedWeight } from '../hdf5/dataset.js';
import type { Hdf5Group } from '../hdf5/hdf5.js';
import type { Hdf5Node } from '../hdf5/hdf5-program.js';

/** What holds no weights of the model. */
const ignored: ReadonlySet<string> = new Set(['vars', 'seed_generator', 'optimizer']);

/** How deep models and layers may be nested; deeper ones are links in a circle. */
const deepest = 20;

/** The weights of a `.weights.h5` file, where each layer numbers its own and says its name beside them. */
export function* numberedLayout(file: string, group: Hdf5Group, path: readonly string[] = []): Generator<StoredWeight> {
  if (path.length > deepest) throw invalidKerasFile(file, 'Its groups are nested without end.');
  const vars = group.entries.get('vars');
  if (vars?.kind === 'group') {
    for (const [place, node] of vars.entries) {
      if (path.length === 0) throw invalidKerasFile(file, 'It has weights outside of layers.');
      if (path.at(-1) === '') throw withoutNames(file, group.path);
      yield storedWeight(file, [...path, place].join('/'), node);
    }
  }
  for (const [key, child] of group.entries) {
    if (ignored.has(key) || child.kind !== 'group') continue;
    const list = key === 'layers' || key === 'cells';
    const inner = list ? [...child.entries].sort(([a], [b]) => byNumber(a, b)) : [[key, child] as const];
    for (const [place, layer] of inner) {
      if (layer.kind !== 'group') continue;
      yield* numberedLayout(file, layer, [...path, key === 'cells' ? place : layerName(layer)]);
    }
  }
}

/** `cell`, `cell_1`, `cell_2`, `cell_10`. */
const byNumber = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });

function layerName(layer: Hdf5Group): string {
  const vars: Hdf5Node | undefined = layer.entries.get('vars');
  const name = vars?.kind === 'group' ? vars.attributes.get('name') : undefined;
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
