import { completeOptions, type Json, type MethodDefinition, type OptionNote } from '@espalier/core';
import { trainingRunOf } from '../recipe/training-run.js';
import { schemaOf } from './given-options.js';
import { rangeOf } from './range-of.js';

/** An option of a method, as help shows it. */
export interface OptionDescription {
  readonly name: string;
  /** Its value in a run of those steps; `null` if it is left out. */
  readonly default: Json;
  /** What it may be. */
  readonly range: string;
  readonly summary: string;
  /** Where the default comes from; `null` if there is nothing to say. */
  readonly source: string | null;
}

/** A method, as help shows it. */
export interface MethodDescription {
  readonly name: string;
  readonly summary: string;
  readonly source: string;
  /** Length of the run that the defaults are shown for. */
  readonly steps: number;
  readonly options: readonly OptionDescription[];
  /** JSON Schema of the options as a recipe has them. */
  readonly schema: Json;
}

/** What a method is and takes, with the defaults of a new network that is trained for so many steps. */
export function describeMethod(definition: MethodDefinition, steps: number): MethodDescription {
  const { name, summary, source } = definition;
  const schema = schemaOf(definition) as { readonly properties: { readonly [option: string]: Json } };
  const run = trainingRunOf(
    { steps, from: null, learningRate: 0.05, warmUp: Math.min(50, Math.floor(steps / 10)) },
    steps,
  );
  const defaults = completeOptions(definition, run, {});
  const notes = new Map<string, OptionNote>(Object.entries(definition.notes));
  const options = Object.entries(schema.properties).map(([option, range]) => ({
    name: option,
    default: defaults[option] ?? null,
    range: rangeOf(range),
    summary: notes.get(option)?.summary ?? '',
    source: notes.get(option)?.source ?? null,
  }));
  return { name, summary, source, steps, options, schema };
}

/** The same as lines. */
export function methodLines({ name, summary, source, steps, options }: MethodDescription): string[] {
  const about = options.flatMap(({ name: option, default: usual, range, summary: what, source: why }) => [
    `  ${option}: ${what}`,
    `    ${[`default ${usual === null ? 'none' : JSON.stringify(usual)}`, range, ...(why ? [why] : [])].join('; ')}`,
  ]);
  return [
    `${name}: ${summary}`,
    `Source: ${source}`,
    options.length === 0 ? 'It has no options.' : `Options, with defaults for a run of ${steps} steps:`,
    ...about,
  ];
}
