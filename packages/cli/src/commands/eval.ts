import { checkpointSparsity } from '@espalier/core';
import { toModel } from '@espalier/core/tfjs';
import { datasetNames } from '@espalier/datasets/node';
import { evaluate } from '@espalier/trainer';
import { dataRequest } from '../data/data-request.js';
import { scoreLine } from '../loss/format-evaluation.js';
import { chooseJudging } from '../loss/judging.js';
import { lossOption, metricOption } from '../loss/names.js';
import { storedJudging, unjudged } from '../loss/stored-judging.js';
import { openGiven } from '../network/network-request.js';
import { bytes } from '../options/bytes.js';
import { type ParsedOptions, text, whole } from '../options/read.js';
import type { Outcome } from '../output/outcome.js';
import { createProgress } from '../output/progress.js';
import { chooseBackend } from '../work/backend.js';
import { chooseNormalization, normalizationOfData } from '../work/normalization.js';
import { openRunData } from '../work/open-run-data.js';

/** Runs `eval`. */
export async function runEval(given: ParsedOptions): Promise<Outcome> {
  const batchSize = whole(given, 'batch-size', 1) ?? 250;
  const memoryLimit = bytes(given, 'memory-limit');
  const wished = text(given, 'dataset', datasetNames);
  const request = dataRequest(given);
  const progress = createProgress();
  const { path, checkpoint: stored } = await openGiven(given, line => progress.line(line));
  const backend = await chooseBackend(text(given, 'backend'));
  const { signal } = new AbortController();
  const loading = { request, progress, signal, memoryLimit, judgeAll: request.path !== undefined };
  const former = storedJudging(stored);
  const [lossGiven, metricGiven] = [lossOption(given), metricOption(given)];
  for (const line of unjudged(former, { loss: lossGiven, metric: metricGiven })) progress.line(line);
  const loss = lossGiven ?? former.loss;
  const wanted = { ...(wished === undefined ? {} : { dataset: wished }), ...(loss === undefined ? {} : { loss }) };
  const opened = await openRunData(wanted, { origin: stored }, loading);
  const { data } = opened;
  const checkpoint = opened.origin ?? stored;
  const model = await toModel(checkpoint);
  try {
    const channels = data.shape[2];
    const normalization = await chooseNormalization({
      option: text(given, 'normalization'),
      checkpoint,
      channels,
      otherwise: normalizationOfData(data, false),
    });
    const { mean, std } = normalization;
    const metric = metricGiven ?? former.metric ?? (data.classes.length > 5 ? ['accuracy', 'top5'] : undefined);
    const judging = await chooseJudging({ loss, metric, labelSmoothing: 0 }, model, data);
    const { metrics } = judging;
    const batches = judging.data.testing(batchSize, { mean, std })();
    const evaluation = await evaluate(model, batches, { loss: judging.loss, metrics });
    const sparsity = checkpointSparsity(checkpoint).prunable;
    const pruned = `${(100 * sparsity).toFixed(2)} %`;
    return {
      json: {
        command: 'eval',
        checkpoint: path,
        dataset: data.testName,
        sparsity,
        ...evaluation,
        normalization,
        backend,
      },
      lines: [
        `${scoreLine(evaluation)}, loss ${evaluation.loss.toFixed(4)} on ${evaluation.examples} examples of ${data.testName}; ${pruned} pruned.`,
        `Images were normalized as ${normalization.of}: ${normalization.why}.`,
      ],
      exitCode: 0,
    };
  } finally {
    model.dispose();
  }
}
