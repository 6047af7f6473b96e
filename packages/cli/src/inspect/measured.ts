import { type Checkpoint, EspalierError } from '@espalier/core';
import { measureSpeed } from '../speed/measure-speed.js';
import type { SpeedReport } from '../speed/report.js';

/** The quick measurement of a report: what it says, or why there is none. */
export interface Measured {
  readonly measured: SpeedReport | null;
  readonly unmeasured: string | null;
}

/** Times the sparse beside the dense plan for about a second, without tuning. Compiling a large network comes on top. */
export async function measureQuickly(checkpoint: Checkpoint): Promise<Measured> {
  try {
    return { measured: await measureSpeed(checkpoint, { tune: false, tfjs: false, budget: 1000 }), unmeasured: null };
  } catch (error) {
    if (!EspalierError.isInstance(error)) throw error;
    return { measured: null, unmeasured: `${error.code}: ${error.message}` };
  }
}
