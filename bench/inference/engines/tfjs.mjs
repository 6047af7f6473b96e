import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { tfjsEngine } from './tfjs-graph.mjs';
import { initializeWithThreads } from './tfjs-threads.mjs';

const require = createRequire(import.meta.url);

/** tfjs-backend-wasm with SIMD. */
export async function openTfjs(graph, images, { threads, batch }) {
  const tf = require('@tensorflow/tfjs-core');
  const wasm = require('@tensorflow/tfjs-backend-wasm');
  if (tf.getBackend() !== 'wasm') {
    const folder = dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json'));
    wasm.setWasmPaths(join(folder, 'dist') + sep);
    if (threads > 1) await initializeWithThreads(tf, wasm, threads);
    else await tf.setBackend('wasm');
    await tf.ready();
  }
  const used = threads > 1 ? wasm.getThreadsCount() : 1;
  if (used !== threads) throw new Error(`tfjs-backend-wasm has ${used} threads instead of ${threads}.`);
  const simd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');
  return tfjsEngine(tf, graph, images, batch, { version: wasm.version_wasm, simd, threads: used });
}
