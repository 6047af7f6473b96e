/** How many names a message lists; the last ones, since features are taken near the end. */
const SHOWN = 12;

/** The names of a network's layers for a message, the last ones if there are many. */
export function lastNames(names: readonly string[]): string {
  const shown = names.slice(-SHOWN).map(name => `"${name}"`);
  const left = names.length - shown.length;
  return `${left > 0 ? `${left} others, ` : ''}${shown.join(', ')}`;
}
