import { InvalidOptionError, nearestName, type OptionRule, rules, withDataForm } from '@espalier/core';
import { adaptiveLinearRestart } from './adaptive-linear-restart.js';
import { cyclicRestart } from './cyclic-restart.js';
import { fineTuning } from './fine-tuning.js';
import { learningRateRewinding } from './learning-rate-rewinding.js';
import { linearRestart } from './linear-restart.js';
import type { RetrainingSchedule } from './retraining-schedule.js';
import { scaledRestart } from './scaled-restart.js';

/** The schedules of the paper by the names that recipes and command lines have for them. */
const byName: ReadonlyMap<string, RetrainingSchedule> = new Map(
  Object.entries({
    'fine-tuning': fineTuning,
    'learning-rate-rewinding': learningRateRewinding,
    'scaled-restart': scaledRestart,
    'cyclic-restart': cyclicRestart,
    'linear-restart': linearRestart,
    'adaptive-linear-restart': adaptiveLinearRestart,
  }),
);

const names = [...byName.keys()];

/** A function, or as data the name of one of the six. */
export const retrainingRule: OptionRule = withDataForm(
  rules.that('a function', value => typeof value === 'function'),
  { enum: names },
  (option, written) => {
    const found = typeof written === 'string' ? byName.get(written) : undefined;
    if (found) return found;
    const meant = typeof written === 'string' ? nearestName(written, names) : undefined;
    const remedy = meant === undefined ? '' : `; did you mean ${meant}?`;
    throw new InvalidOptionError(option, written, `one of ${names.join(', ')}${remedy}`);
  },
);
