import { checkpointSparsity } from '@espalier/core';
import { toModel } from '@espalier/core/tfjs';
import { datasetNames } from '@espalier/datasets/node';
import { evaluate, topK } from '@espalier/trainer';
import { dataRequest } from '../data/data-request.js';
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
  const opened = await openRunData(wished === undefined ? {} : { dataset: wished }, { origin: stored }, loading);
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
    const evaluation = await evaluate(model, data.testing(batchSize, { mean, std })(), {
      ...(data.classes.length > 5 ? { metrics: { top5: topK(5) } } : {}),
    });
    const sparsity = checkpointSparsity(checkpoint).prunable;
    const [accuracy, pruned] = [evaluation.accuracy, sparsity].map(fraction => `${(100 * fraction).toFixed(2)} %`);
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
        `Accuracy ${accuracy}, loss ${evaluation.loss.toFixed(4)} on ${evaluation.examples} examples of ${data.testName}; ${pruned} pruned.`,
        `Images were normalized as ${normalization.of}: ${normalization.why}.`,
      ],
      exitCode: 0,
    };
  } finally {
    model.dispose();
  }
}
