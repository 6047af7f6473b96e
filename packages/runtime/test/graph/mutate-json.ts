import fc from 'fast-check';

type Change = { readonly where: number; readonly to: unknown } | { readonly where: number; readonly remove: true };

const strange = fc.constantFrom<unknown>(
  null,
  true,
  -1,
  0,
  0.5,
  7,
  2 ** 31,
  1e300,
  '',
  'softmax',
  'same',
  [],
  [0, 0],
  [1, 1],
  [3, 1, 2],
  {},
  { toString: 1, valueOf: 1 },
);

/** One to three changes of a JSON value: something replaced by something strange, or removed. */
export const changes: fc.Arbitrary<readonly Change[]> = fc.array(
  fc.oneof(
    fc.record({ where: fc.nat(), to: strange }),
    fc.record({ where: fc.nat(), remove: fc.constant(true as const) }),
  ),
  { minLength: 1, maxLength: 3 },
);

/** A changed copy; `where` counts fields and items, modulo how many there are. */
export function changed(value: unknown, list: readonly Change[]): unknown {
  const root = { root: structuredClone(value) };
  for (const change of list) {
    const slots = slotsOf(root);
    const slot = slots[change.where % slots.length];
    if (slot === undefined) break; // everything was removed
    const holder = slot.holder as Record<string, unknown>;
    if ('to' in change) holder[slot.key] = structuredClone(change.to);
    else if (Array.isArray(holder)) holder.splice(Number(slot.key), 1);
    else delete holder[slot.key];
  }
  return root.root;
}

function slotsOf(holder: unknown): { readonly holder: object; readonly key: string }[] {
  if (typeof holder !== 'object' || holder === null) return [];
  return Object.entries(holder).flatMap(([key, value]) => [{ holder, key }, ...slotsOf(value)]);
}
