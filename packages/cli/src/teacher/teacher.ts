import { resolve } from 'node:path';
import { type OptionRule, type OptionRules, rules } from '@espalier/core';
import { UsageError } from '../errors.js';
import { number, type ParsedOptions, text } from '../options/read.js';
import { selectors } from '../options/selectors.js';

/** What a run learns from besides the labels, as plain data; kept in its recipe. */
export interface Teacher {
  /** Absolute path of the network's file, or of the directory of its run. */
  readonly path: string;
  /** Of its weights, so that a run goes on with the same teacher. */
  readonly digest?: string;
  readonly weight: number;
  readonly temperature: number;
  /** Layers whose outputs are learned: names, or patterns between slashes. */
  readonly layers?: readonly string[];
  readonly layersWeight?: number;
}

/** What a command line says of it; what it does not say is absent. */
export type RequestedTeacher = Partial<Omit<Teacher, 'digest'>>;

const { list, object, optional, text: words } = rules;

const teacherRules: OptionRules<Teacher> = {
  path: words,
  digest: optional(words),
  weight: rules.number({ from: 0, to: 1 }),
  temperature: rules.number({ above: 0 }),
  layers: optional(list(words)),
  layersWeight: optional(rules.number({ from: 0 })),
};

/** What a recipe has of its teacher. */
export const teacherRule: OptionRule = optional(object<Teacher>(teacherRules));

/** Options that say something of a teacher; a run that goes on knows which one is meant. */
export function requestedTeacher(given: ParsedOptions): RequestedTeacher | undefined {
  const path = text(given, 'teacher');
  const weight = number(given, 'teacher-weight', { least: 0 });
  if (weight !== undefined && weight > 1) {
    throw new UsageError(`--teacher-weight is "${given['teacher-weight']}", but must be a number from 0 to 1.`);
  }
  const temperature = number(given, 'temperature', { least: 0 });
  if (temperature === 0)
    throw new UsageError('--temperature is 0, but logits are divided by it: give a number above 0, such as 2.');
  const layers = selectors(given, 'teacher-layers');
  const layersWeight = number(given, 'teacher-layers-weight', { least: 0 });
  const asked = { path: path === undefined ? undefined : resolve(path), weight, temperature, layers, layersWeight };
  const found = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
  return Object.keys(found).length > 0 ? found : undefined;
}

/** Fills in what was not asked for. */
export function completeTeacher({ path, weight, temperature, layers, layersWeight }: RequestedTeacher): Teacher {
  if (path === undefined) {
    throw new UsageError('There are options about a teacher, but no teacher: name its file with --teacher.');
  }
  if (layers === undefined && layersWeight !== undefined) {
    throw new UsageError('--teacher-layers-weight is for the layers of --teacher-layers: name some.');
  }
  const features = layers === undefined ? {} : { layers, layersWeight: layersWeight ?? 1 };
  return { path, weight: weight ?? 0.5, temperature: temperature ?? 2, ...features };
}
