import { InvalidOptionError, type OptionRule, type OptionRules, rules } from '@espalier/core';

const isSide = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 1;

/** Height, width and channels; the channels one of those given, or any. */
export const shapeRule = (...channels: readonly number[]): OptionRule => {
  const expected = channels.length === 0 ? '' : `, the last ${channels.join(' or ')}`;
  return rules.that(
    `three whole numbers of at least 1${expected}`,
    value =>
      Array.isArray(value) &&
      value.length === 3 &&
      value.every(isSide) &&
      Number.isSafeInteger(value[0] * value[1] * value[2]) &&
      (channels.length === 0 || channels.includes(value[2] as number)),
  );
};

/** Names of classes: at least one, no name twice. */
export const classesRule: OptionRule = (option, value: unknown) => {
  rules.list(rules.text)(option, value as never);
  const names = value as readonly string[];
  if (names.length === 0 || new Set(names).size < names.length) {
    throw new InvalidOptionError(option, value, 'at least one name, and no name twice');
  }
};

/** A seed of {@link randomStream}. */
export const seedRule: OptionRule = rules.integer({ from: 0 });

/** Mean and standard deviation of each channel. */
export const normalizationRule: OptionRule = rules.object<{ mean: readonly number[]; std: readonly number[] }>({
  mean: rules.list(rules.number()),
  std: rules.list(rules.number({ above: 0 })),
});

/** Anything that is read like an array of numbers. */
export const numbersRule: OptionRule = rules.that(
  'an array of numbers',
  value => Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value),
);

/** Bytes in memory. */
export const bytesRule: OptionRule = rules.that('a Uint8Array', value => value instanceof Uint8Array);

/** The options that have a rule and a value, out of options that may have more. */
export function chosen<Options extends object>(options: Options, checks: OptionRules<Options>): Options {
  const given = Object.keys(checks).map(key => [key, options[key as keyof Options]] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== undefined)) as Options;
}

/** Labeled images in memory, or what stands for them. */
export const datasetRule: OptionRule = rules.having('a dataset, with copyImage and label', 'copyImage', 'label');

/** Labeled images that are decoded when they are read. */
export const imageFilesRule: OptionRule = rules.having(
  'image files, with read, label and path',
  'read',
  'label',
  'path',
);
