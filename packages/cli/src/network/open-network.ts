import {
  type Checkpoint,
  CorruptCheckpointError,
  classNamesOf,
  type InputNormalization,
  normalizationOf,
  withClassNames,
  withNormalization,
} from '@espalier/core';
import { type ModelWarning, readKerasModel, readLayersModel } from '@espalier/models/node';
import { readOnnxFile } from '@espalier/onnx/node';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { chooseBackend } from '../work/backend.js';
import { openCheckpoint } from '../work/open-checkpoint.js';
import { checkpointOfModel } from './checkpoint-of-model.js';
import { classNamesBeside } from './class-names-beside.js';
import { type FileKind, fileKind } from './file-kind.js';
import { isBuiltIn } from './is-built-in.js';
import { modelOfModule } from './model-of-module.js';
import { WeightsWithoutNetworkError } from './network-errors.js';
import { notFiniteLine } from './not-finite.js';
import { registerClasses } from './register.js';
import { fillModel, type WeightedModel, withWeights } from './with-weights.js';

/** Settings of {@link openNetwork}. */
export interface OpenNetworkOptions {
  /** File of the weights, for a built-in architecture or a module. */
  readonly weights?: string | undefined;
  /** Modules that register classes of layers. */
  readonly register?: readonly string[] | undefined;
  /** Most bytes that reading may take. */
  readonly memoryLimit?: number | undefined;
  /** Is told what cannot be seen in the result. */
  readonly say?: ((line: string) => void) | undefined;
}

/**
 * A network of any kind as a checkpoint: topology, weights, masks, and what it carries of the normalization and the
 * names of its classes. Takes a checkpoint, a file of Keras (`.h5`, `.keras`), the `model.json` of a TensorFlow.js
 * layers model, an ONNX file, a module that exports a `LayersModel` or a function that makes one, or the name of a
 * built-in architecture with a file of weights. What a file is, its first bytes say.
 */
export async function openNetwork(source: string, options: OpenNetworkOptions = {}): Promise<Checkpoint> {
  const checkpoint = await opened(source, options);
  const line = notFiniteLine(checkpoint);
  if (line !== undefined) options.say?.(line);
  return checkpoint;
}

async function opened(source: string, options: OpenNetworkOptions): Promise<Checkpoint> {
  const { weights, register = [], memoryLimit, say = () => {} } = options;
  await registerClasses(register);
  if (weights !== undefined) await needBackend();
  if (weights !== undefined && isBuiltIn(source))
    return storedNetwork(await withWeights(source, weights, memoryLimit), say);
  const kind = await fileKind(source);
  if (kind === 'checkpoint') return ownCheckpoint(source, memoryLimit);
  await needBackend();
  const model = await read(source, kind, { memoryLimit, say });
  if (weights !== undefined)
    return storedNetwork(await disposing(model, () => fillModel(model, weights, memoryLimit)), say);
  const names = kind === 'layers-model' ? await classNamesBeside(source, classesOf(model)) : undefined;
  return storedNetwork({ model, normalization: undefined, masks: new Map() }, say, names);
}

function read(
  path: string,
  kind: Exclude<FileKind, 'checkpoint'>,
  { memoryLimit, say }: { readonly memoryLimit: number | undefined; readonly say: (line: string) => void },
): Promise<LayersModel> {
  const limits = memoryLimit === undefined ? {} : { memoryLimit };
  if (kind === 'module') return modelOfModule(path);
  if (kind === 'onnx') return readOnnxFile(path, limits).then(({ model }) => model);
  const options = { ...limits, onWarning: ({ message }: ModelWarning): void => say(message) };
  return kind === 'keras' ? readKerasModel(path, options) : readLayersModel(path, options);
}

/** Of safetensors that other programs wrote, the error says what they are for. */
async function ownCheckpoint(path: string, memoryLimit: number | undefined): Promise<Checkpoint> {
  return openCheckpoint(path, memoryLimit).catch((error: unknown) => {
    if (error instanceof CorruptCheckpointError && /It is a sound safetensors file/.test(error.reason)) {
      throw new WeightsWithoutNetworkError(path);
    }
    throw error;
  });
}

/** Weights are read into tensors, on any backend; a command that needs a certain one chooses it before. */
export async function needBackend(): Promise<void> {
  if (!tf.engine().backendName) await chooseBackend('cpu');
}

async function storedNetwork(
  { model, normalization, masks, notice }: WeightedModel,
  say: (line: string) => void,
  names?: readonly string[],
): Promise<Checkpoint> {
  if (notice !== undefined) say(notice);
  return disposing(model, async () => {
    const carried = (model.getUserDefinedMetadata() ?? {}) as Checkpoint['metadata'];
    const checkpoint = await checkpointOfModel(model, metadataOf(carried, normalization, names), say);
    model.dispose();
    return { ...checkpoint, masks: new Map([...checkpoint.masks, ...masks]) };
  });
}

function metadataOf(
  carried: Checkpoint['metadata'],
  normalization: InputNormalization | undefined,
  names: readonly string[] | undefined,
): Checkpoint['metadata'] {
  const own = normalizationOf(carried) ?? normalization;
  const classNames = classNamesOf(carried) ?? names;
  const metadata = own ? withNormalization({}, own) : {};
  return classNames ? withClassNames(metadata, classNames) : metadata;
}

const classesOf = ({ outputs }: LayersModel): number => outputs[0]?.shape.at(-1) ?? 0;

/** Disposes of the model if what is done with it fails. */
async function disposing<Result>(model: LayersModel, act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    model.dispose();
    throw error;
  }
}
