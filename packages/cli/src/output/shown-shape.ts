/** A shape in a message; `null` is a side of any length. */
export const shownShape = (shape: readonly (number | null)[]): string =>
  `[${shape.map(side => side ?? 'any').join(', ')}]`;
