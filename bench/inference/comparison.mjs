import { multiplyAccumulates, randomImage, randomNetwork } from './networks/weights.mjs';
import { timeRounds } from './rounds.mjs';
import { median, relativeError, round } from './statistics.mjs';

/** Engines count as equal up to this difference, relative to the largest logit. */
const TOLERANCE = 1e-3;

/**
 * Opens the dense peers on the dense network and our plans on the sparse ones, compares logits, times everything in
 * rounds. Works in Node and in browsers.
 *
 * @param options - What `run.mjs` was asked for.
 * @param open - `espalier` and the peers by name, the first of which gives the logits to compare with: functions of
 * graph, image and options.
 * @param sparseNetwork - Makes the network at a sparsity.
 */
export async function compareEngines(options, open, sparseNetwork = randomNetwork) {
  const { network, distribution, threads, rounds, engines } = options;
  const names = Object.keys(open).filter(name => name !== 'espalier' && engines.includes(name));
  const [reference] = names;
  const dense = randomNetwork(network, 0);
  const image = randomImage(dense);

  const peers = [];
  let expected;
  for (const name of names) {
    const peer = await open[name](dense, image, options);
    const logits = Float32Array.from(await peer.run());
    expected ??= logits;
    peers.push({ ...peer, name, error: agree(peer.engine, logits, expected) });
  }
  const plans = [];
  for (const sparsity of engines.includes('espalier') ? options.sparsity : []) {
    const graph = sparseNetwork(network, sparsity, distribution);
    const plan = await open.espalier(graph, image, options);
    const logits = Float32Array.from(await plan.run());
    const error = reference && agree(`espalier at ${sparsity}`, logits, await once(open[reference], graph));
    plans.push({ ...plan, sparsity, error, cost: multiplyAccumulates(graph) });
  }
  const times = (await timeRounds([...peers, ...plans], rounds, threads)).map(summarize);
  for (const { close } of [...peers, ...plans]) await close();

  const own = times.slice(peers.length);
  const timesFaster = (time, key) =>
    Object.fromEntries(peers.map(({ name }, i) => [name, round(times[i][key] / time[key])]));
  return {
    network,
    distribution,
    threads,
    rounds,
    reference,
    peers: peers.map(({ name, engine }, i) => ({ name, engine, ...times[i] })),
    espalier: plans.map(({ sparsity, cost }, i) => ({
      sparsity,
      density: round(cost.density, 4),
      flopDensity: round(cost.flopDensity, 4),
      ...own[i],
      timesFaster: timesFaster(own[i], 'medianMilliseconds'),
      timesFasterByMinima: timesFaster(own[i], 'minimumMilliseconds'),
    })),
  };

  async function once(openPeer, graph) {
    const peer = await openPeer(graph, image, options);
    const logits = Float32Array.from(await peer.run());
    await peer.close();
    return logits;
  }

  function agree(engine, actual, wanted) {
    const error = relativeError(actual, wanted);
    if (!(error <= TOLERANCE)) throw new Error(`${engine}: logits differ by ${error} from those of ${reference}.`);
    return Number(error.toExponential(1));
  }
}

function summarize({ engine, repetitions, milliseconds }) {
  return {
    ...engine.details,
    medianMilliseconds: round(median(milliseconds), 3),
    minimumMilliseconds: round(Math.min(...milliseconds), 3),
    repetitions,
    relativeError: engine.error,
  };
}
