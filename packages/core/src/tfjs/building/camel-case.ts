/** A word of Keras as TensorFlow.js spells it: `channels_last` is `channelsLast`. */
export const camelCase = (word: string): string =>
  word.length < 2 ? word : word.replace(/_+([A-Za-z0-9]|$)/g, (_, letter: string) => letter.toUpperCase());

/** Names that stay as they are. */
const names: readonly string[] = ['name', 'class_name'];

/**
 * An option with its words as TensorFlow.js spells them; `replace` gives what stands for an object, if anything does.
 */
export function camelCased(value: unknown, replace: (value: object) => unknown, key = ''): unknown {
  if (typeof value === 'string') return names.includes(key) ? value : camelCase(value);
  if (typeof value !== 'object' || value === null) return value;
  const replaced = replace(value);
  if (replaced !== undefined) return replaced;
  if (Array.isArray(value)) return value.map(item => camelCased(item, replace, key));
  return Object.fromEntries(
    Object.entries(value).map(([option, item]) => [camelCase(option), camelCased(item, replace, option)]),
  );
}
