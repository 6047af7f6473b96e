const WARM_UP = 5;
/** Threads of the engine before (of ONNX Runtime, of OpenMP) spin for a while when they have nothing to do. */
const SETTLE_MILLISECONDS = 30;
/** Fast networks are run so often that one sample takes about this long. */
const SAMPLE_MILLISECONDS = 15;

/**
 * Milliseconds for one image of every engine, `rounds` samples each; an engine with a `batch` computes so many images
 * in a run. Every round asks every engine once, so that whatever else the machine does falls on all of them.
 */
export async function timeRounds(engines, rounds, threads) {
  const entries = [];
  for (const engine of engines) {
    for (let i = 0; i < WARM_UP; i++) await timed(engine, 1);
    const once = await timed(engine, 3);
    entries.push({ engine, repetitions: Math.max(1, Math.round(SAMPLE_MILLISECONDS / once)), milliseconds: [] });
  }
  for (let round = 0; round < rounds; round++) {
    for (const { engine, repetitions, milliseconds } of entries) {
      if (threads > 1) await sleep(SETTLE_MILLISECONDS);
      milliseconds.push((await timed(engine, repetitions)) / (engine.batch ?? 1));
    }
  }
  return entries;
}

const sleep = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));

/** Milliseconds of one run. */
async function timed(engine, repetitions) {
  if (engine.time) return engine.time(repetitions);
  const begin = performance.now();
  for (let i = 0; i < repetitions; i++) await engine.run();
  return (performance.now() - begin) / repetitions;
}
