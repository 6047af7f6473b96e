import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os, { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Names that the bundle of the backend gives to Node's modules, which its script for workers takes for granted. */
const bundledModules = `var require$$0 = require('fs'), require$$1 = require('path'), require$$3 = require('perf_hooks'),
  require$$4 = require('os'), commonjsGlobal = globalThis;`;

/**
 * Makes tfjs-backend-wasm use threads in Node, which it keeps for browsers: its own check is overruled, the scripts
 * that it hands to workers as blobs, which Node's workers cannot load, become files, and it is told of twice as many
 * cores as it shall use, because it takes half of them.
 */
export async function initializeWithThreads(tf, { setThreadsCount }, threads) {
  const folder = mkdtempSync(join(tmpdir(), 'espalier-tfjs-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const { Blob } = globalThis;
  const { createObjectURL } = URL;
  const { cpus } = os;
  const pathOfBlob = blob => blob.path;
  let files = 0;
  globalThis.Blob = class {
    constructor(parts) {
      this.path = join(folder, `script${files++}.cjs`);
      writeFileSync(this.path, `${bundledModules}\nURL.createObjectURL = ${pathOfBlob};\n${parts.join('')}`);
    }
  };
  URL.createObjectURL = pathOfBlob;
  os.cpus = () => Array.from({ length: 2 * threads }, () => cpus()[0]);
  try {
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', true);
    setThreadsCount(threads);
    await tf.setBackend('wasm');
    await tf.ready();
  } finally {
    globalThis.Blob = Blob;
    URL.createObjectURL = createObjectURL;
    os.cpus = cpus;
  }
}
