const said = new Set<string>();

/**
 * Says something that does not stop the work, once in a process; on standard error if nobody listens to
 * `process.on('warning')`.
 */
export function warnOnce(message: string): void {
  if (said.has(message)) return;
  said.add(message);
  process.emitWarning(message, { type: 'EspalierWarning', code: 'CACHE_NOT_WRITTEN' });
}
