import { InvalidOptionError, requireNormalization, rules } from '@espalier/core';
import type { TaskData, TransferTask } from './task.js';

/** Refuses a task whose parts have different classes or no examples; gives the number of classes. */
export function requireTask(task: TransferTask): number {
  if (typeof task !== 'object' || task === null)
    throw new InvalidOptionError('task', task, 'a task: { name, metric, train, test, … }');
  const { name, metric, train, test, normalization, learningRateFull } = task;
  rules.text('task.name', name as never);
  requireNormalization('task.normalization', normalization);
  rules.optional(rules.number({ above: 0 }))('task.learningRateFull', learningRateFull as never);
  for (const [part, data] of Object.entries({ train, test })) requireData(`task.${part}`, data);
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

/** Refuses what cannot be read image by image. */
function requireData(option: string, data: TaskData): void {
  const found = (data ?? {}) as unknown as Partial<Record<string, unknown>>;
  const readable = ['copyImage', 'read'].some(name => typeof found[name] === 'function');
  if (typeof data === 'object' && readable && typeof found.label === 'function' && Array.isArray(found.classes)) return;
  throw new InvalidOptionError(option, data, 'a Dataset or ImageFiles of @espalier/datasets');
}
