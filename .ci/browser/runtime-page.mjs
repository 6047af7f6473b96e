/**
 * What runs in the page that tests `@espalier/runtime`: small steps, so that the driver can look at the page between
 * them.
 */
import { compile } from '@espalier/runtime';

const bytes = async name => new Uint8Array(await (await fetch(`/fixture/${name}`)).arrayBuffer());
const floats = async name => new Float32Array((await bytes(name)).buffer);
const [checkpoint, images, logits] = await Promise.all([
  bytes('pruned.safetensors'),
  floats('images.f32'),
  floats('logits.f32'),
]);
const batch = logits.length / 10;
const size = images.length / batch;
let plan;

/** Largest difference over the largest magnitude that TensorFlow.js gave; NaN if anything is NaN. */
function relativeError(actual) {
  if (actual.length !== logits.length) return Number.POSITIVE_INFINITY;
  const largest = logits.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return logits.reduce((most, value, at) => Math.max(most, Math.abs(value - actual[at])), 0) / largest;
}

globalThis.runtime = {
  facts: () => ({ isolated: globalThis.crossOriginIsolated, cores: navigator.hardwareConcurrency }),
  /** Compiles the checkpoint and says how the plan was made, or the code of the error. */
  open: async (options, damaged = false) => {
    try {
      plan = await compile(damaged ? checkpoint.slice(0, -1) : checkpoint, options);
      const { threads, instructions, flopDensity } = plan.summary;
      return { threads, instructions, flopDensity };
    } catch (error) {
      return { code: error.code };
    }
  },
  /** Runs all images as one batch; `results` can be compared between plans. */
  compare: async () => {
    const results = await plan.run(images, { batch });
    return { error: relativeError(results), results: Array.from(results) };
  },
  /** Runs single images in memory of their own; returns how many gave something else than the first of their kind. */
  repeat: async runs => {
    const firsts = [];
    let different = 0;
    for (let run = 0; run < runs; run++) {
      const at = run % batch;
      const result = (await plan.run(images.slice(at * size, (at + 1) * size))).join();
      firsts[at] ??= result;
      if (result !== firsts[at]) different += 1;
    }
    return different;
  },
  close: async () => {
    await plan.dispose();
    plan = undefined;
  },
};
globalThis.ready = true;
