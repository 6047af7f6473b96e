import { TensorsMismatchError } from '@espalier/models';

/**
 * Loads tensors by their names, or, where not one of them has a place by its own, without what all their names begin
 * with: programs that train write `backbone.conv1.weight` or `model.encoder.conv1.weight`.
 *
 * @param names - The tensors' names.
 * @param load - Loads them without a prefix that they all have.
 * @throws What `load` throws for the names as they are if it is that none fits with any prefix.
 */
export function belowPrefix<T>(names: readonly string[], load: (prefix: string) => T): T {
  let first: unknown;
  for (const prefix of ['', ...sharedPrefixes(names)]) {
    try {
      return load(prefix);
    } catch (error) {
      if (!placesNone(error, names)) throw error;
      first ??= error;
    }
  }
  throw first;
}

/** What all names begin with, from one part on; at least two parts of each name are left. */
function sharedPrefixes(names: readonly string[]): string[] {
  const split = names.map(name => name.split('.'));
  const [example = []] = split;
  const prefixes: string[] = [];
  for (
    let parts = 1;
    split.every(name => name.length >= parts + 2 && name[parts - 1] === example[parts - 1]);
    parts++
  ) {
    if (parts > example.length) break;
    prefixes.push(`${example.slice(0, parts).join('.')}.`);
  }
  return prefixes;
}

function placesNone(error: unknown, names: readonly string[]): boolean {
  const counted = names.filter(name => !name.endsWith('num_batches_tracked')).length;
  return error instanceof TensorsMismatchError && error.unknown.length >= counted;
}
