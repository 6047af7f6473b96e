import { MalformedDataError } from '../../errors.js';

/** An array of a MAT-file. All are column-major. */
export type MatValue = MatNumbers | MatText | MatStruct | MatCells;

export interface MatNumbers {
  readonly kind: 'numbers';
  readonly dimensions: readonly number[];
  /** Whole numbers of 64 bits are rounded to doubles. */
  readonly values: Float64Array;
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

/** Whole numbers from 1 to `most`. */
export function countingNumbers(value: MatValue | undefined, most: number, source: string, what: string): number[] {
  const { values } = ofKind(value, 'numbers', source, what);
  for (const number of values) {
    if (Number.isSafeInteger(number) && number >= 1 && number <= most) continue;
    throw new MalformedDataError(source, `${what} holds ${number}, which is no whole number from 1 to ${most}`);
  }
  return [...values];
}
