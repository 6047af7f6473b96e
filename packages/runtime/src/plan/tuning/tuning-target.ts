import type { Engine, NativeChoice } from '../../engine/engine.js';

/** What the fastest variants depend on besides the network. */
export interface TuningTarget {
  readonly threads: number;
  readonly instructions: Engine['instructions'];
  readonly native?: NativeChoice | undefined;
}
