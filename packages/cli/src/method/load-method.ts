import { nearestName } from '@espalier/core';
import { UsageError } from '../errors.js';
import { importFile, importPackage, isPath } from './import-module.js';
import { definedMethod, type KnownMethod } from './known-method.js';
import { methodIn } from './method-in.js';
import { methodNames, registry } from './registry.js';

/**
 * The method that a reference names: one of the registry, a file (`./my-method.mjs`) or a package; with `#name` one of
 * several in it.
 *
 * @param reference - What was written.
 * @param where - How the user knows it: `--method` or `recipe.method`.
 * @throws {@link UsageError} if there is none; it says which one was most likely meant.
 * @throws {@link MethodUnusableError} if what is there is no method.
 */
export async function loadMethod(reference: string, where = '--method'): Promise<KnownMethod> {
  const own = registry.get(reference);
  if (own) return definedMethod(reference, own);
  const [source = '', wanted] = reference.split('#');
  if (isPath(source)) return methodIn(reference, await importFile(source), wanted);
  const near = wanted === undefined ? nearestName(reference, methodNames) : undefined;
  const exported = await importPackage(source);
  if (exported) return methodIn(reference, exported, wanted);
  const meant = near === undefined ? '' : ` Did you mean ${near}?`;
  throw new UsageError(
    `${where} is "${reference}", but must be one of: ${methodNames.join(', ')}; or a package that is installed, or a file such as ./my-method.mjs.${meant}`,
  );
}
