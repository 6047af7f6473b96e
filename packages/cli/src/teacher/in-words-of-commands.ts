import { InvalidOptionError } from '@espalier/core';
import { TeacherMismatchError } from './errors.js';
import type { Teacher } from './teacher.js';

/** What the trainer says of a teacher, by the file and the options of a command; other errors as they are. */
export function inWordsOfCommands(error: unknown, teacher: Teacher | undefined): unknown {
  if (!(error instanceof InvalidOptionError) || !teacher || !error.option.startsWith('distillation')) return error;
  const { option, value, expected } = error;
  const [about, remedy] = option.includes('features') ? ['--teacher-layers', 'Needed are'] : ['it is', 'Needed is'];
  return new TeacherMismatchError(
    teacher.path,
    `${about} ${value}`,
    `${remedy} ${expected.replace(/\bweight 0$/, '--teacher-weight 0')}.`,
  );
}
