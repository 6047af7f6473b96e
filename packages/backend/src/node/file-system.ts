import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { checkOptions, InvalidOptionError, rules } from '@espalier/core';
import { withFileErrors } from '@espalier/core/node';
import * as tf from '@tensorflow/tfjs-core';
import { loadModel } from './load-model.js';
import { saveModel } from './save-model.js';

const scheme = 'file://';

/** Settings of {@link fileSystem}. */
export interface FileSystemOptions {
  /**
   * Size of one weight file in bytes, an integer of at least 1; the last may be smaller.
   *
   * @defaultValue 4 MiB, as TensorFlow.js' converter does, so that browsers can cache each.
   */
  readonly shardBytes?: number | undefined;
}

/**
 * Saves models to and loads them from a directory, on every backend; TensorFlow.js has this for tfjs-node only.
 *
 * Saving writes `model.json` and weight files of 4 MiB each, all forced to the disk. It is atomic: weight files get
 * names never used before, `model.json` then takes its name in one step, and only then the files of the model that was
 * there before are removed. A crash or a full disk leaves the old model or the new one, never half of each. Optimizer
 * state, training configuration and user-defined metadata are kept.
 *
 * Loading takes models saved here, by tfjs-node, in a browser, or by TensorFlow.js' converter (several weight groups
 * and files, quantized weights). Before weights are read, `model.json` is checked: every weight file lies in the
 * model's directory and the files together have exactly the bytes that the weights need.
 *
 * @param path - The model's directory, or the path of its `.json` file. Relative paths start at the working directory.
 *   Missing directories are made when saving.
 * @param options - How to cut the weights.
 * @returns A handler for `model.save` and `tf.loadLayersModel`. Both of its functions throw {@link ModelFileError}, and
 *   `FileAccessError` of `@espalier/core/node` for what the operating system refuses (full, not permitted).
 * @throws `InvalidOptionError` of `@espalier/core` if `path` is no path or `shardBytes` is not an integer of at least
 *   1, and its `UnknownOptionError` for any other option.
 *
 * @example Save a model on the WASM backend and load it again.
 * ```ts
 * import { useBackend } from '@espalier/backend';
 * import { fileSystem } from '@espalier/backend/node';
 * import * as layers from '@tensorflow/tfjs-layers';
 * import { mkdtemp } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 *
 * await useBackend('wasm');
 * const model = layers.sequential({ layers: [layers.layers.dense({ units: 2, inputShape: [3] })] });
 * const directory = await mkdtemp(join(tmpdir(), 'model-'));
 * await model.save(fileSystem(directory));
 * const again = await layers.loadLayersModel(fileSystem(directory));
 * console.log(again.countParams()); // 8
 * ```
 */
export function fileSystem(path: string, options: FileSystemOptions = {}): tf.io.IOHandler {
  if (typeof path !== 'string' || path === '') throw new InvalidOptionError('path', path, 'a path that is not empty');
  checkOptions<FileSystemOptions>(options, { shardBytes: rules.optional(rules.integer({ from: 1 })) });
  const { shardBytes = 4 * 1024 * 1024 } = options;
  return {
    save: artifacts =>
      withFileErrors(path, 'write', async () => saveModel(await jsonFile(path), artifacts, shardBytes)),
    load: () => withFileErrors(path, 'read', async () => loadModel(await jsonFile(path))),
  };
}

let registered = false;

/**
 * Makes `model.save('file://…')` and `loadLayersModel('file://…')` work through {@link fileSystem} on every backend.
 *
 * What follows `file://` is a path as it is, relative or absolute, without percent-encoding, as tfjs-node reads it.
 * While tfjs-node is loaded, its own handler answers `file://`, since TensorFlow.js allows only one; {@link fileSystem}
 * works there too. Calling this again changes nothing.
 *
 * @example Save with a URL.
 * ```ts
 * import { useBackend } from '@espalier/backend';
 * import { registerFileSystemHandlers } from '@espalier/backend/node';
 * import * as layers from '@tensorflow/tfjs-layers';
 *
 * await useBackend('wasm');
 * registerFileSystemHandlers();
 * const model = layers.sequential({ layers: [layers.layers.dense({ units: 2, inputShape: [3] })] });
 * await model.save('file:///tmp/espalier-example-model');
 * ```
 */
export function registerFileSystemHandlers(): void {
  if (registered) return;
  registered = true;
  tf.io.registerSaveRouter(route as Parameters<typeof tf.io.registerSaveRouter>[0]);
  tf.io.registerLoadRouter(route as Parameters<typeof tf.io.registerLoadRouter>[0]);
}

function route(url: string | readonly string[]): tf.io.IOHandler | null {
  const tfjsNodeAnswers = 'tensorflow' in tf.engine().registryFactory;
  if (typeof url !== 'string' || !url.startsWith(scheme) || tfjsNodeAnswers) return null;
  return fileSystem(url.slice(scheme.length).replace(/^\/(?=[a-z]:)/i, ''));
}

async function jsonFile(path: string): Promise<string> {
  const full = resolve(path);
  const isDirectory = await stat(full).then(
    found => found.isDirectory(),
    () => false,
  );
  return full.toLowerCase().endsWith('.json') && !isDirectory ? full : join(full, 'model.json');
}
