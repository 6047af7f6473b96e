import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { ModelFileError } from './errors.js';
import { olderSpelling } from './keras3-topology.js';
import type { JsonObject } from './model-json.js';

/** The model that a configuration describes; if it cannot be built, nothing of it stays in memory. */
export async function buildModel(file: string, topology: JsonObject): Promise<layers.LayersModel> {
  const { registeredVariables } = tf.engine();
  const before = new Set(Object.keys(registeredVariables));
  try {
    const built = layers.models.modelFromJSON({ modelTopology: olderSpelling(topology) } as Parameters<
      typeof layers.models.modelFromJSON
    >[0]);
    // Building is done by now, before anything else could run; only the promise is still to settle.
    const made = Object.entries(registeredVariables).filter(([name]) => !before.has(name));
    return await built.catch((cause: unknown) => {
      for (const [, variable] of made) variable.dispose();
      throw cause;
    });
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new ModelFileError(
      'MODEL_TOPOLOGY_UNSUPPORTED',
      file,
      `TensorFlow.js cannot build its layers (${problem}).`,
      'Register the classes of custom layers before, or export the model again with tf-keras (TF_USE_LEGACY_KERAS=1) ' +
        'and layers that TensorFlow.js has.',
      { cause },
    );
  }
}
