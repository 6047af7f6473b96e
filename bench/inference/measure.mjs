/**
 * One thread count of one network, in one process: `node measure.mjs '<options as JSON>'` prints its result as the last line.
 * `run.mjs` starts it.
 */
import { compareEngines } from './comparison.mjs';
import { openOnnxruntime } from './engines/onnxruntime.mjs';
import { openTfjs } from './engines/tfjs.mjs';
import { openTorch } from './engines/torch.mjs';

const result = await compareEngines(JSON.parse(process.argv[2]), {
  ort: openOnnxruntime,
  tfjs: openTfjs,
  torch: openTorch,
  espalier: async (...given) => (await import('./engines/espalier.mjs')).openEspalier(...given),
});
console.log(JSON.stringify(result));
process.exit(0); // native engines keep threads that would hold the process
