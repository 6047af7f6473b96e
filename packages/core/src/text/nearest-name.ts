/** Letters alone, in lower case: `weight_decay`, `weight-decay` and `weightDecay` are the same name. */
const letters = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .replace(/is(e|ation)/g, 'iz$1');

/**
 * The name that was most likely meant: the same letters apart from case, signs and British spelling, else one that
 * differs by at most a third of its letters, else the only one that begins so; `undefined` if there is none.
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  if (typeof name !== 'string' || !Array.isArray(known)) return undefined;
  const written = letters(name);
  let nearest: string | undefined;
  let least = Math.max(1, Math.floor(written.length / 3)) + 1;
  for (const candidate of known) {
    if (typeof candidate !== 'string') continue;
    const distance = editDistance(written, letters(candidate), least);
    if (distance < least) [least, nearest] = [distance, candidate];
  }
  return nearest ?? onlyBeginning(written, known);
}

/** The only name that begins with what was written, if that is more than two letters. */
function onlyBeginning(written: string, known: readonly string[]): string | undefined {
  const begun =
    written.length > 2 ? known.filter(name => typeof name === 'string' && letters(name).startsWith(written)) : [];
  return begun.length === 1 ? begun[0] : undefined;
}

/**
 * Letters to be changed, put in, taken out or swapped with their neighbor (optimal string alignment), or `most` if not
 * less.
 */
function editDistance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) >= most) return most;
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 0; i < a.length; i++) {
    const row = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const swapped = i > 0 && j > 0 && a[i] === b[j - 1] && a[i - 1] === b[j];
      const [up = 0, diagonal = 0, left = 0] = [above[j + 1], above[j], row[j]];
      const straight = Math.min(up + 1, left + 1, diagonal + (a[i] === b[j] ? 0 : 1));
      row.push(swapped ? Math.min(straight, (before[j - 1] ?? 0) + 1) : straight);
    }
    [before, above] = [above, row];
  }
  return Math.min(most, above.at(-1) ?? most);
}
