import { multiplyAccumulates, randomImages, randomNetwork } from './networks/weights.mjs';
import { timeRounds } from './rounds.mjs';
import { relativeError } from './statistics.mjs';
import { summarize } from './summary.mjs';

/** Engines count as equal up to this difference, relative to the largest logit. */
const TOLERANCE = 1e-3;

/**
 * Opens the dense peers on the dense network and our plans, and peers that use zeros, on the sparse ones, for every
 * batch; compares logits, times everything in rounds. Works in Node and in browsers.
 *
 * @param options - What `run.mjs` was asked for.
 * @param open - `dense` and `sparse`: engines by name, functions of graph, images and options. The first that takes
 * part, dense ones before sparse ones, gives the logits to compare with.
 * @param sparseNetwork - Makes the network at a sparsity.
 */
export async function compareEngines(options, open, sparseNetwork = randomNetwork) {
  const { network, distribution, threads, rounds, engines, batches } = options;
  const taking = openers => Object.entries(openers).filter(([name]) => engines.includes(name));
  const [dense, sparse] = [taking(open.dense), taking(open.sparse)];
  const [reference] = dense;
  const referenceName = (reference ?? sparse[0])[0];

  const opened = [];
  const graphOfPeers = randomNetwork(network, 0);
  for (const batch of batches) await openAll(dense, graphOfPeers, batch, {});
  for (const sparsity of sparse.length > 0 ? options.sparsity : []) {
    const graph = sparseNetwork(network, sparsity, distribution);
    const cost = multiplyAccumulates(graph);
    for (const batch of batches) {
      const expected = reference && (await logitsOnce(reference, graph, batch));
      await openAll(sparse, graph, batch, { sparsity, cost }, expected);
    }
  }
  const times = await timeRounds(opened, rounds, threads);
  for (const { close } of opened) await close();
  return { network, distribution, threads, rounds, batches, reference: referenceName, ...summarize(times) };

  async function openAll(openers, graph, batch, more, given) {
    let expected = given;
    const images = randomImages(graph, batch);
    for (const [name, openEngine] of openers) {
      const engine = await openEngine(graph, images, { ...options, batch });
      const logits = Float32Array.from(await engine.run());
      expected ??= logits;
      const of = `${engine.engine}${more.sparsity === undefined ? '' : ` at ${more.sparsity}`}, batch ${batch}`;
      opened.push({ ...engine, ...more, name, batch, error: agree(of, logits, expected) });
    }
  }

  async function logitsOnce([, openEngine], graph, batch) {
    const engine = await openEngine(graph, randomImages(graph, batch), { ...options, batch });
    const logits = Float32Array.from(await engine.run());
    await engine.close();
    return logits;
  }

  function agree(of, actual, wanted) {
    const error = relativeError(actual, wanted);
    if (!(error <= TOLERANCE)) throw new Error(`${of}: logits differ by ${error} from those of ${referenceName}.`);
    return Number(error.toExponential(1));
  }
}
