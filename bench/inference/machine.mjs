import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';

/** What the numbers depend on. */
export function describeMachine() {
  return {
    processor: `${cpus()[0]?.model.trim()}${family()}`,
    cores: cpus().length,
    node: process.version,
    v8: process.versions.v8,
    ...(realTime() ? { scheduling: 'real time' } : {}),
    loadBefore: Number(loadavg()[0].toFixed(2)),
  };
}

/** Family and model of the processor where the system tells: names of virtual machines hide the generation. */
function family() {
  try {
    const text = readFileSync('/proc/cpuinfo', 'utf8');
    const field = name => text.match(new RegExp(`^${name}\\s*: (.*)$`, 'm'))?.[1];
    return ` (family ${field('cpu family')}, model ${field('model')})`;
  } catch {
    return '';
  }
}

/**
 * Whether this process has a real-time policy (`chrt -r 1`), which keeps other programs out of the way on a busy
 * machine.
 */
function realTime() {
  try {
    const fields = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1).split(' ');
    return ['1', '2'].includes(fields[38]); // field 41 of proc(5)
  } catch {
    return false;
  }
}
