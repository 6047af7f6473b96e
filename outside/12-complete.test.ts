import '@tensorflow/tfjs-backend-cpu';
import { EspalierError } from '@espalier/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { dataCalls, ofTheReader } from './options/data-calls.js';
import { datasetCalls } from './options/dataset-calls.js';
import { methodCalls } from './options/method-calls.js';
import { type Call, otherCalls } from './options/other-calls.js';
import { optionsParameters } from './options/parameters.js';
import { trainingCalls } from './options/training-calls.js';

/** Number 12: nothing public takes an options object that is not tried here; the list is read off the types. */
const parameters = optionsParameters();

interface Tried {
  readonly call: Call;
  /** Options with which it works. */
  readonly right: object;
}

const tried: ReadonlyMap<string, Tried> = new Map<string, Tried>([
  ...Object.entries(otherCalls).map(([name, call]) => [name, { call, right: {} }] as const),
  ...Object.entries(trainingCalls).map(([name, call]) => [name, { call: call as Call, right: {} }] as const),
  ...Object.entries(datasetCalls).map(([name, { call, right }]) => [name, { call: call as Call, right }] as const),
  ...Object.entries(methodCalls).map(
    ([name, { create, options }]) => [name, { call: create, right: options }] as const,
  ),
]);
const nameOf = (entry: string, parameter: string): string => `${entry} ${parameter}`;
const data = new Map(Object.entries(dataCalls));
const withOptions = parameters.filter(({ entry, parameter }) => !data.has(nameOf(entry, parameter)));

/** The code of what it refuses with, or what happened instead. */
async function answer(call: Call, given: unknown): Promise<unknown> {
  try {
    await call(given as never);
    return 'accepted';
  } catch (error) {
    return EspalierError.isInstance(error) ? error.code : error;
  }
}

beforeAll(() => tf.setBackend('cpu'));

it('every public parameter that is an object with options is in a table, and every row of data is one', () => {
  const absent = withOptions.filter(({ entry }) => !tried.has(entry) && !ofTheReader.has(entry));
  expect(absent.map(({ module, entry, parameter }) => `${module} ${entry}(${parameter})`)).toEqual([]);
  const all = parameters.map(({ entry, parameter }) => nameOf(entry, parameter));
  expect([...data.keys()].filter(name => !all.includes(name))).toEqual([]);
  expect([...ofTheReader.keys()].filter(name => !parameters.some(({ entry }) => entry === name))).toEqual([]);
});

it('finds parameters of functions, static functions and methods', () => {
  const entries = parameters.map(({ entry }) => entry);
  expect(entries.length).toBeGreaterThan(130);
  expect(entries).toEqual(expect.arrayContaining(['rigl', 'PruningSession.start', 'Plan#run', 'rules.number']));
});

it('every option that may be left out may be undefined, in types too', () => {
  const forbidden = parameters.flatMap(({ entry, options }) =>
    options.filter(({ takesUndefined }) => !takesUndefined).map(({ name }) => `${entry}: ${name}`),
  );
  expect(forbidden).toEqual([]);
});

describe.each(withOptions.filter(({ entry }) => tried.has(entry)))('$entry($parameter)', ({ entry, options }) => {
  const { call, right } = tried.get(entry) as Tried;

  it('refuses a key that nobody reads', async () => {
    for (const key of ['unheardOf', 'toString'])
      expect([key, await answer(call, { ...right, [key]: 1 })]).toEqual([key, 'UNKNOWN_OPTION']);
  });

  it('refuses values that their types exclude', async () => {
    for (const { name, wrong } of options) {
      for (const value of wrong) {
        const code = await answer(call, { ...right, [name]: value });
        expect([name, value, code]).toEqual([name, value, expect.stringMatching(/^(INVALID|UNKNOWN)_/)]);
      }
    }
  });
});

it.each([...data])('%s is refused with a code where it is something else', async (_, call) => {
  for (const value of [null, 5, 'text', [], {}, () => 1]) {
    expect([value, await answer(call, value)]).toEqual([value, expect.stringMatching(/^[A-Z_]+$/)]);
  }
});
