import { randomUUID } from 'node:crypto';
import { rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { checkOptions, rules } from '@espalier/core';
import { makeDirectory } from '@espalier/core/node';
import { buildAddon, findCompiler } from './build-addon.js';
import { checkTraining, type TrainingCheck } from './check-training.js';
import { findPackage } from './find-package.js';
import { findTensorflow } from './find-tensorflow.js';
import { NativeInstallError } from './native-install-error.js';

/** Settings of {@link installNative}. */
export interface InstallNativeOptions {
  /**
   * Where TensorFlow is: a virtual environment, its `site-packages`, or the `tensorflow` folder inside.
   *
   * @defaultValue The active virtual environment, else what the Python on the PATH would import.
   */
  readonly tensorflow?: string | undefined;
  /**
   * Folder of tfjs-node or tfjs-node-gpu.
   *
   * @defaultValue What a program in `workingDirectory` would import.
   */
  readonly nodePackage?: string | undefined;
  /**
   * Build tfjs-node-gpu, and insist on a TensorFlow wheel with CUDA.
   *
   * @defaultValue `false`: tfjs-node, or tfjs-node-gpu if only that is installed.
   */
  readonly gpu?: boolean | undefined;
  /**
   * Where to look for the package.
   *
   * @defaultValue The working directory of the process.
   */
  readonly workingDirectory?: string | undefined;
  /**
   * Environment variables; `CXX`, `PATH`, `VIRTUAL_ENV` and `CONDA_PREFIX` matter.
   *
   * @defaultValue Those of the process.
   */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Told about each stage as it begins, in words. */
  readonly onProgress?: ((stage: string) => void) | undefined;
}

/** What {@link installNative} did. */
export interface NativeInstallation extends TrainingCheck {
  /** The package, for example `@tensorflow/tfjs-node@4.22.0`. */
  readonly nodePackage: string;
  /** Folder of the TensorFlow that the addon uses; it has to stay there. */
  readonly tensorflow: string;
  /** The addon. */
  readonly addon: string;
}

/**
 * Builds the native addon of tfjs-node against an installed pip TensorFlow, checks that it trains, and puts it in
 * place.
 *
 * tfjs-node 4.22 comes with TensorFlow 2.9 and, on GPUs, CUDA 11.2. Its addon works unchanged with a current
 * TensorFlow, whose wheels bring the needed libraries and headers; with the GPU wheel this means CUDA 12. Python is
 * needed only to install the wheel. The addon refers to TensorFlow where it is, so that folder has to stay.
 *
 * The addon is built under a temporary name, tried in a process of its own, and only then takes its place in one step.
 * If anything fails, what was installed before is as it was. Linux only.
 *
 * @param options - Where things are. Without any, they are looked for.
 * @returns What was built against what, and the losses of the check.
 * @throws {@link NativeInstallError} if anything is missing or fails, with a code and a remedy.
 * @throws `UnknownOptionError` and `InvalidOptionError` of `@espalier/core` if an option does not exist or is of
 *   another type.
 *
 * @example Build the addon, or show what is missing.
 * ```ts
 * import { installNative, NativeInstallError } from '@espalier/backend/node';
 *
 * try {
 *   const { tensorflowVersion } = await installNative({ nodePackage: '/no/such/package' });
 *   console.log(`Training on TensorFlow ${tensorflowVersion}.`);
 * } catch (error) {
 *   if (error instanceof NativeInstallError) console.log(error.message);
 * }
 * ```
 */
export async function installNative(options: InstallNativeOptions = {}): Promise<NativeInstallation> {
  const { boolean, function: callback, optional, text, that } = rules;
  checkOptions<InstallNativeOptions>(options, {
    tensorflow: optional(text),
    nodePackage: optional(text),
    gpu: optional(boolean),
    workingDirectory: optional(text),
    env: optional(that('an object of texts', isEnvironment)),
    onProgress: optional(callback),
  });
  const { gpu = false, workingDirectory = process.cwd(), env = process.env, onProgress = () => undefined } = options;
  assertSupported();
  const found = await findPackage(options.nodePackage, gpu, workingDirectory);
  const path = options.tensorflow === undefined ? undefined : resolve(workingDirectory, options.tensorflow);
  const tensorflow = await findTensorflow(path, env);
  if (gpu) assertCuda(tensorflow.wheel);
  const compiler = await findCompiler(env);

  const folder = join(found.directory, 'lib', `napi-v${found.nodeApiVersion}`);
  const addon = join(folder, 'tfjs_binding.node');
  const staged = join(folder, `.tfjs_binding.${randomUUID()}.node`);
  await makeDirectory(folder);
  try {
    onProgress(
      `Building the addon of ${found.name}@${found.version} against TensorFlow ${tensorflow.version ?? ''} in ${tensorflow.directory}`,
    );
    await buildAddon(compiler, found, tensorflow, staged, env);
    onProgress('Checking that it trains');
    const check = await checkTraining(found.directory, staged, env);
    await rename(staged, addon);
    return { nodePackage: `${found.name}@${found.version}`, tensorflow: tensorflow.directory, addon, ...check };
  } catch (error) {
    await rm(staged, { force: true });
    for (const made of [folder, dirname(folder)]) await rmdir(made).catch(() => undefined);
    throw error;
  }
}

function isEnvironment(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every(entry => entry === undefined || typeof entry === 'string')
  );
}

function assertSupported(): void {
  if (process.platform === 'linux') return;
  throw new NativeInstallError(
    'NATIVE_UNSUPPORTED_PLATFORM',
    `Building against a pip TensorFlow is known to work on Linux only, and this is ${process.platform}.`,
    'Use the backend "wasm" or "webgpu", or tfjs-node with the TensorFlow it downloads itself.',
  );
}

function assertCuda(wheel: string | undefined): void {
  if (wheel === undefined || wheel === 'tensorflow') return;
  throw new NativeInstallError(
    'NATIVE_TENSORFLOW_UNUSABLE',
    `The wheel ${wheel} has no GPU support.`,
    "Install the one with CUDA: pip install 'tensorflow[and-cuda]'.",
  );
}
