import {
  type Checkpoint,
  checkOptions,
  InvalidOptionError,
  normalizationOf,
  requireCheckpoint,
  rules,
} from '@espalier/core';
import type { Batch, ImageShape } from '@espalier/datasets';
import { type CompileOptions, compile, graphFromCheckpoint, type Plan, type Shape } from '@espalier/runtime';
import { cutClassifier, graphParts } from './cut-classifier.js';
import type { FeatureExtractor } from './features.js';
import { sha256 } from './sha256.js';

/** Options of {@link runtimeExtractor}: those of `compile` of `@espalier/runtime` that matter here. */
export interface RuntimeExtractorOptions extends Pick<CompileOptions, 'threads' | 'instructions' | 'lanes' | 'tune'> {
  /**
   * Name of the layer whose output the features are, averaged over all places.
   *
   * @defaultValue what the classifier works on
   */
  readonly featureLayer?: string | undefined;
  /**
   * Whether the network has a classifier: `'find'` takes the last dense layer, or a convolution that gives a value for
   * each class, and takes a network that ends in a map, or in what is pooled or flattened of one, to have none.
   * `'none'` says that it has none, as where a dense layer at the end gives an embedding: its output is the features.
   *
   * @defaultValue 'find'
   */
  readonly head?: 'find' | 'none' | undefined;
}

/** A {@link FeatureExtractor} that owns a plan. */
export interface RuntimeExtractor extends FeatureExtractor {
  /** The network without its classifier: what it costs, and runs of it to be timed. */
  readonly plan: Plan;
  /** Ends the plan's threads and gives its memory back. */
  dispose(): Promise<void>;
}

/**
 * Features that `@espalier/runtime` computes, which skips the zeros of the network: the same as those of
 * {@link tfjsExtractor} to within rounding, sooner the sparser the network is.
 *
 * @param checkpoint - A checkpoint of any method that holds its topology. Not modified.
 * @param options - Threads and kernels. Threads and tuning do not change a feature by a bit, instruction sets do by
 *   rounding.
 * @returns An extractor for {@link linearProbe}, with the network without its classifier as a plan. Dispose it after
 *   use.
 * @throws {@link @espalier/core!CheckpointMismatchError} if the checkpoint holds no topology.
 * @throws {@link NoClassifierError} if the network does not end in a single dense or convolution layer.
 * @throws {@link @espalier/core!InvalidOptionError} if the network does not take images, or an option is out of range.
 * @throws {@link @espalier/runtime!UnsupportedLayersError} if the runtime cannot run some layers.
 *
 * @example
 * ```ts
 * import type { Checkpoint } from '@espalier/core';
 * import { linearProbe, runtimeExtractor, type TransferResult, type TransferTask } from '@espalier/transfer';
 *
 * export async function probe(checkpoint: Checkpoint, task: TransferTask): Promise<TransferResult> {
 *   const extractor = await runtimeExtractor(checkpoint);
 *   try {
 *     return await linearProbe(extractor, task);
 *   } finally {
 *     await extractor.dispose();
 *   }
 * }
 * ```
 */
export async function runtimeExtractor(
  checkpoint: Pick<Checkpoint, 'model' | 'weights'> & { readonly metadata?: Checkpoint['metadata'] | undefined },
  options: RuntimeExtractorOptions = {},
): Promise<RuntimeExtractor> {
  checkOptions<RuntimeExtractorOptions>(options, {
    threads: rules.anything,
    instructions: rules.anything,
    lanes: rules.anything,
    tune: rules.anything,
    featureLayer: rules.optional(rules.text),
    head: rules.optional(rules.oneOf('find', 'none')),
  });
  requireCheckpoint(checkpoint, ['weights']);
  const { featureLayer, head, ...compilation } = options;
  const graph = cutClassifier(graphFromCheckpoint(checkpoint), { featureLayer, head });
  const normalization = normalizationOf(checkpoint.metadata);
  const inputShape = imageShape(graph.input.shape);
  const plan = await compile(graph, compilation);
  return {
    inputShape,
    plan,
    normalization,
    dimension: plan.outputShape.reduce((product, side) => product * side, 1),
    identity: () => {
      const { text, numbers } = graphParts(graph);
      return sha256('runtime/1', plan.summary.instructions, text, ...numbers);
    },
    extract: async ({ images, size }: Batch) => {
      // A run does its work before it returns: this lets signals arrive between batches.
      await new Promise<void>(resolve => setTimeout(resolve, 0));
      return plan.run(images, { batch: size });
    },
    dispose: () => plan.dispose(),
  };
}

function imageShape(shape: Shape): ImageShape {
  if (shape.length === 3) return shape;
  throw new InvalidOptionError('checkpoint', `a network that takes [${shape.join(', ')}]`, 'one that takes images');
}
