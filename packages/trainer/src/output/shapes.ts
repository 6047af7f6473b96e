/** Shape of a symbolic tensor; `null` is a side of any length. */
export type Shape = readonly (number | null)[];

/** Whether two networks can have the same values there. */
export function sameShapes(a: readonly Shape[], b: readonly Shape[]): boolean {
  const same = (shape: Shape, other: Shape = []): boolean =>
    shape.length === other.length && shape.every((side, i) => side === other[i] || side === null || other[i] === null);
  return a.length === b.length && a.every((shape, i) => same(shape, b[i]));
}

/** A shape in a message. */
export const shown = (shape: Shape): string => `[${shape.map(side => side ?? 'any').join(', ')}]`;
