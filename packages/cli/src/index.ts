/**
 * The reports behind the `espalier` command. The command itself is documented in the README and by `espalier --help`.
 *
 * @packageDocumentation
 */
export { formatInspectReport } from './inspect/format-report.js';
export { inspectCheckpoint } from './inspect/inspect-checkpoint.js';
export type { FileBytes, InspectReport, LayerReport, Macs, Totals } from './inspect/report.js';
