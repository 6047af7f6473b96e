import { NativeInstallError } from './native-install-error.js';
import { gist, runProgram } from './run-program.js';

/** What a freshly built addon did. */
export interface TrainingCheck {
  /** Version of the TensorFlow library, as the addon reports it. */
  readonly tensorflowVersion: string;
  /** Whether it sees a GPU. */
  readonly usesGpu: boolean;
  /** Loss of a small conv net before each of its steps; falls. */
  readonly losses: readonly number[];
}

/**
 * Loads tfjs-node with the given addon and trains on one batch. A program text rather than a module: it runs in its own
 * process, because a broken addon takes the process with it, and as CommonJS beside the package, wherever that is.
 */
const program = `
const util = require('node:util');
const old = { isArray: Array.isArray, isNullOrUndefined: value => value === null || value === undefined };
for (const name of Object.keys(old)) if (typeof util[name] !== 'function') util[name] = old[name];
const [packageDirectory, addon] = process.argv.slice(1);
const requireThere = require('node:module').createRequire(packageDirectory + '/package.json');
requireThere('@mapbox/node-pre-gyp/lib/pre-binding').find = () => addon;
const tf = requireThere(packageDirectory);
const seeded = seed => tf.initializers.glorotUniform({ seed });
const model = tf.sequential({ layers: [
  tf.layers.conv2d({ inputShape: [8, 8, 3], filters: 4, kernelSize: 3, padding: 'same', kernelInitializer: seeded(1) }),
  tf.layers.batchNormalization(),
  tf.layers.activation({ activation: 'relu' }),
  tf.layers.flatten(),
  tf.layers.dense({ units: 2, activation: 'softmax', kernelInitializer: seeded(2) }),
] });
model.compile({ optimizer: tf.train.sgd(0.05), loss: 'categoricalCrossentropy' });
const images = tf.randomNormal([16, 8, 8, 3], 0, 1, 'float32', 3);
const labels = tf.oneHot(tf.tensor1d(Array.from({ length: 16 }, (_, index) => index % 2), 'int32'), 2);
(async () => {
  const losses = [];
  for (let step = 0; step < 6; step++) losses.push(await model.trainOnBatch(images, labels));
  const { binding, isUsingGpuDevice } = tf.backend();
  console.log('CHECK ' + JSON.stringify({ tensorflowVersion: binding.TF_Version, usesGpu: isUsingGpuDevice, losses }));
})();
`;

/** Trains with an addon in a process of its own and returns what it did. */
export async function checkTraining(
  packageDirectory: string,
  addon: string,
  env: NodeJS.ProcessEnv,
): Promise<TrainingCheck> {
  const quiet = { TF_CPP_MIN_LOG_LEVEL: '2', ...env };
  const result = await runProgram(process.execPath, ['-e', program, packageDirectory, addon], {
    env: quiet,
    timeoutMs: 5 * 60_000,
  });
  const line = /^CHECK (.*)$/m.exec(result.stdout)?.[1];
  if (result.code !== 0 || line === undefined) throw failed(`does not work:\n${gist(result)}\n`);
  const check = JSON.parse(line) as TrainingCheck;
  const { losses } = check;
  // JSON has no NaN: it arrives as null, which is no finite number either.
  if (losses.every(Number.isFinite) && Number(losses.at(-1)) < Number(losses.at(0))) return check;
  throw failed(`does not train: its losses are ${losses.join(', ')}.`);
}

function failed(problem: string): NativeInstallError {
  return new NativeInstallError(
    'NATIVE_CHECK_FAILED',
    `The addon was built but ${problem}`,
    'Check that this TensorFlow suits the machine: python -c "import tensorflow" must work. An "illegal instruction" means ' +
      'a processor without AVX; missing CUDA libraries come with pip install tensorflow[and-cuda].',
  );
}
