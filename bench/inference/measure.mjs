/**
 * One thread count of one network, in one process: `node measure.mjs '<options as JSON>'` prints its result as the last
 * line. `run.mjs` starts it.
 */
import { compareEngines } from './comparison.mjs';
import { openDeepsparse } from './engines/deepsparse.mjs';
import { openOnnxruntime } from './engines/onnxruntime.mjs';
import { openTfjs } from './engines/tfjs.mjs';
import { openTorch } from './engines/torch.mjs';
import { sparsitiesOf, trainedNetwork } from './networks/trained.mjs';

const options = JSON.parse(process.argv[2]);
const engines = {
  dense: { ort: openOnnxruntime, tfjs: openTfjs, torch: openTorch },
  sparse: {
    espalier: async (...given) => (await import('./engines/espalier.mjs')).openEspalier(...given),
    deepsparse: openDeepsparse,
  },
};
const result = options.trained ? await compareTrained(options.trained) : await compareEngines(options, engines);
console.log(JSON.stringify(result));
process.exit(0); // native engines keep threads that would hold the process

/** The same with the checkpoints' own sparsities, masks and weights. */
function compareTrained(files) {
  const sparsity = sparsitiesOf(files);
  const given = { ...options, sparsity, distribution: 'trained' };
  return compareEngines(given, engines, (network, each) => trainedNetwork(network, files[sparsity.indexOf(each)]));
}
