import { format } from 'node:util';
import { linesForPeople } from './lines.js';

const loud = ['log', 'info', 'warn', 'error', 'debug'] as const;

/**
 * What libraries write to the console goes to standard error as lines for people: TensorFlow.js warns with names of
 * layers, which come from files. Gives the console back when called.
 */
export function guardConsole(): () => void {
  const before = loud.map(name => console[name]);
  for (const name of loud) {
    console[name] = (...values: unknown[]): void =>
      void process.stderr.write(`${linesForPeople(format(...values).split('\n'))}\n`);
  }
  return () => {
    for (const [index, name] of loud.entries()) {
      const original = before[index];
      if (original) console[name] = original;
    }
  };
}
