export { type Cadence, cadenceJson, fromEpochs, isDue, requireCadence, requireOpenCadence } from './cadence.js';
export { type GradualSparsityOptions, gradualSparsity, gradualSparsityRules } from './gradual-sparsity.js';
export { type LearningRatePlan, type LearningRateSegment, scheduleOf } from './learning-rate-plan.js';
export { requireLearningRateSegments } from './learning-rate-rules.js';
export { constant, cosine, linear, polynomial, type Ramp } from './ramps.js';
export { requireSchedule } from './require-schedule.js';
export type { Schedule } from './schedule.js';
export { type ScheduleData, scheduleFromData } from './schedule-data.js';
export { type StepwiseOptions, stepwise, type WarmUpOptions, warmUp } from './steps.js';
