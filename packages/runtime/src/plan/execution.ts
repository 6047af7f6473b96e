import type { Engine } from '../engine/engine.js';
import type { Layout } from '../executor/options.js';
import type { ThreadPool } from '../executor/thread-pool.js';
import { channelsOf, sizeOf } from '../graph/shape-of.js';
import type { Build, Range } from './build.js';
import { isImage } from './memory/reserve.js';
import type { LayerTime } from './run-options.js';
import { toPlanes } from './transpose.js';

/** What a plan runs on. */
export interface Execution {
  readonly engine: Engine;
  readonly build: Build;
  readonly pool: ThreadPool;
}

/** Images or vectors, one after the other, in the order of the plan's inputs or outputs. */
export type Values = readonly Float32Array[];

/** Computes images one by one. Awaits nothing while the threads are in time. */
export async function runBatch(execution: Execution, inputs: Values, layout: Layout, batch: number): Promise<Values> {
  const { build, pool } = execution;
  const results = build.outputs.map(({ shape }) => new Float32Array(batch * sizeOf(shape)));
  for (let index = 0; index < batch; index++) {
    load(execution, inputs, index);
    for (const [begin, end] of stages(build, layout)) {
      const slow = pool.run(begin, end);
      if (slow !== undefined) await slow;
    }
    store(execution, layout, results, index);
  }
  return results;
}

/** Computes one image and times every layer. */
export async function timeLayers(execution: Execution, inputs: Values, layout: Layout): Promise<LayerTime[]> {
  const { build, pool } = execution;
  load(execution, inputs, 0);
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

function load({ engine, build }: Execution, inputs: Values, index: number): void {
  for (const [which, { shape, address }] of build.inputs.entries()) {
    const size = sizeOf(shape);
    const values = (inputs[which] as Float32Array).subarray(index * size, (index + 1) * size);
    engine.heap.floats(address, size).set(values);
  }
}

function store({ engine, build }: Execution, layout: Layout, results: Values, index: number): void {
  for (const [which, { shape, address }] of build.outputs.entries()) {
    const size = sizeOf(shape);
    const values = engine.heap.floats(address, size);
    const result = (results[which] as Float32Array).subarray(index * size, (index + 1) * size);
    if (layout === 'nhwc' || !isImage(shape)) result.set(values);
    else toPlanes(values, channelsOf(shape), result);
  }
}
