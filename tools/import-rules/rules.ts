import { resolve } from 'node:path';
import { cruise, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser';
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config';

/** One import that breaks a rule. */
export interface Violation {
  readonly rule: string;
  readonly from: string;
  readonly to: string;
}

/** Import-rule violations in a tree laid out like this repository (`packages/`, `tsconfig.json`). */
export async function importViolations(root: string, folders: readonly string[]): Promise<Violation[]> {
  const fileName = resolve(root, 'tsconfig.json');
  const rules = await extractOptions(resolve(import.meta.dirname, '../../.dependency-cruiser.mjs'));
  const options: ICruiseOptions = { ...rules, baseDir: root, tsConfig: { fileName } };
  const { output } = await cruise([...folders], options, {}, { tsConfig: extractTsConfig(fileName) });
  return (output as ICruiseResult).summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to }));
}
