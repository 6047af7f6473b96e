import { type Checkpoint, EspalierError } from '@espalier/core';
import { measureSpeed } from '../speed/measure-speed.js';
import type { SpeedReport } from '../speed/report.js';

/** The measurement of a report: what it says, or why there is none. */
export interface Measured {
  readonly measured: SpeedReport | null;
  readonly unmeasured: string | null;
}

/** Times the network and its layers just as `bench --per-layer` does. */
export async function measure(checkpoint: Checkpoint): Promise<Measured> {
  try {
    return { measured: await measureSpeed(checkpoint, { perLayer: true }), unmeasured: null };
  } catch (error) {
    if (!EspalierError.isInstance(error)) throw error;
    return { measured: null, unmeasured: `${error.code}: ${error.message}` };
  }
}
