import { readCheckpoint } from '@espalier/core/node';
import { formatInspectReport } from '../inspect/format-report.js';
import { inspectCheckpoint } from '../inspect/inspect-checkpoint.js';
import type { Given } from '../options/read.js';
import type { Outcome } from '../output/outcome.js';
import { chooseBackend } from '../work/backend.js';

/** Runs `inspect`. */
export async function runInspect(given: Given): Promise<Outcome> {
  const path = String(given.checkpoint);
  const checkpoint = await readCheckpoint(path);
  await chooseBackend('cpu');
  const report = await inspectCheckpoint(checkpoint, { measure: given.measure !== false });
  return { json: { command: 'inspect', checkpoint: path, ...report }, text: formatInspectReport(report), exitCode: 0 };
}
