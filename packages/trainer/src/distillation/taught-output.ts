import { InvalidOptionError } from '@espalier/core';
import type * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Judge } from '../output/judge.js';
import { type ModelOutput, modelOutput } from '../output/model-output.js';
import { sigmoidDivergence, softmaxDivergence } from './divergence.js';

/** The output whose distribution is learned, in both networks. */
export interface TaughtOutput {
  readonly student: ModelOutput;
  readonly teacher: ModelOutput;
  /** Divergence of the student's softened distribution from the teacher's; both are given as logits. */
  divergence(student: tf.Tensor, teacher: tf.Tensor, temperature: number): tf.Scalar;
}

/**
 * What the only output of both networks says of classes.
 *
 * @throws {@link InvalidOptionError} if there are several outputs, or one that is no distribution, or another than that
 *   of the teacher.
 */
export function taughtOutput(judge: Judge, teacher: LayersModel): TaughtOutput {
  const [student, ...more] = judge.outputs;
  if (student === undefined || more.length > 0) refuse(`a model of ${judge.outputs.length} outputs`);
  const taught = modelOutput(teacher);
  const own = distributionOf(student, judge);
  if (own === undefined) refuse(`a model that ends in ${student.what}, under a loss that is no cross-entropy`);
  if (taught.kind !== 'logits' && taught.kind !== own) refuse(`a teacher that ends in ${taught.what}`);
  return { student, teacher: taught, divergence: own === 'softmax' ? softmaxDivergence : sigmoidDivergence };
}

/** Logits are of the distribution that the loss makes of them. */
function distributionOf({ kind }: ModelOutput, { parts }: Judge): 'softmax' | 'sigmoid' | undefined {
  if (kind === 'softmax' || kind === 'sigmoid') return kind;
  return kind === 'logits' ? parts[0]?.loss.activation : undefined;
}

function refuse(found: string): never {
  const expected = 'one output of logits or probabilities of classes; for others the features alone, with weight 0';
  throw new InvalidOptionError('distillation', found, expected);
}
