import { tfjsEngine } from './tfjs-graph.mjs';

/**
 * tfjs-backend-wasm in a page that has loaded its bundles. It takes several threads only where the page is isolated.
 */
export async function openTfjsWeb(graph, images, { threads, batch }) {
  const { tf } = globalThis;
  if (tf.getBackend() !== 'wasm') {
    tf.wasm.setWasmPaths('/tfjs-backend-wasm/dist/');
    if (threads > 1) {
      tf.wasm.setThreadsCount(threads);
      // It takes half of the cores at most.
      Object.defineProperty(navigator, 'hardwareConcurrency', { value: 2 * threads, configurable: true });
    } else tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
    await tf.setBackend('wasm');
    await tf.ready();
    delete navigator.hardwareConcurrency; // back to the browser's own
  }
  const simd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');
  const multithreaded = await tf.env().getAsync('WASM_HAS_MULTITHREAD_SUPPORT');
  const details = { version: tf.wasm.version_wasm, simd, threads: multithreaded ? tf.wasm.getThreadsCount() : 1 };
  return tfjsEngine(tf, graph, images, batch, details);
}
