/** A fine-tuned network in each engine: `{ engine, run, close }`, from an image in memory to logits in memory. */
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { toModel } from '@espalier/core/tfjs';
import { exportOnnx } from '@espalier/onnx';
import { compile } from '@espalier/runtime';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { peersIn } from '../inference/peers.mjs';

/** Before the first engine: TensorFlow.js on its own WebAssembly kernels. */
export async function startTfjs() {
  const manifest = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json');
  setWasmPaths(join(dirname(manifest), 'dist') + sep);
  tf.enableProdMode();
  await tf.setBackend('wasm');
}

/** The runtime, tuned. */
export async function openEspalier(checkpoint, image, threads) {
  const plan = await compile(checkpoint, { threads, tune: true });
  return { engine: 'espalier', run: () => plan.run(image), close: () => plan.dispose() };
}

/** ONNX Runtime's native CPU provider with all its optimizations of graphs, on what `exportOnnx` writes. */
export async function openOnnxruntime(checkpoint, image, threads, { peers, shape }) {
  const { InferenceSession, Tensor } = peersIn(peers).load('onnxruntime-node');
  const session = await InferenceSession.create(await exportOnnx(checkpoint, { batchSize: 1 }), {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
  });
  const feeds = { [session.inputNames[0]]: new Tensor('float32', image, [1, ...shape]) };
  const [output] = session.outputNames;
  return {
    engine: 'onnxruntime-node',
    run: async () => (await session.run(feeds))[output].data,
    close: () => session.release(),
  };
}

/** The network as TensorFlow.js loads it: batch normalization is not folded. It has one thread in Node. */
export async function openTfjs(checkpoint, image, _threads, { shape }) {
  const model = await toModel(checkpoint);
  const input = tf.tensor(image, [1, ...shape]);
  const run = async () => {
    const output = model.predictOnBatch(input);
    const values = await output.data();
    output.dispose();
    return values;
  };
  const close = () => {
    model.dispose();
    input.dispose();
  };
  return { engine: 'tfjs-wasm', run, close };
}
