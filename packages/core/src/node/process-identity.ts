import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { checkOptions } from '../options/check-options.js';
import { rules } from '../options/rules.js';

const count = rules.integer({ from: 0 });

/** Who writes a file: enough to tell later, and from another process, whether that writer is still there. */
export interface ProcessIdentity {
  /**
   * Where process numbers mean the same: machine, boot and, on Linux, the container's numbering; eight hexadecimal
   * digits.
   */
  readonly place: string;
  /** Number of the process. */
  readonly pid: number;
  /**
   * When it started, in the system's ticks since boot; 0 where the system does not say. Numbers are used again, times
   * are not.
   */
  readonly start: number;
}

let own: ProcessIdentity | undefined;

/**
 * The identity of this process, to put into the name of a file that it writes.
 *
 * @returns The same in every thread.
 *
 * @example
 * ```ts
 * import { ownIdentity } from '@espalier/core/node';
 *
 * const { place, pid, start } = ownIdentity();
 * console.log(`download.${place}-${pid}-${start}.part`);
 * ```
 */
export function ownIdentity(): ProcessIdentity {
  own ??= { place: placeOfProcesses(), pid: process.pid, start: startOf(process.pid) ?? 0 };
  return own;
}

/**
 * Whether a process has ended for certain.
 *
 * @param identity - What {@link ownIdentity} said in that process.
 * @returns `undefined` if it belongs to another machine, boot or container, so that nobody can tell.
 *
 * @example
 * ```ts
 * import { hasEnded, ownIdentity } from '@espalier/core/node';
 *
 * console.log(hasEnded(ownIdentity())); // false
 * ```
 */
export function hasEnded(identity: ProcessIdentity): boolean | undefined {
  checkOptions<ProcessIdentity>(identity, { place: rules.text, pid: count, start: count }, 'identity');
  const { place, pid, start } = identity;
  if (place !== ownIdentity().place) return undefined;
  if (!exists(pid)) return true;
  const running = startOf(pid);
  return start !== 0 && running !== undefined && running !== start;
}

function placeOfProcesses(): string {
  const parts = [
    hostname(),
    attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')),
    attempt(() => readlinkSync('/proc/self/ns/pid')),
  ];
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 8);
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Field 22 of `/proc/PID/stat`; the name of the program, field 2, is in parentheses and may hold anything. */
function startOf(pid: number): number | undefined {
  const status = attempt(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
  const field = status?.slice(status.lastIndexOf(')') + 2).split(' ')[19];
  const ticks = Number(field);
  return field !== undefined && Number.isSafeInteger(ticks) ? ticks : undefined;
}

function attempt<Value>(work: () => Value): Value | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
