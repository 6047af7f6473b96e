import { inspectLines } from '../inspect/format-report.js';
import { inspectCheckpoint } from '../inspect/inspect-checkpoint.js';
import { bytes } from '../options/bytes.js';
import type { ParsedOptions } from '../options/read.js';
import type { Outcome } from '../output/outcome.js';
import { createProgress } from '../output/progress.js';
import { chooseBackend } from '../work/backend.js';
import { findCheckpoint } from '../work/find-checkpoint.js';
import { openCheckpoint } from '../work/open-checkpoint.js';

/** Runs `inspect`. */
export async function runInspect(given: ParsedOptions): Promise<Outcome> {
  const progress = createProgress();
  const path = await findCheckpoint(String(given.checkpoint), line => progress.line(line));
  const checkpoint = await openCheckpoint(path, bytes(given, 'memory-limit'));
  await chooseBackend('cpu');
  const report = await inspectCheckpoint(checkpoint, { measure: given.measure !== false });
  return { json: { command: 'inspect', checkpoint: path, ...report }, lines: inspectLines(report), exitCode: 0 };
}
