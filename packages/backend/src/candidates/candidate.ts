import type { BackendName, BackendOptions } from '../types.js';

/** What came of trying a backend: it is now the current one, or the reason why not in one line without a full stop. */
export type Outcome = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** A backend that `useBackend` can try. */
export interface Candidate {
  readonly name: BackendName;
  /** What a person can do when it is unavailable, one or two sentences. */
  readonly remedy: string;
  /** Makes it the current backend if that is possible. `automatic` is true when nobody asked for it by name. */
  activate(options: BackendOptions, automatic: boolean): Promise<Outcome>;
}

/** The backend was passed over for this reason. */
export function passOver(reason: string): Outcome {
  return { ok: false, reason };
}
