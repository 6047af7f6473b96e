import {
  checkOptions,
  classNamesKey,
  type InputNormalization,
  InvalidOptionError,
  InvalidTopologyError,
  requireClassNames,
  requireNormalization,
  rules,
  TopologyWeightsError,
} from '@espalier/core';
import { modelFromTopology } from '@espalier/core/tfjs';
import * as tfc from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { OnnxFileError } from '../errors.js';
import { readModelProto } from '../format/reading/read-model.js';
import { heldStretch, type Stretch } from '../format/reading/stretch.js';
import { sizeOf } from './entry.js';
import { type ExternalData, type ExternalStretch, externalBytes, heldFiles } from './external-data.js';
import type { FoundLayer } from './layer-list.js';
import { readNetwork } from './read-network.js';
import { StoredConstants } from './stored-constants.js';
import { neededLayers, topologyOf } from './topology.js';

/** How {@link readOnnx} reads a file. */
export interface ReadOnnxOptions {
  /**
   * Where inputs of images and sequences have their channels in the file: `'first'` as in PyTorch, `'last'` as in
   * TensorFlow. The model takes them last in any case.
   *
   * @defaultValue `'last'` if everything that reads the input turns it first, else `'first'`
   */
  readonly channels?: 'first' | 'last' | undefined;
  /**
   * Gives the bytes of another file by the path that the network says, relative to its own; for networks that keep
   * their weights apart. `readOnnxFile` of `@espalier/onnx/node` looks beside the file.
   */
  readonly externalData?: ExternalData | undefined;
}

/** A network that was read. */
export interface OnnxNetwork {
  /** The network as layers, uncompiled. Dispose of it after use. */
  readonly model: LayersModel;
  /** Version of ONNX's operators. */
  readonly opset: number;
  /** The program that wrote the file, such as `pytorch`; empty if it does not say. */
  readonly producer: string;
  /** `metadata_props` as they are. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The names of the classes in the metadata (`class_names`), if they are a JSON list of texts. */
  readonly classNames: readonly string[] | undefined;
  /** The normalization in the metadata, which the model carries too. */
  readonly normalization: InputNormalization | undefined;
}

/**
 * A network of ONNX as a TensorFlow.js `LayersModel`, which every method can prune.
 *
 * Images have their channels last in the model, whatever they have in the file: kernels are turned when they are read,
 * and a dense layer behind a row of an image gets its weights in another order, so that nothing is turned in between
 * where that can be avoided. Layers are called as their weights or nodes in the file. Chains of operations that make an
 * activation (GELU, swish, ReLU6 and others) become that activation; numbers for each channel that are multiplied or
 * added go into the weights before them where nobody else reads those. Sizes that are computed from `Shape` are
 * computed when the file is read.
 *
 * What cannot be expressed is refused, all nodes in one error. A file from a stranger cannot ask for more memory than
 * some times its size. If anything is wrong, no tensors stay.
 *
 * @param bytes - The file.
 * @param options - Layout of the inputs, and other files of weights.
 * @returns The model and what the file says beside it.
 * @throws {@link OnnxOperationsError} for operations, or forms of them, that no layer computes.
 * @throws {@link OnnxFileError} with a code for what else is wrong with the file.
 * @throws {@link InvalidOptionError} if an argument is wrong.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { readOnnx } from '@espalier/onnx';
 *
 * export async function layerNames(file: Uint8Array): Promise<string[]> {
 *   const { model } = await readOnnx(file);
 *   const names = model.layers.map(layer => layer.name);
 *   model.dispose();
 *   return names;
 * }
 * ```
 */
export async function readOnnx(bytes: Uint8Array, options: ReadOnnxOptions = {}): Promise<OnnxNetwork> {
  checkOptions<ReadOnnxOptions>(options, {
    channels: rules.optional(rules.oneOf('first', 'last')),
    externalData: rules.optional(rules.function),
  });
  if (!(bytes instanceof Uint8Array)) throw new InvalidOptionError('bytes', bytes, 'the bytes of an ONNX file');
  const { channels, externalData } = options;
  return readStretch(heldStretch(bytes), { channels, files: externalData && heldFiles(externalData) });
}

/** How {@link readStretch} reads. */
interface StretchOptions {
  readonly channels: 'first' | 'last' | undefined;
  /** Other files that hold weights. */
  readonly files: ExternalStretch | undefined;
}

/** See {@link readOnnx}: of a file that is stored, no more is in memory than is looked at. */
export async function readStretch(file: Stretch, { channels, files }: StretchOptions): Promise<OnnxNetwork> {
  const parsed = readModelProto(file);
  const external = await externalBytes(parsed.initializers, files);
  const tensors = new Map(parsed.initializers.map(tensor => [tensor.name, tensor]));
  const constants = new StoredConstants();
  const numbers = parsed.initializers.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const network = readNetwork({
    model: parsed,
    channels,
    mostWeights: 2 * numbers + 2 ** 20,
    isInitializer: name => tensors.has(name),
    initializer: name => {
      const tensor = tensors.get(name);
      return tensor && constants.of(tensor, external.get(tensor));
    },
  });
  const layers = neededLayers(network);
  const model = await build(topologyOf('onnx', layers, network), layers);
  const metadata = Object.fromEntries(parsed.metadata);
  const classNames = kept<readonly string[]>(parsedJson(metadata.class_names), requireClassNames);
  const normalization = kept<InputNormalization>(parsedJson(metadata.normalization), requireNormalization);
  const carried = {
    ...(classNames ? { [classNamesKey]: [...classNames] } : {}),
    ...(normalization ? { normalization } : {}),
  };
  if (Object.keys(carried).length > 0) model.setUserDefinedMetadata(carried);
  const { opset, producer } = parsed;
  return { model, opset, producer, metadata, classNames, normalization };
}

async function build(topology: object, layers: readonly FoundLayer[]): Promise<LayersModel> {
  const weights = new Map(
    layers.flatMap(layer => [...layer.weights].map(([name, weight]) => [`${layer.name}/${name}`, weight] as const)),
  );
  const fill = (model: LayersModel): void => {
    for (const layer of model.layers) {
      for (const variable of layer.weights) {
        const weight = weights.get(`${layer.name}/${variable.originalName.split('/').at(-1)}`);
        if (!weight) throw new OnnxFileError('ONNX_FILE_INVALID', `The layer "${layer.name}" lacks a weight.`);
        const tensor = tfc.tensor(weight.values, [...weight.shape]);
        variable.write(tensor);
        tensor.dispose();
      }
    }
  };
  return modelFromTopology(topology, weights, fill).catch((cause: unknown) => {
    if (cause instanceof InvalidTopologyError || cause instanceof TopologyWeightsError)
      throw new OnnxFileError('ONNX_FILE_INVALID', `Its layers do not fit together. ${cause.reason}`, { cause });
    throw cause;
  });
}

function parsedJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined; // other programs may write other things under the same key
  }
}

/** A value if it keeps a rule. */
function kept<T>(value: unknown, check: (option: string, value: unknown) => asserts value is T): T | undefined {
  try {
    check('metadata', value);
    return value;
  } catch {
    return undefined;
  }
}
