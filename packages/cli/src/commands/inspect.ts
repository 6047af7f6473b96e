import { inspectLines } from '../inspect/format-report.js';
import { inspectCheckpoint } from '../inspect/inspect-checkpoint.js';
import { openSized } from '../network/network-request.js';
import type { ParsedOptions } from '../options/read.js';
import type { Outcome } from '../output/outcome.js';
import { createProgress } from '../output/progress.js';
import { chooseBackend } from '../work/backend.js';

/** Runs `inspect`. */
export async function runInspect(given: ParsedOptions): Promise<Outcome> {
  const progress = createProgress();
  await chooseBackend('cpu');
  const { path, checkpoint } = await openSized(given, line => progress.line(line));
  const report = await inspectCheckpoint(checkpoint, { measure: given.measure !== false });
  return { json: { command: 'inspect', checkpoint: path, ...report }, lines: inspectLines(report), exitCode: 0 };
}
