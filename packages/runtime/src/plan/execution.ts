import type { Engine } from '../engine/engine.js';
import type { Layout } from '../executor/options.js';
import type { ThreadPool } from '../executor/thread-pool.js';
import type { Shape } from '../graph/graph.js';
import { sizeOf } from '../graph/shape-of.js';
import type { Build, Range } from './build.js';
import { isImage } from './memory/reserve.js';
import type { LayerTime } from './run-options.js';
import { toPlanes } from './transpose.js';

/** What a plan runs on. */
export interface Execution {
  readonly engine: Engine;
  readonly build: Build;
  readonly pool: ThreadPool;
  readonly inputShape: Shape;
  readonly outputShape: Shape;
}

/** Computes images one by one. Awaits nothing while the threads are in time. */
export async function runBatch(
  execution: Execution,
  input: Float32Array,
  layout: Layout,
  batch: number,
): Promise<Float32Array> {
  const { build, pool, inputShape, outputShape } = execution;
  const [inputSize, outputSize] = [sizeOf(inputShape), sizeOf(outputShape)];
  const results = new Float32Array(batch * outputSize);
  for (let index = 0; index < batch; index++) {
    load(execution, input.subarray(index * inputSize, (index + 1) * inputSize));
    for (const [begin, end] of stages(build, layout)) {
      const slow = pool.run(begin, end);
      if (slow !== undefined) await slow;
    }
    store(execution, layout, results.subarray(index * outputSize, (index + 1) * outputSize));
  }
  return results;
}

/** Computes one image and times every layer. */
export async function timeLayers(execution: Execution, input: Float32Array, layout: Layout): Promise<LayerTime[]> {
  const { build, pool } = execution;
  load(execution, input);
  const last = [...build.ranges.values()].at(-1)?.[1] ?? build.body[0];
  const parts: readonly (readonly [string, Range])[] = [
    ['(input)', build.entry[layout]],
    ...build.ranges,
    ['(output)', [last, build.body[1]]],
  ];
  const times: LayerTime[] = [];
  for (const [name, [begin, end]] of parts) {
    if (begin === end) continue;
    const start = performance.now();
    const slow = pool.run(begin, end);
    if (slow !== undefined) await slow;
    times.push({ name, milliseconds: performance.now() - start });
  }
  return times;
}

/** The commands of a run, in as few parts as they can be. */
function stages({ entry, body }: Build, layout: Layout): readonly Range[] {
  const [begin, end] = entry[layout];
  return end === body[0] ? [[begin, body[1]]] : [[begin, end], body];
}

function load({ engine, build }: Execution, input: Float32Array): void {
  engine.heap.floats(build.input, input.length).set(input);
}

function store({ engine, build, outputShape }: Execution, layout: Layout, result: Float32Array): void {
  const values = engine.heap.floats(build.output, result.length);
  if (layout === 'nhwc' || !isImage(outputShape)) result.set(values);
  else toPlanes(values, outputShape.at(-1) ?? 1, result);
}
