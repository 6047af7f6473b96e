import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { NativeInstallError } from './native-install-error.js';
import { runProgram } from './run-program.js';

/** A pip TensorFlow that an addon can be linked against. */
export interface FoundTensorflow {
  /** The folder `site-packages/tensorflow`. */
  readonly directory: string;
  /** Version of the wheel, for example `2.21.0`; absent if the folder stands alone. */
  readonly version?: string;
  /** Name of the wheel, for example `tensorflow_cpu`; absent if the folder stands alone. */
  readonly wheel?: string;
}

/** The libraries that the addon is linked with, as the wheels name them on Linux. */
export const tensorflowLibraries = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'] as const;

const remedy =
  'Install it, for example in a virtual environment: python3 -m venv tf && tf/bin/pip install tensorflow-cpu ' +
  "(for an NVIDIA GPU: tf/bin/pip install 'tensorflow[and-cuda]'), then pass --tensorflow tf.";

/**
 * Finds an installed pip TensorFlow: at the given place, or through the active virtual environment, or through the
 * Python on the PATH. Python is only asked where the package is; TensorFlow is never imported.
 */
export async function findTensorflow(path: string | undefined, env: NodeJS.ProcessEnv): Promise<FoundTensorflow> {
  const directory = path === undefined ? await askPython(env) : await searchBelow(resolve(path));
  for (const needed of [...tensorflowLibraries, 'include/tensorflow/c/c_api.h', 'include/tensorflow/c/eager/c_api.h']) {
    if (await exists(join(directory, needed))) continue;
    throw new NativeInstallError(
      'NATIVE_TENSORFLOW_UNUSABLE',
      `The TensorFlow in ${directory} lacks ${needed}.`,
      'Wheels for Linux have it since TensorFlow 2.11 or so; upgrade with pip install --upgrade tensorflow-cpu.',
    );
  }
  return { directory, ...(await wheelOf(directory)) };
}

async function searchBelow(path: string): Promise<string> {
  const environments = await subfolders(join(path, 'lib'), /^python3/);
  const places = [
    path,
    join(path, 'tensorflow'),
    ...environments.map(name => join(path, 'lib', name, 'site-packages/tensorflow')),
  ];
  for (const place of places) {
    if ((await exists(join(place, tensorflowLibraries[0]))) || (await exists(join(place, 'include/tensorflow'))))
      return place;
  }
  throw new NativeInstallError('NATIVE_TENSORFLOW_NOT_FOUND', `There is no pip TensorFlow in ${path}.`, remedy);
}

async function askPython(env: NodeJS.ProcessEnv): Promise<string> {
  const question =
    'import importlib.util as u; s = u.find_spec("tensorflow"); print(list(s.submodule_search_locations)[0] if s and s.submodule_search_locations else "")';
  const environments = [env.VIRTUAL_ENV, env.CONDA_PREFIX].flatMap(prefix =>
    prefix ? [join(prefix, 'bin/python')] : [],
  );
  const tried: string[] = [];
  for (const python of [...environments, 'python3', 'python']) {
    const { code, stdout } = await runProgram(python, ['-c', question], { env });
    if (code === 0 && stdout.trim() !== '') return stdout.trim();
    tried.push(`${python} ${code === null ? 'is not there' : 'has none'}`);
  }
  throw new NativeInstallError(
    'NATIVE_TENSORFLOW_NOT_FOUND',
    `No pip TensorFlow was found: ${tried.join(', ')}.`,
    remedy,
  );
}

async function wheelOf(directory: string): Promise<Omit<FoundTensorflow, 'directory'>> {
  if (basename(directory) !== 'tensorflow') return {};
  const [name] = await subfolders(
    dirname(directory),
    /^tensorflow(_(?!estimator|io|hub|datasets)\w+)?-\d[^-]*\.dist-info$/,
  );
  const [, wheel, version] = /^(\w+)-(\d[^-]*)\.dist-info$/.exec(name ?? '') ?? [];
  return wheel === undefined || version === undefined ? {} : { wheel, version };
}

async function subfolders(path: string, pattern: RegExp): Promise<readonly string[]> {
  const names = await readdir(path).catch(() => []);
  return names.filter(name => pattern.test(name)).sort();
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
