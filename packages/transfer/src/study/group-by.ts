/** At least one item. */
export type Group<Item> = readonly [Item, ...Item[]];

/** Items with equal keys together, groups and members in the order in which they first appear. */
export function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => readonly unknown[]): Group<Item>[] {
  const groups = new Map<string, [Item, ...Item[]]>();
  for (const item of items) {
    const key = JSON.stringify(keyOf(item));
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups.values()];
}
