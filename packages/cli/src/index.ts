/**
 * The reports behind the `espalier` command. The command itself is documented in the README and by `espalier --help`.
 *
 * @packageDocumentation
 */
export { OutputsDisagreeError } from './errors.js';
export { formatInspectReport } from './inspect/format-report.js';
export { type InspectOptions, inspectCheckpoint } from './inspect/inspect-checkpoint.js';
export type { FileBytes, InspectReport, LayerReport, Macs, Totals } from './inspect/report.js';
export { formatSpeedReport } from './speed/format-speed-report.js';
export { measureSpeed } from './speed/measure-speed.js';
export type {
  CandidateName,
  CandidateSpeed,
  LayerSpeed,
  LeftOut,
  Machine,
  Milliseconds,
  SpeedRatio,
  SpeedReport,
} from './speed/report.js';
export type { SpeedOptions } from './speed/speed-options.js';
