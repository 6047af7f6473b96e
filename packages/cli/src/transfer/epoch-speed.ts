import type { Checkpoint } from '@espalier/core';
import { type RuntimeExtractor, runtimeExtractor } from '@espalier/transfer';
import { planCandidate } from '../speed/candidates/plan-candidate.js';
import { describeMachine } from '../speed/machine.js';
import type { Machine, Milliseconds } from '../speed/report.js';
import { timeCandidates } from '../speed/time-candidates.js';
import { withoutZeros } from '../speed/without-zeros.js';

/**
 * What an epoch of the linear protocol takes here when features are not cached, with the network's zeros skipped and
 * without.
 */
export interface EpochSpeed {
  /** Training images of an epoch. */
  readonly images: number;
  /** Measured milliseconds of the backbone for one image. */
  readonly backbone: { readonly sparse: Milliseconds; readonly dense: Milliseconds };
  /**
   * Measured seconds of the classifier for an epoch, training and scoring (median); `null` if no run had two epochs.
   */
  readonly classifier: number | null;
  /** Seconds of the backbone (median) for all training images, and of the classifier. */
  readonly epoch: { readonly sparse: number; readonly dense: number };
  /** How many times as long the dense backbone takes, alone and in the whole epoch. */
  readonly ratio: { readonly backbone: number; readonly epoch: number };
  /** Fraction of the backbone's multiply-accumulates that is left. */
  readonly flopDensity: number;
  readonly rounds: number;
  readonly threads: number;
  readonly instructions: string;
  readonly machine: Machine;
}

/** Times the backbone beside the same one without zeros, in turn. */
export async function measureEpoch(
  { plan }: RuntimeExtractor,
  checkpoint: Checkpoint,
  known: { readonly images: number; readonly classifier: number | null; readonly signal: AbortSignal },
): Promise<EpochSpeed> {
  const { images, classifier, signal } = known;
  const { threads, instructions, flopDensity } = plan.summary;
  const machine = describeMachine();
  const filled = await runtimeExtractor(withoutZeros(checkpoint), { threads, instructions });
  try {
    const candidates = [planCandidate('sparse', plan, 1), planCandidate('dense', filled.plan, 1)];
    const timed = await timeCandidates({ candidates, sparse: plan, dense: filled.plan }, { budget: 5000, signal });
    const [sparse, dense] = timed.candidates.map(({ milliseconds }) => milliseconds);
    if (!sparse || !dense) throw new RangeError('Two candidates have two times.');
    const seconds = ({ median }: Milliseconds): number => (images * median) / 1000 + (classifier ?? 0);
    const epoch = { sparse: seconds(sparse), dense: seconds(dense) };
    return {
      images,
      backbone: { sparse, dense },
      classifier,
      epoch,
      ratio: { backbone: dense.median / sparse.median, epoch: epoch.dense / epoch.sparse },
      flopDensity,
      rounds: timed.rounds,
      threads,
      instructions,
      machine,
    };
  } finally {
    await filled.dispose();
  }
}
