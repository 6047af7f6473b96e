import '@tensorflow/tfjs-backend-cpu';
import { useBackend } from '@espalier/backend';
import { fileSystem, installNative } from '@espalier/backend/node';
import { inspectCheckpoint, measureSpeed } from '@espalier/cli';
import * as core from '@espalier/core';
import { lockDirectory, readCheckpoint } from '@espalier/core/node';
import { describeMethodContract, layer, methodContract } from '@espalier/core/testing';
import {
  modelWeights,
  PruningSession,
  prunableWeights,
  pruneOnce,
  type SessionOptions,
  weightsOf,
} from '@espalier/core/tfjs';
import * as models from '@espalier/models';
import { readKerasModel, readKerasWeights, readLayersModel } from '@espalier/models/node';
import { exportOnnx, readOnnx } from '@espalier/onnx';
import { readOnnxFile } from '@espalier/onnx/node';
import { compile, graphFromCheckpoint, graphFromTopology, trainingProducts } from '@espalier/runtime';
import { fromLayersModel } from '@espalier/runtime/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { checkpoint, model } from './training-calls.js';

/** Calls an entry with options of any type, as plain JavaScript can. */
export type Call = (options: never) => unknown;

const weights = modelWeights(model);
const optimizer = tf.train.sgd(0.1);
const session = await PruningSession.start(core.fixed(), { weights, optimizer });
const topology = {
  class_name: 'Sequential',
  config: [{ class_name: 'Dense', config: { name: 'head', units: 1, use_bias: false, batch_input_shape: [null, 2] } }],
};
const kernel = new Map([['head/kernel', { shape: [2, 1], values: Float32Array.of(1, 2) }]]);
const graph = graphFromTopology(topology, kernel);
const plan = await compile(graph, { threads: 1 });
const product = { kernelShape: [1, 1, 1, 1], mask: Uint8Array.of(1), inputShape: [1, 1, 1], batch: 1 } as const;
const kernels = { kernel: tf.variable(tf.ones([2, 2])) };
/** Options with which a session starts. */
export const started: SessionOptions = { weights, optimizer };

/** What the sweeps of single packages do not call by a table, by name. */
export const otherCalls: Readonly<Record<string, Call>> = {
  useBackend: options => useBackend('cpu', options),
  fileSystem: options => fileSystem('model', options),
  installNative: options => installNative(options),
  inspectCheckpoint: options => inspectCheckpoint(checkpoint, options),
  measureSpeed: options => measureSpeed(checkpoint, options),
  exportOnnx: options => exportOnnx(model, options),
  readOnnx: options => readOnnx(new Uint8Array(0), options),
  readOnnxFile: options => readOnnxFile('/nowhere', options),
  decodeCheckpoint: options => core.decodeCheckpoint(core.encodeCheckpoint(checkpoint), options),
  lockDirectory: options => lockDirectory('/dev/null/nowhere', options),
  readCheckpoint: options => readCheckpoint('/nowhere', options),
  compressTwoOfFour: options => core.compressTwoOfFour(new Float32Array(4), [4, 1], options),
  'rules.number': options => core.rules.number(options),
  'rules.integer': options => core.rules.integer(options),
  'rules.steps': options => core.rules.steps(options),
  pruneOnce: options => pruneOnce(weights, core.activeMagnitude, 0.5, core.uniform, options),
  'PruningSession.start': options => PruningSession.start(core.fixed(), { ...started, ...(options as object) }),
  'PruningSession.resume': options =>
    PruningSession.resume(core.fixed(), { ...started, ...(options as object) }, checkpoint),
  'PruningSession#checkpoint': options => session.checkpoint(options),
  modelWeights: options => modelWeights(model, options),
  prunableWeights: options => prunableWeights(model, options),
  weightsOf: options => weightsOf(kernels, options),
  methodContract: options => methodContract(core.fixed, options),
  layer: options => layer('w', [1], options),
  describeMethodContract: options =>
    describeMethodContract({ describe: (_, body) => body(), it: () => {} }, 'fixed', core.fixed, options),
  lenet300: options => models.lenet300(options).dispose(),
  smallConvNet: options => models.smallConvNet(options).dispose(),
  resnet20: options => models.resnet20(options).dispose(),
  resnet56: options => models.resnet56(options).dispose(),
  mobileNetV1: options => models.mobileNetV1(options).dispose(),
  mobileNetV2: options => models.mobileNetV2(options).dispose(),
  mobileNetV3Large: options => models.mobileNetV3Large(options).dispose(),
  mobileNetV3Small: options => models.mobileNetV3Small(options).dispose(),
  efficientnetLite0: options => models.efficientnetLite0(options).dispose(),
  efficientnetLite1: options => models.efficientnetLite1(options).dispose(),
  efficientnetLite2: options => models.efficientnetLite2(options).dispose(),
  efficientnetLite3: options => models.efficientnetLite3(options).dispose(),
  efficientnetLite4: options => models.efficientnetLite4(options).dispose(),
  resnet18: options => models.resnet18(options).dispose(),
  resnet50: options => models.resnet50(options).dispose(),
  wideResNet: options => models.wideResNet(options).dispose(),
  vgg16: options => models.vgg16(options).dispose(),
  modelByName: options => models.modelByName('lenet300', options).dispose(),
  loadKerasWeights: options => models.loadKerasWeights(model, new Map(), options),
  loadTorchWeights: options => models.loadTorchWeights(model, new Map(), options),
  readKerasModel: options => readKerasModel('/nowhere', options),
  readKerasWeights: options => readKerasWeights('/nowhere', options),
  readLayersModel: options => readLayersModel('/nowhere', options),
  compile: options => compile(graph, options),
  graphFromTopology: options => graphFromTopology(topology, kernel, options),
  graphFromCheckpoint: options => graphFromCheckpoint(checkpoint, options),
  fromLayersModel: options => fromLayersModel(model, options),
  'Plan#run': options => plan.run(new Float32Array(2), options),
  'Plan#runNamed': options => plan.runNamed({ head_input: new Float32Array(2) }, options),
  'Plan#profile': options => plan.profile(new Float32Array(2), options),
  trainingProducts: options => trainingProducts(product, options),
};
