import type { LearningRatePlan, LearningRateSegment } from '../../schedule/learning-rate-plan.js';
import { fail, show } from '../fail.js';
import { asArray, asInteger, asNumber, asObject } from '../json/fields.js';

export function checkLearningRate(value: unknown): LearningRatePlan | null {
  if (value === null) return null;
  const { start, segments } = asObject(value, 'learningRate');
  const checked = asArray(segments, 'learningRate.segments').map(checkSegment);
  if (checked.length === 0) fail('The learningRate.segments are empty, but must be at least one.');
  return { start: asInteger(start, 'learningRate.start'), segments: checked };
}

function checkSegment(value: unknown, index: number): LearningRateSegment {
  const where = `learningRate.segments[${index}]`;
  const segment = asObject(value, where);
  const rate = (field: 'value' | 'from' | 'to'): number => asNumber(segment[field], `${where}.${field}`, 0);
  const length = (): number => asInteger(segment.length, `${where}.length`, 1);
  switch (segment.shape) {
    case 'constant':
      return { shape: 'constant', length: length(), value: rate('value') };
    case 'linear':
    case 'cosine':
      return { shape: segment.shape, length: length(), from: rate('from'), to: rate('to') };
    case 'values': {
      const values = asArray(segment.values, `${where}.values`);
      if (values.length === 0) fail(`The ${where}.values are empty, but must be at least one rate.`);
      return { shape: 'values', values: values.map((each, step) => asNumber(each, `${where}.values[${step}]`, 0)) };
    }
    default:
      return fail(`The ${where}.shape is ${show(segment.shape)}, but must be constant, linear, cosine or values.`);
  }
}
