import type { Loss, Metrics } from '@espalier/trainer';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { RunData } from '../data/run-data.js';
import { UsageError } from '../errors.js';
import { chooseLoss, type LossRequest } from './choose-loss.js';
import { chooseMetrics } from './choose-metrics.js';
import { OutputMismatchError } from './errors.js';
import { withRows } from './labels.js';
import { isLossName } from './names.js';

/** What a recipe says of loss and metrics. */
export interface JudgingRequest extends LossRequest {
  readonly metric?: readonly string[] | undefined;
}

/** How a network is judged while it trains and after it. */
export interface Judging {
  /** `undefined` for what the network itself asks for. */
  readonly loss: Loss | undefined;
  /** The same for single examples. */
  readonly ofExamples: Loss | undefined;
  /** What is told besides loss and accuracy. */
  readonly metrics: Metrics | undefined;
  /** The examples with labels as the loss wants them. */
  readonly data: RunData;
}

/** Loss and metrics of a recipe, seen to fit network and labels before anything is trained. */
export async function chooseJudging(request: JudgingRequest, model: LayersModel, data: RunData): Promise<Judging> {
  requireOneOutput(model);
  const { loss, ofExamples, rows } = await chooseLoss(request, model, data);
  const metrics = await chooseMetrics(request.metric, model, data.classes.length, loss);
  return { loss, ofExamples, metrics, data: rows ? withRows(data) : data };
}

/** Refuses networks of several outputs, of which images with one class each say nothing. */
function requireOneOutput({ outputs }: LayersModel): void {
  if (outputs.length === 1) return;
  const names = outputs.map(({ sourceLayer }) => sourceLayer.name).join(', ');
  throw new OutputMismatchError(
    'The network',
    `it has ${outputs.length} outputs (${names}), and images have one class each`,
    'Build it with one of them, or train it with @espalier/trainer, which takes losses by output.',
  );
}

/** Refuses what is for cross-entropies beside a loss that is none. */
export function requireCrossEntropy({ loss, labelSmoothing, classWeights }: Partial<LossRequest>): void {
  if (loss === undefined || (isLossName(loss) && loss !== 'mean-squared-error')) return;
  const option = labelSmoothing ? '--label-smoothing' : classWeights === undefined ? undefined : '--class-weights';
  if (option !== undefined) throw new UsageError(`${option} is for cross-entropies, but --loss is ${loss}.`);
}
