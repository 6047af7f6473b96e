import {
  balancedClassWeights,
  type Loss,
  meanSquaredError,
  modelOutput,
  sigmoidCrossEntropy,
  softmaxCrossEntropy,
} from '@espalier/trainer';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { RunData } from '../data/run-data.js';
import { UsageError } from '../errors.js';
import type { ClassWeights } from '../options/class-weights.js';
import { shownShape } from '../output/shown-shape.js';
import { OutputMismatchError } from './errors.js';
import { asIndices, asRows } from './labels.js';
import { isLossName, type LossName, lossNames } from './names.js';
import { loadOwnFunction, tryOwnFunction } from './own-function.js';

/** What a recipe says of its loss. */
export interface LossRequest {
  readonly loss?: string | undefined;
  readonly labelSmoothing: number;
  readonly classWeights?: ClassWeights | undefined;
}

/** The loss of a run. */
export interface ChosenLoss {
  /** `undefined` for what the network itself asks for. */
  readonly loss: Loss | undefined;
  /** The same for single examples, where weights of classes have no meaning. */
  readonly ofExamples: Loss | undefined;
  /** Whether it wants a row of 0 and 1 for each example in the place of its class. */
  readonly rows: boolean;
}

/**
 * The loss that a recipe asks for, seen to fit what the network puts out.
 *
 * @throws {@link OutputMismatchError} if it does not.
 * @throws {@link OwnFunctionError} if it is a module that gives no loss.
 */
export async function chooseLoss(request: LossRequest, model: LayersModel, data: RunData): Promise<ChosenLoss> {
  const { loss: reference, labelSmoothing, classWeights } = request;
  if (reference !== undefined && !isLossName(reference)) return ownLoss(reference, model, data);
  const name = reference ?? usualLoss(model);
  if (reference === undefined && labelSmoothing === 0 && classWeights === undefined)
    return { loss: undefined, ofExamples: undefined, rows: false };
  requireFit(name, model);
  const units = model.outputs[0]?.shape.at(-1);
  const smooth = { labelSmoothing };
  if (name === 'mean-squared-error') {
    const squared = meanSquaredError();
    const loss: Loss = (outputs, labels) => tf.tidy(() => squared(outputs, asRows(outputs, labels)));
    return { loss, ofExamples: loss, rows: false };
  }
  const weights = weightsFor(classWeights, data);
  if (name === 'cross-entropy') {
    const loss = softmaxCrossEntropy({ ...smooth, classWeights: weights });
    return { loss, ofExamples: softmaxCrossEntropy(smooth), rows: false };
  }
  if (units !== 1 && weights) {
    throw new OutputMismatchError(
      '--class-weights',
      `each of the network's ${units} outputs says yes or no by itself under binary-cross-entropy`,
      'Leave them out, or choose --loss cross-entropy for a network that ends in logits or a softmax.',
    );
  }
  const loss = sigmoidCrossEntropy({ ...smooth, classWeights: weights });
  return { loss, ofExamples: sigmoidCrossEntropy(smooth), rows: units !== 1 };
}

function weightsFor(classWeights: ClassWeights | undefined, { name, classes, counts }: RunData) {
  const weights = classWeights === 'balanced' ? balancedClassWeights(counts()) : classWeights;
  if (weights && weights.length !== classes.length) {
    throw new UsageError(`--class-weights has ${weights.length} numbers, but ${name} has ${classes.length} classes.`);
  }
  return weights;
}

/** The loss that the network asks for by its end; refuses to guess one. */
function usualLoss(model: LayersModel): LossName {
  const { kind, what } = modelOutput(model);
  const units = model.outputs[0]?.shape.at(-1);
  if (kind === 'sigmoid' && units === 1) return 'binary-cross-entropy';
  if ((kind === 'softmax' || kind === 'logits') && units !== 1) return 'cross-entropy';
  const found = `the network gives ${units === 1 ? 'one value' : `${units} values`} of ${what}, for which no loss is the usual one`;
  throw new OutputMismatchError(
    '--loss',
    found,
    `Name one: ${lossNames.join(', ')}, or a module with a function of your own, such as ./mine.mjs.`,
  );
}

/** Refuses a loss that the network's end contradicts. */
function requireFit(name: LossName, model: LayersModel): void {
  const [output] = model.outputs;
  const { kind, what } = modelOutput(model);
  const units = output?.shape.at(-1);
  const refuse = (found: string, remedy: string): never => {
    throw new OutputMismatchError(`--loss ${name}`, found, remedy);
  };
  if (model.outputs.length !== 1 || output?.shape.length !== 2) {
    const shapes = model.outputs.map(({ shape }) => shownShape(shape));
    refuse(`the network gives ${shapes.join(' and ')}`, 'Give a loss of your own: --loss ./mine.mjs.');
  }
  const others = (...names: readonly string[]): string => `Choose --loss ${names.join(' or ')}, or leave it out.`;
  if (name === 'cross-entropy' && kind === 'sigmoid')
    refuse(`the network ends in ${what}`, others('binary-cross-entropy', 'mean-squared-error'));
  if (name === 'cross-entropy' && units === 1)
    refuse('the network has one output', others('binary-cross-entropy', 'mean-squared-error'));
  if (name === 'binary-cross-entropy' && kind === 'softmax')
    refuse(`the network ends in ${what}`, others('cross-entropy', 'mean-squared-error'));
}

async function ownLoss(reference: string, model: LayersModel, { classes }: RunData): Promise<ChosenLoss> {
  const own = await loadOwnFunction(reference, '--loss');
  const { kind, what } = modelOutput(model);
  if (own.activation !== undefined && kind !== own.activation && kind !== 'logits' && kind !== 'unknown') {
    const found = `it contains a ${own.activation}, and the network ends in ${what}`;
    throw new OutputMismatchError(`--loss ${reference}`, found, 'Take the property activation from the function.');
  }
  const shape = model.outputs[0]?.shape ?? [];
  // The trainer checks labels beside a sigmoid by rows, where there are several units.
  const rows = own.activation === 'sigmoid' && shape.at(-1) !== 1;
  const indexed: Loss = (outputs, labels) => own(outputs, asIndices(outputs, labels));
  const loss = own.activation ? Object.assign(indexed, { activation: own.activation }) : indexed;
  tryOwnFunction(own, shape, classes.length, { reference, option: '--loss', gradient: true });
  return { loss, ofExamples: loss, rows };
}
