import type { Checkpoint } from '@espalier/core';
import type { LeftOut } from '../report.js';
import type { Candidate } from './candidate.js';
import { tfjsCandidate } from './tfjs-candidate.js';

/** The candidate, or why there is none. */
export interface Peer {
  readonly candidate?: Candidate;
  readonly leftOut?: LeftOut;
}

/** TensorFlow.js with the network, after a first run to see whether it can run it at all. */
export async function openTfjs(checkpoint: Checkpoint, batch: number): Promise<Peer> {
  let candidate: Candidate | undefined;
  try {
    candidate = await tfjsCandidate(checkpoint, batch);
    await candidate.run();
    return { candidate };
  } catch (error) {
    await candidate?.dispose();
    return { leftOut: { name: 'tfjs-wasm', reason: error instanceof Error ? error.message : String(error) } };
  }
}
