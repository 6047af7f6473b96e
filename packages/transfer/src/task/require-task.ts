import { InvalidOptionError } from '@espalier/core';
import type { TransferTask } from './task.js';

/** Refuses a task whose parts have different classes or no examples; gives the number of classes. */
export function requireTask({ metric, train, test }: TransferTask): number {
  if (metric !== 'top-1' && metric !== 'mean-per-class') {
    throw new InvalidOptionError('task.metric', metric, '"top-1" or "mean-per-class"');
  }
  const classes = train.classes.length;
  if (classes < 2) throw new InvalidOptionError('task.train.classes', classes, 'two classes or more');
  if (test.classes.join('\n') !== train.classes.join('\n')) {
    throw new InvalidOptionError('task.test.classes', test.classes, 'the classes of task.train, in the same order');
  }
  for (const [part, { size }] of Object.entries({ train, test })) {
    if (!(size >= 1)) throw new InvalidOptionError(`task.${part}.size`, size, 'at least one example');
  }
  return classes;
}
