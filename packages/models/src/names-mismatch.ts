/** How many names a message lists; fields have all of them. */
const shown = 20;

function list(names: readonly string[]): string {
  const rest = names.length - shown;
  return names.slice(0, shown).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

/** Says which weights of a model get no tensor, which tensors have no place in it, and what to do. */
export function namesMismatch(missing: readonly string[], unknown: readonly string[], remedy: string): string {
  const parts = [
    missing.length > 0 && `Without a tensor: ${list(missing)}.`,
    unknown.length > 0 && `Without a place in the model: ${list(unknown)}.`,
    remedy,
  ];
  return parts.filter(Boolean).join(' ');
}
