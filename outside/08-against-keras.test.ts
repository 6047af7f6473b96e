import '@tensorflow/tfjs-backend-cpu';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EspalierError, type Json } from '@espalier/core';
import { modelWeights, toModel } from '@espalier/core/tfjs';
import { loadKerasWeights } from '@espalier/models';
import { readKerasWeights, readLayersModel } from '@espalier/models/node';
import { compile, type Graph, graphFromTopology } from '@espalier/runtime';
import { fromLayersModel } from '@espalier/runtime/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';

/** Values as JSON holds them. */
interface Tensor {
  readonly shape: number[];
  readonly values: number[];
}
/** One network of one layer, what it was given and what Keras gave. */
interface Case {
  readonly case: string;
  readonly layer: string;
  readonly option: string;
  /** True if Keras computed it with half precision. */
  readonly rough: boolean;
  readonly topology: { readonly model_config: Json; readonly keras_version: string };
  readonly weights: readonly (Tensor & { readonly name: string })[];
  readonly files: Readonly<Record<string, string>>;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
}

/** Folders that `.ci/keras-layers.sh` filled, one for each Keras. */
const folders = (process.env.ESPALIER_KERAS_CASES ?? '').split(':').filter(folder => folder !== '');
const casesIn = (file: string): readonly Case[] => (JSON.parse(readFileSync(file, 'utf8')) as { cases: Case[] }).cases;

const distance = (actual: ArrayLike<number>, expected: readonly number[]): number =>
  actual.length === expected.length
    ? expected.reduce((most, value, i) => Math.max(most, Math.abs((actual[i] ?? Number.NaN) - value) || 0), 0)
    : Number.POSITIVE_INFINITY;
const limitOf = ({ rough }: Case): number => (rough ? 2e-2 : 1e-4);

/** What is wrong with what a model gives, if anything. */
async function judged(model: LayersModel, given: Case): Promise<string | undefined> {
  const type = given.layer === 'Embedding' || given.layer === 'CategoryEncoding' ? 'int32' : 'float32';
  const inputs = given.inputs.map(({ shape, values }) => tf.tensor(values, shape, type));
  const outputs = [model.predict(inputs.length === 1 ? (inputs[0] as tf.Tensor) : inputs)].flat();
  const wrong = outputs.length === given.outputs.length ? [] : [`${outputs.length} outputs`];
  for (const [i, { shape, values }] of given.outputs.entries()) {
    const output = outputs[i];
    if (!output) continue;
    const far = distance(await output.data(), values);
    if (output.shape.join() !== shape.join()) wrong.push(`shape [${output.shape}] for [${shape}]`);
    else if (!(far <= limitOf(given))) wrong.push(`${far} away`);
  }
  tf.dispose([inputs, outputs]);
  return wrong.length > 0 ? wrong.join(', ') : undefined;
}

/** What is wrong with a refusal, if anything: it must have a code and name the option. */
function judgedRefusal(error: unknown, { option, layer }: Case): string | undefined {
  if (!EspalierError.isInstance(error)) return `uncoded: ${error}`;
  const { message, code } = error;
  if (/UNREGISTERED_CLASS|UNSUPPORTED_LAYER_OPTION/.test(code)) {
    const alone = option.split('+');
    const named =
      alone.some(name => message.includes(name)) || message.includes('activation') || code === 'UNREGISTERED_CLASS';
    return named || layer.includes('GRU') || layer === 'Resizing' || layer === 'CenterCrop'
      ? undefined
      : `${option} is not named: ${message}`;
  }
  return `${code}: ${message}`;
}

async function modelFileOf(folder: string, given: Case): Promise<string> {
  const manifest = given.weights.map(({ name, shape }) => ({ name, shape, dtype: 'float32' }));
  const json = { modelTopology: given.topology, weightsManifest: [{ paths: ['w.bin'], weights: manifest }] };
  await writeFile(
    join(folder, 'w.bin'),
    Buffer.from(Float32Array.from(given.weights.flatMap(({ values }) => values)).buffer),
  );
  await writeFile(join(folder, 'model.json'), JSON.stringify(json));
  return join(folder, 'model.json');
}

/** The value of a graph against Keras's; a layer that the runtime cannot run is no fault. */
async function judgedGraph(make: () => Graph | Promise<Graph>, given: Case): Promise<string | undefined> {
  try {
    const plan = await compile(await make(), { threads: 1 });
    const inputs = plan.inputs.map(({ name }, index) => [name, Float32Array.from(given.inputs[index]?.values ?? [])]);
    const outputs = Object.values(await plan.runNamed(Object.fromEntries(inputs)));
    await plan.dispose();
    const far = Math.max(...outputs.map((output, index) => distance(output, given.outputs[index]?.values ?? [])));
    return far <= limitOf(given) ? undefined : `${far} away`;
  } catch (error) {
    if (!EspalierError.isInstance(error)) return `uncoded: ${error}`;
    if (error.code === 'UNSUPPORTED_LAYERS' || /runtime needs \[height/.test(error.message)) return undefined;
    return `${error.code}: ${error.message}`;
  }
}

/** Networks that were not refused. */
const carriedOut: Case[] = [];

async function faultsOf(given: Case): Promise<string[]> {
  const faults: string[] = [];
  const say = (where: string, fault: string | undefined): void => {
    if (fault !== undefined) faults.push(`${given.case} by ${where}: ${fault}`);
  };
  const folder = await mkdtemp(join(tmpdir(), 'espalier-keras-'));
  const topology = { ...(given.topology.model_config as object), keras_version: given.topology.keras_version } as Json;
  try {
    const model = await readLayersModel(await modelFileOf(folder, given));
    say('readLayersModel', await judged(model, given));
    carriedOut.push(given);
    const weights = new Map(
      modelWeights(model).map(({ name, variable, trainable }) => [
        name,
        { shape: variable.shape, values: variable.dataSync() as Float32Array, trainable },
      ]),
    );
    const again = await toModel({ model: topology, weights } as never);
    say('toModel', await judged(again, given));
    again.dispose();
    say('fromLayersModel', await judgedGraph(() => fromLayersModel(model), given));
    say('graphFromTopology', await judgedGraph(() => graphFromTopology(topology, weights), given));
    for (const [ending, path] of Object.entries(given.files)) {
      for (const weight of model.weights) (weight.read() as tf.Variable).assign(tf.zeros(weight.shape as number[]));
      try {
        loadKerasWeights(model, await readKerasWeights(path));
        say(`.${ending}`, await judged(model, given));
      } catch (error) {
        // Keras 2 writes no names of layers into these files, which is said with a code of its own.
        const nameless = EspalierError.isInstance(error) && error.code === 'KERAS_FILE_WITHOUT_NAMES';
        if (!nameless || ending === 'h5') say(`.${ending}`, String(error));
      }
    }
    model.dispose();
  } catch (error) {
    say('readLayersModel', judgedRefusal(error, given));
    const refusedToo = await judgedGraph(
      () =>
        graphFromTopology(
          topology,
          new Map(given.weights.map(({ name, shape, values }) => [name, { shape, values: Float32Array.from(values) }])),
        ),
      given,
    );
    say('graphFromTopology', refusedToo);
  } finally {
    await rm(folder, { recursive: true });
  }
  return faults;
}

const few = casesIn(fileURLToPath(new URL('./keras-layers.json', import.meta.url)));
const titleOf = ({ layer, topology }: Case): string => `${layer} of Keras ${topology.keras_version}`;
const byLayer = (cases: readonly Case[]): [string, Case[]][] =>
  [...new Set(cases.map(titleOf))].map(title => [title, cases.filter(given => titleOf(given) === title)]);

describe('options that are carried out give what Keras gives, a few numbers of which are kept', () => {
  it.each(byLayer(few))('%s', async (_, cases) => {
    for (const given of cases) {
      expect(await faultsOf(given)).toEqual([]);
      expect(carriedOut).toContain(given);
    }
  });
});

// Skipped unless ESPALIER_KERAS_CASES names folders of networks, which .ci/keras-layers.sh makes with Keras.
describe.skipIf(folders.length === 0)('every option is carried out as Keras does, or refused by name', () => {
  const all = folders.flatMap(folder => [...casesIn(join(folder, 'cases.json'))]);
  it.each(byLayer(all))('%s', async (_, cases) => {
    const faults: string[] = [];
    for (const given of cases) faults.push(...(await faultsOf(given)));
    expect(faults).toEqual([]);
  });
});
