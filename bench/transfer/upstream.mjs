/** Upstream checkpoints: a method at one sparsity on the suite's data, trained once and kept as a file. */
import { findTrained, saveTrained } from '../methods/checkpoints.mjs';
import { methods } from '../methods/methods.mjs';
import { oneRun } from '../methods/one-run.mjs';

/** Of weights, data order, augmentation and the method; downstream runs have seeds of their own. */
const seed = 1;

/** The kept checkpoint if it was made with these very settings, else a new one. A run that was cut off is done anew. */
export async function upstreamCheckpoint(suite, { method, sparsity }, { folder, data, signal }) {
  const cell = { method, sparsity, seed };
  const kept = await findTrained(folder, suite, cell);
  if (kept) return kept;
  const onTrained = trained => saveTrained(folder, suite, cell, trained);
  await oneRun(suite, methods[method](suite, sparsity), data, seed, { signal, onTrained });
  return findTrained(folder, suite, cell);
}
