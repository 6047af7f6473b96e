import { openSized } from '../network/network-request.js';
import { number, type ParsedOptions, text, whole } from '../options/read.js';
import type { Outcome } from '../output/outcome.js';
import { createProgress } from '../output/progress.js';
import { speedLines } from '../speed/format-speed-report.js';
import { measureSpeed } from '../speed/measure-speed.js';
import { engineNames, instructionNames, type SpeedOptions } from '../speed/speed-options.js';
import { listenForInterrupt } from '../work/interrupt.js';

/** Runs `bench`. */
export async function runBench(given: ParsedOptions): Promise<Outcome> {
  const options = optionsOf(given);
  const progress = createProgress();
  const interrupt = listenForInterrupt(() => progress.line('Stopping. Once more to stop at once.'));
  try {
    const { path, checkpoint } = await openSized(given, line => progress.line(line));
    const { signal } = interrupt;
    const report = await measureSpeed(checkpoint, { ...options, signal, onProgress: line => progress.line(line) });
    return { json: { command: 'bench', checkpoint: path, ...report }, lines: speedLines(report), exitCode: 0 };
  } catch (error) {
    const exitCode = interrupt.exitCode();
    if (exitCode === 0 || !(error instanceof Error) || error.name !== 'AbortError') throw error;
    return { json: { command: 'bench', reason: 'aborted' }, lines: ['Stopped before the times were taken.'], exitCode };
  } finally {
    progress.stop();
    interrupt.release();
  }
}

/** Absent options stay absent, so that the defaults are those of the function. */
function optionsOf(given: ParsedOptions): SpeedOptions {
  const threads = number(given, 'threads', { least: 1, below: 257, whole: true });
  const batch = number(given, 'batch', { least: 1, below: 1025, whole: true });
  const rounds = whole(given, 'rounds', 1);
  const engine = text(given, 'engine', engineNames) as SpeedOptions['engine'];
  const instructions = text(given, 'instructions', instructionNames) as SpeedOptions['instructions'];
  return {
    perLayer: given['per-layer'] === true,
    ...(threads === undefined ? {} : { threads }),
    ...(batch === undefined ? {} : { batch }),
    ...(rounds === undefined ? {} : { rounds }),
    ...(engine === undefined ? {} : { engine }),
    ...(instructions === undefined ? {} : { instructions }),
  };
}
