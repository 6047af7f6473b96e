/** Reads a file and says by how many bytes this process grew at most: node --expose-gc read.mjs KIND FILE SMALL_FILE */
import '@tensorflow/tfjs-backend-cpu';
import { readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { readSafetensors } from '@espalier/core';
import { readCheckpoint } from '@espalier/core/node';
import { readKerasModel, readKerasWeights, readLayersModel } from '@espalier/models/node';
import { readOnnxFile } from '@espalier/onnx/node';
import * as tf from '@tensorflow/tfjs-core';

const readers = {
  checkpoint: readCheckpoint,
  keras: readKerasWeights,
  'keras-model': readKerasModel,
  'layers-model': readLayersModel,
  onnx: readOnnxFile,
  safetensors: async path => readSafetensors(await readFile(path)),
};
const [kind, path, small] = process.argv.slice(2);
await tf.setBackend('cpu');
await readers[kind](small); // libraries are loaded
globalThis.gc();
/** A line of Linux's own record of this process, in bytes. */
const recorded = line =>
  1024 * Number(new RegExp(`^${line}:\\s+(\\d+) kB`, 'm').exec(readFileSync('/proc/self/status', 'utf8'))[1]);
writeFileSync('/proc/self/clear_refs', '5'); // the high-water mark begins anew
const before = recorded('VmRSS');
const result = await readers[kind](path);
process.stdout.write(JSON.stringify({ grown: recorded('VmHWM') - before, kept: result !== undefined }));
