import { MalformedDataError } from '../../errors.js';
import type { MatNumberArray } from './numbers.js';

/** An array of a MAT-file. All are column-major. */
export type MatValue = MatNumbers | MatText | MatStruct | MatCells;

export interface MatNumbers {
  readonly kind: 'numbers';
  readonly dimensions: readonly number[];
  readonly values: MatNumberArray;
}

export interface MatText {
  readonly kind: 'text';
  readonly dimensions: readonly number[];
  readonly rows: readonly string[];
}

export interface MatStruct {
  readonly kind: 'struct';
  readonly dimensions: readonly number[];
  readonly fields: readonly string[];
  /** One map a struct, from field to value; none if there are no fields. */
  readonly elements: readonly ReadonlyMap<string, MatValue>[];
}

export interface MatCells {
  readonly kind: 'cells';
  readonly dimensions: readonly number[];
  readonly cells: readonly MatValue[];
}

type Kinds = { [Kind in MatValue['kind']]: Extract<MatValue, { kind: Kind }> };

/** The value as the kind that it has to be. `what` names it in the error. */
export function ofKind<Kind extends MatValue['kind']>(
  value: MatValue | undefined,
  kind: Kind,
  source: string,
  what: string,
): Kinds[Kind] {
  if (value?.kind === kind) return value as Kinds[Kind];
  throw new MalformedDataError(
    source,
    `${what} is ${value === undefined ? 'missing' : `of kind ${value.kind}`}, not ${kind}`,
  );
}

/** The text of a value that is one row of characters. */
export function textOf(value: MatValue | undefined, source: string, what: string): string {
  return ofKind(value, 'text', source, what).rows[0] ?? '';
}

/** Whole numbers from 1 to `most`, at most `count` of them. */
export function countingNumbers(
  value: MatValue | undefined,
  { most, count }: { readonly most: number; readonly count: number },
  source: string,
  what: string,
): number[] {
  const { values } = ofKind(value, 'numbers', source, what);
  if (values.length > count) {
    throw new MalformedDataError(source, `${what} holds ${values.length} numbers, more than the ${count} there can be`);
  }
  for (const number of values) {
    if (Number.isSafeInteger(number) && number >= 1 && number <= most) continue;
    throw new MalformedDataError(source, `${what} holds ${number}, which is no whole number from 1 to ${most}`);
  }
  return [...values];
}
