import { expect, it } from 'vitest';
import { intervalsOf, withIntervals } from './intervals.js';

it('are those of the command line, then those of the run that is resumed, then the defaults', () => {
  const started = withIntervals({ recipe: 1 }, { checkpointEvery: 10, evaluateEvery: 60 });
  expect(started).toEqual({ recipe: 1, intervals: { checkpointEvery: 10, evaluateEvery: 60 } });
  expect(intervalsOf({}, started)).toEqual({ checkpointEvery: 10, evaluateEvery: 60 });
  expect(intervalsOf({ checkpointEvery: 20 }, started)).toEqual({ checkpointEvery: 20, evaluateEvery: 60 });
  expect(intervalsOf({})).toEqual({ checkpointEvery: 100 });
  expect(intervalsOf({}, withIntervals({}, { checkpointEvery: 7 }))).toEqual({ checkpointEvery: 7 });
});

it.each([null, 5, 'often', {}, { checkpointEvery: 0 }, { checkpointEvery: 5, other: 1 }])(
  'are the defaults where a checkpoint says %j',
  intervals => {
    expect(intervalsOf({}, { intervals })).toEqual({ checkpointEvery: 100 });
  },
);
