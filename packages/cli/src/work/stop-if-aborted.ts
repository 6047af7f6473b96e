/**
 * Lets a signal of the system arrive, and throws its reason if one has. For work that never waits for anything between
 * two such places, so that nothing else would hear of it.
 */
export async function stopIfAborted(signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>(resolve => setImmediate(resolve));
  signal?.throwIfAborted();
}
