/** Letters alone, in lower case: `weight_decay`, `weight-decay` and `weightDecay` are the same name. */
const letters = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .replace(/is(e|ation)/g, 'iz$1');

/**
 * The name that was most likely meant: the same letters apart from case, signs and British spelling, else one that differs by at most a
 * third of its letters; `undefined` if none is near.
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const written = letters(name);
  let nearest: string | undefined;
  let least = Math.max(1, Math.floor(written.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(written, letters(candidate), least);
    if (distance < least) [least, nearest] = [distance, candidate];
  }
  return nearest;
}

/** Levenshtein's distance, or `most` if it is not less. */
function editDistance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) >= most) return most;
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const letter of a) {
    let [diagonal = 0] = above;
    let left = diagonal + 1;
    above = [
      left,
      ...above.slice(1).map((up, column) => {
        left = Math.min(left + 1, up + 1, diagonal + (letter === b[column] ? 0 : 1));
        diagonal = up;
        return left;
      }),
    ];
  }
  return Math.min(most, above.at(-1) ?? most);
}
