/** A value of unknown type in a message, at most 60 characters long. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}

/** True if arrays and objects are nested deeper than `most` levels, as they are in a cycle. */
export function isDeeperThan(value: unknown, most: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return most === 0 || Object.values(value).some(item => isDeeperThan(item, most - 1));
}
