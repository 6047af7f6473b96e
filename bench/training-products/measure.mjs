import { trainingProducts } from '@espalier/runtime';
import { symmetric, uniformNumbers } from '../inference/networks/random.mjs';
import { median, relativeError, round } from '../inference/statistics.mjs';
import { makeMask, unevenness } from './masks.mjs';
import { gigaflopsOf, mapProducts, productNames, ratiosOf } from './products.mjs';

/** Results count as equal up to this difference, relative to the largest magnitude. */
const TOLERANCE = 1e-4;
/** Fast products are run so often that one sample takes about this long. */
const SAMPLE_MILLISECONDS = 8;

/**
 * All products of one layer under every mask and of the dense layer in PyTorch: compared, then timed in rounds that ask
 * each of them once.
 */
export async function measureLayer(layer, masks, torch, { batch, threads, rounds, instructions }) {
  const { outputs, inputs, image, size } = layer;
  const pixels = batch * image * image;
  const [x, dy, bias, weights] = [pixels * inputs, pixels * outputs, outputs, size * size * inputs * outputs].map(
    (length, seed) => symmetric(length, 1, uniformNumbers(seed + 1)),
  );
  const { version, tried } = await torch.load(layer, batch, { x, dy, bias });
  const own = [];
  for (const { kind, sparsity } of masks) {
    const mask = makeMask(kind, layer, 1 - sparsity);
    const kernel = weights.map((weight, index) => weight * mask[index]);
    const products = await trainingProducts(
      {
        kernelShape: [size, size, inputs, outputs],
        mask,
        inputShape: [image, image, inputs],
        batch,
        padding: 'same',
      },
      { threads, instructions, tune: true },
    );
    await products.setWeights(kernel);
    await products.setBias(bias);
    const error = await compare(products, { x, dy, mask }, await torch.results(kernel));
    own.push({ kind, sparsity, products, error, nonzeros: products.indices.length, rows: unevenness(mask, outputs) });
  }
  const times = await timeRounds(torch, own, rounds);
  for (const { products } of own) await products.dispose();
  const dense = summarize(times.torch);
  return {
    ...layer,
    torch: { version, tried, ...dense },
    masks: own.map(({ kind, sparsity, error, nonzeros, rows }, i) => {
      const sparse = summarize(times.own[i]);
      return {
        kind,
        sparsity,
        nonzeros,
        rows,
        relativeError: error,
        ...sparse,
        gigaflops: gigaflopsOf(layer, { nonzeros }, sparse.minimumMilliseconds, batch),
        timesFaster: ratiosOf(dense.medianMilliseconds, sparse.medianMilliseconds),
        timesFasterByMinima: ratiosOf(dense.minimumMilliseconds, sparse.minimumMilliseconds),
      };
    }),
  };
}

/** Computes everything once and compares it with PyTorch's dense products; leaves the images loaded. */
async function compare(products, { x, dy, mask }, expected) {
  const computed = {
    y: await products.forward(x),
    dx: await products.inputGradient(dy),
    dw: products.toKernel(await products.filterGradient(x, dy)),
  };
  const wanted = { ...expected, dw: expected.dw.map((value, index) => value * mask[index]) };
  const errors = Object.keys(computed).map(name => {
    const error = relativeError(computed[name], wanted[name]);
    if (!(error <= TOLERANCE)) throw new Error(`${name} differs by ${error} from PyTorch's.`);
    return error;
  });
  return Number(Math.max(...errors).toExponential(1));
}

async function timeRounds(torch, own, rounds) {
  const entries = [
    productNames.map(product => ({ time: repetitions => torch.time(product, repetitions), milliseconds: [] })),
    ...own.map(({ products }) =>
      productNames.map(product => ({
        time: async repetitions => {
          const begin = performance.now();
          for (let i = 0; i < repetitions; i++) await products.compute(product);
          return (performance.now() - begin) / repetitions;
        },
        milliseconds: [],
      })),
    ),
  ];
  for (const entry of entries.flat()) {
    await entry.time(1);
    entry.repetitions = Math.max(1, Math.round(SAMPLE_MILLISECONDS / (await entry.time(2))));
  }
  for (let index = 0; index < rounds; index++) {
    for (const entry of entries.flat()) entry.milliseconds.push(await entry.time(entry.repetitions));
  }
  const [first, ...rest] = entries.map(list => list.map(({ milliseconds }) => milliseconds));
  return { torch: first, own: rest };
}

function summarize(samples) {
  const by = pick => mapProducts((_, index) => round(pick(samples[index]), 3));
  return { medianMilliseconds: by(median), minimumMilliseconds: by(numbers => Math.min(...numbers)) };
}
