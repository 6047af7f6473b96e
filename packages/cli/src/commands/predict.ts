import { imageSides } from '@espalier/datasets';
import { findImages } from '@espalier/datasets/node';
import { chooseOwnData } from '../data/choose-own-data.js';
import { dataRequest } from '../data/data-request.js';
import { hostBatchesOf } from '../data/image-batches.js';
import { transformOf } from '../data/image-fit.js';
import { UsageError } from '../errors.js';
import { openGiven } from '../network/network-request.js';
import { bytes } from '../options/bytes.js';
import { type ParsedOptions, text, whole } from '../options/read.js';
import type { Outcome } from '../output/outcome.js';
import { createProgress } from '../output/progress.js';
import { chooseClassNames } from '../predict/class-names.js';
import { type ImagePrediction, predictionLines } from '../predict/format-predictions.js';
import { openNetwork } from '../predict/open-network.js';
import { likeliest } from '../predict/probabilities.js';
import { withImageSize } from '../transfer/image-size.js';
import { chooseBackend } from '../work/backend.js';
import { endsOf, requireImages, takesSize } from '../work/network-ends.js';
import { chooseNormalization, ownNormalization } from '../work/normalization.js';

/** The first argument is the network, unless `--model` names it; all others are images. */
function networkAndImages(given: ParsedOptions): { positional: string | undefined; paths: readonly string[] } {
  const isFirst = text(given, 'model') === undefined;
  const paths = (given._ as readonly string[]).slice(isFirst ? 1 : 0);
  if (paths.length === 0) throw new UsageError('Name an image, or a folder of images, after the network.');
  return { positional: isFirst ? (given.checkpoint as string | undefined) : undefined, paths };
}

/** Runs `predict`. */
export async function runPredict(given: ParsedOptions): Promise<Outcome> {
  const { positional, paths } = networkAndImages(given);
  const request = dataRequest(given);
  const top = whole(given, 'top', 1) ?? 5;
  const batchSize = whole(given, 'batch-size', 1) ?? 16;
  const runtime = (text(given, 'runtime', ['tfjs', 'sparse']) ?? 'tfjs') as 'tfjs' | 'sparse';
  const memoryLimit = bytes(given, 'memory-limit');
  const progress = createProgress();
  const { path, checkpoint: stored } = await openGiven(given, line => progress.line(line), { positional });
  const backend = await chooseBackend(text(given, 'backend'));
  const { takes } = await endsOf(stored);
  requireImages(takes);
  const { signal } = new AbortController();
  const sources = { request, network: stored, takes, seed: 0, progress, signal, memoryLimit };
  const { fit, channels } = chooseOwnData(sources, false);
  const sides = imageSides(fit.size);
  const checkpoint = takesSize(takes, sides) ? stored : await withImageSize(stored, fit.size);
  const half = Math.max(1, Math.floor((memoryLimit ?? 2 ** 31) / 2));
  const skipDamaged = request.skipDamaged ?? false;
  const found = await findImages(paths, { skipDamaged, maximumMemory: half, keepDecoded: skipDamaged ? half : 0 });
  const option = text(given, 'normalization');
  const otherwise = ownNormalization(channels, false);
  const normalization = await chooseNormalization({ option, checkpoint, channels, otherwise });
  if (normalization.from === 'guess')
    progress.line(`Warning: images are normalized as ${normalization.of}: ${normalization.why}.`);
  for (const { path: image, problem } of found.damaged)
    progress.line(`Left out, since it is damaged: ${image}: ${problem}`);
  const shape = [...sides, channels];
  const network = await openNetwork(checkpoint, shape, runtime);
  try {
    const { classes, of, read } = network.scoring;
    const { names, from } = await chooseClassNames(text(given, 'class-names'), checkpoint, classes);
    const images: ImagePrediction[] = [];
    const { mean, std } = normalization;
    const preparation = { transform: transformOf(fit), channels };
    for await (const batch of hostBatchesOf(found.files, preparation, batchSize, { mean, std })) {
      const outputs = await network.run(batch.images as Float32Array<ArrayBuffer>, batch.size);
      const units = outputs.length / batch.size;
      for (let index = 0; index < batch.size; index++) {
        const values = read(outputs.subarray(index * units, (index + 1) * units));
        images.push({ path: found.files.path(images.length), predictions: likeliest(values, names, top) });
      }
    }
    const { damaged, passedOver } = found;
    const facts = { command: 'predict', checkpoint: path, runtime, backend, fit, normalization, classNames: from, of };
    return { json: { ...facts, images, damaged, passedOver }, lines: predictionLines(images, of), exitCode: 0 };
  } finally {
    await network.dispose();
  }
}
