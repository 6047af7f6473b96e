import { basename, extname } from 'node:path';
import {
  type Loss,
  type Metric,
  type Metrics,
  meanAbsoluteError,
  meanSquaredError,
  modelOutput,
  topK,
} from '@espalier/trainer';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { shownShape } from '../output/shown-shape.js';
import { OutputMismatchError } from './errors.js';
import { asIndices, asRows } from './labels.js';
import { isOwn, topOf } from './names.js';
import { loadOwnFunction, tryOwnFunction } from './own-function.js';

/**
 * The metrics of `--metric` by the names under which they are reported; accuracy, which is reported beside them, is
 * none of them.
 *
 * @throws {@link OutputMismatchError} if one does not fit what the network puts out, or there would be nothing to judge
 *   it by.
 * @throws {@link OwnFunctionError} if one is a module that gives no metric.
 */
export async function chooseMetrics(
  references: readonly string[] | undefined,
  model: LayersModel,
  classes: number,
  loss: Loss | undefined,
): Promise<Metrics | undefined> {
  const asked = references ?? ['accuracy'];
  const others = asked.filter(reference => reference !== 'accuracy');
  if ((asked.length !== others.length || others.length === 0) && !canTellAccuracy(model, loss)) {
    const { what } = modelOutput(model);
    throw new OutputMismatchError(
      '--metric accuracy',
      `no class can be told from the output of ${what}`,
      'Name another metric: --metric mean-absolute-error, or a function of your own in ./mine.mjs.',
    );
  }
  if (others.length === 0) return undefined;
  const metrics = new Map<string, Metric>();
  for (const reference of others) {
    const name = nameOf(reference);
    metrics.set(metrics.has(name) ? reference : name, await metricOf(reference, model, classes));
  }
  return Object.fromEntries(metrics);
}

/** Whether the largest output, or the side of one, is a class. */
function canTellAccuracy(model: LayersModel, loss: Loss | undefined): boolean {
  const shape = model.outputs[0]?.shape ?? [];
  if (model.outputs.length !== 1 || shape.length !== 2) return false;
  return shape[1] !== 1 || loss?.activation === 'sigmoid' || modelOutput(model).kind === 'sigmoid';
}

async function metricOf(reference: string, model: LayersModel, classes: number): Promise<Metric> {
  const shape = model.outputs[0]?.shape ?? [];
  if (isOwn(reference)) {
    const own = await loadOwnFunction(reference, '--metric');
    tryOwnFunction(own, shape, classes, { reference, option: '--metric', gradient: false });
    return (outputs, labels) => tf.tidy(() => own(outputs, asIndices(outputs, labels)));
  }
  const top = topOf(reference);
  if (model.outputs.length !== 1 || shape.length !== 2 || (top !== undefined && shape[1] === 1)) {
    const found = `the network gives ${shownShape(shape)}`;
    throw new OutputMismatchError(`--metric ${reference}`, found, 'Give a metric of your own: --metric ./mine.mjs.');
  }
  if (top !== undefined) return topK(top);
  const error = reference === 'mean-absolute-error' ? meanAbsoluteError() : meanSquaredError();
  return (outputs, labels) => tf.tidy(() => error(outputs, asRows(outputs, labels)));
}

function nameOf(reference: string): string {
  if (!isOwn(reference)) return reference;
  const [file = '', name] = reference.split('#');
  return name ?? basename(file, extname(file));
}
