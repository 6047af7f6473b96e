import { InvalidDescriptionError } from '../../errors.js';
import { show } from '../show.js';

/** The fields of one object, each of which must be asked for. */
export class NodeFields {
  readonly #fields: { readonly [name: string]: unknown };
  readonly #asked = new Set<string>();

  constructor(
    value: unknown,
    readonly where: string,
  ) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new InvalidDescriptionError(`The ${where} is ${show(value)}, but must be an object.`);
    }
    this.#fields = value as { readonly [name: string]: unknown };
  }

  /** A field of any type, or `undefined`. */
  take(field: string): unknown {
    this.#asked.add(field);
    return Object.hasOwn(this.#fields, field) ? this.#fields[field] : undefined;
  }

  text(field: string): string {
    const value = this.take(field);
    return typeof value === 'string' ? value : this.fail(field, value, 'a string');
  }

  optionalText(field: string): string | undefined {
    return this.take(field) === undefined ? undefined : this.text(field);
  }

  choice<T extends string>(field: string, choices: readonly T[], otherwise?: T): T {
    const value = this.take(field) ?? otherwise;
    return choices.find(choice => choice === value) ?? this.fail(field, value, choices.join(' or '));
  }

  list(field: string): readonly unknown[] {
    const value = this.take(field);
    return Array.isArray(value) ? value : this.fail(field, value, 'an array');
  }

  texts(field: string): readonly string[] {
    return this.list(field).map(item =>
      typeof item === 'string' ? item : this.fail(field, item, 'an array of strings'),
    );
  }

  /** As many integers, none below `least`; or `otherwise` if the field is absent. */
  integers(field: string, count: number, least: number, otherwise?: readonly number[]): readonly number[] {
    const value = this.take(field) ?? otherwise;
    const isFit = (item: unknown): item is number => Number.isSafeInteger(item) && (item as number) >= least;
    if (Array.isArray(value) && value.length === count && value.every(isFit)) return value;
    return this.fail(field, value, `${count} integers ≥ ${least}`);
  }

  /** An integer from 1; or `otherwise` if the field is absent. */
  count(field: string, otherwise: number): number {
    const value = this.take(field) ?? otherwise;
    return Number.isSafeInteger(value) && (value as number) >= 1
      ? (value as number)
      : this.fail(field, value, 'an integer ≥ 1');
  }

  number(field: string, least: number): number {
    const value = this.take(field);
    return typeof value === 'number' && value >= least && value < Number.POSITIVE_INFINITY
      ? value
      : this.fail(field, value, `a number ≥ ${least}`);
  }

  /** Refuses fields that nobody asked for. */
  done(): void {
    const unknown = Object.keys(this.#fields).find(field => !this.#asked.has(field));
    if (unknown === undefined) return;
    throw new InvalidDescriptionError(
      `The ${this.where} has a field ${show(unknown)}, which is not known. Known: ${[...this.#asked].join(', ')}.`,
    );
  }

  fail(field: string, value: unknown, expected: string): never {
    throw new InvalidDescriptionError(`The ${field} of the ${this.where} is ${show(value)}, but must be ${expected}.`);
  }
}
