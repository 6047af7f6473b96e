import type { MethodState } from '@espalier/core';
import type { PruningSession } from '@espalier/core/tfjs';

/**
 * Gives a function that tells whether the session changed masks, phase or round since it was last asked. A session
 * replaces the array of every mask that a decision names, so this costs one comparison a layer.
 */
export function watchDecisions<State extends MethodState>(session: PruningSession<State>): () => boolean {
  const look = (): unknown[] => [session.phase, session.clock.round, ...session.masks.values()];
  let last = look();
  return () => {
    const now = look();
    const changed = now.some((value, index) => value !== last[index]);
    last = now;
    return changed;
  };
}
