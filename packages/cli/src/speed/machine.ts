import { cpus, loadavg } from 'node:os';
import type { Machine } from './report.js';

/** What the times depend on besides the network. */
export function describeMachine(): Machine {
  const processors = cpus();
  return {
    processor: processors[0]?.model.trim() || 'unknown processor',
    cores: processors.length,
    load: Number((loadavg()[0] ?? 0).toFixed(2)),
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    v8: process.versions.v8,
  };
}
