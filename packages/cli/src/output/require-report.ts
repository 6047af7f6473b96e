import { InvalidOptionError } from '@espalier/core';

/** Refuses what has no such list and is therefore not the report that is to be printed. */
export function requireReport(report: unknown, list: string, expected: string): void {
  const value = typeof report === 'object' && report !== null ? (report as Record<string, unknown>)[list] : undefined;
  if (!Array.isArray(value)) throw new InvalidOptionError('report', report, expected);
}
