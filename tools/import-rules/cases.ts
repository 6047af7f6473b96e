import type { Files } from '../common/fixture.js';

/** A small tree in which every package obeys its row. */
export const obedient: Files = {
  'packages/core/src/index.ts': "export { mask } from './mask/mask.js';",
  'packages/core/src/mask/mask.ts': 'export const mask = 1;',
  'packages/core/src/tfjs/index.ts': "import '@tensorflow/tfjs-core'; export { mask } from '../mask/mask.js';",
  'packages/core/src/testing/index.ts': "import 'vitest'; export { mask } from '../tfjs/index.js';",
  'packages/core/src/node/index.ts': "import 'node:fs/promises'; export { mask } from '../mask/mask.js';",
  'packages/backend/src/index.ts':
    "import '@espalier/core'; export const open = (): Promise<unknown> => import('node:fs');",
  'packages/prune-magnitude/src/index.ts': "export { mask } from '@espalier/core';",
  'packages/prune-magnitude/src/a.test.ts':
    "import 'vitest'; import '@espalier/core/tfjs'; import '@espalier/backend';",
  'packages/prune-rigl/src/index.ts': "export { mask } from '@espalier/core';",
  'packages/prune-woodfisher/src/index.ts': "export { mask } from '@espalier/core';",
  'packages/prune-woodfisher/src/arithmetic.ts': 'export const sum = 1;',
  'packages/prune-woodfisher/src/node/index.ts': "import 'node:worker_threads'; export { mask } from '@espalier/core';",
  'packages/prune-woodfisher/src/node/worker.ts': "import 'node:fs'; export { sum } from '../arithmetic.js';",
  'packages/trainer/src/index.ts': "export { mask } from '@espalier/core/tfjs';",
  'packages/trainer/src/node/index.ts': "import 'node:fs'; export { mask } from '@espalier/core/node';",
  'packages/datasets/src/index.ts': "import '@tensorflow/tfjs-core'; export const digits = 1;",
  'packages/datasets/src/node/index.ts': "import 'node:fs'; import 'sharp'; export { digits } from '../index.js';",
  'packages/models/src/index.ts': "import '@espalier/core/tfjs'; export const model = 1;",
  'packages/models/src/node/index.ts': "import '@espalier/core/node'; export { model } from '../index.js';",
  'packages/runtime/src/index.ts': "export { mask } from '@espalier/core'; export * from './plan/plan.js';",
  'packages/runtime/src/plan/plan.ts': 'export const plan = 1;',
  'packages/runtime/test/noise.ts': "import 'vitest'; export const noise = 1;",
  'packages/runtime/src/plan/plan.test.ts':
    "import '../../test/noise.js'; import '@espalier/models'; import 'node:os';",
  'packages/runtime/src/tfjs/index.ts':
    "import '@tensorflow/tfjs-core'; import '@espalier/core/tfjs'; export { plan } from '../plan/plan.js';",
  'packages/runtime-native/src/index.ts': "import 'node:module'; export {};",
  'packages/onnx/src/index.ts': "import '@tensorflow/tfjs-core'; export { mask } from '@espalier/core/tfjs';",
  'packages/onnx/src/node/index.ts':
    "import 'node:fs'; import '@espalier/core/node'; export { mask } from '../index.js';",
  'packages/transfer/src/index.ts':
    "import '@tensorflow/tfjs-core'; import '@espalier/core/tfjs'; export { mask } from '@espalier/trainer';",
  'packages/transfer/src/node/index.ts':
    "import 'node:fs'; import '@espalier/core/node'; import '@espalier/trainer/node'; export * from '../index.js';",
  'packages/transfer/src/a.test.ts': "import 'vitest'; import '@espalier/prune-magnitude'; import './index.js';",
  'packages/cli/src/index.ts':
    "import 'node:fs'; import '@espalier/prune-magnitude'; export { mask } from '@espalier/trainer';",
  'examples/methods/outside/src/index.ts': "export { mask } from '@espalier/core';",
  'examples/methods/outside/test/a.test.ts':
    "import 'vitest'; import '@espalier/core/tfjs'; import '@espalier/datasets'; import '../src/index.js';",
};

/** Per case: the rule that must report it, what is wrong, and the files that are. */
export const disobedient: readonly (readonly [rule: string, what: string, files: Files])[] = [
  [
    'core-root-imports-nothing',
    'tfjs in the root of core',
    { 'packages/core/src/mask/mask.ts': "import '@tensorflow/tfjs-core'; export const mask = 1;" },
  ],
  [
    'core-root-imports-nothing',
    'a type of tfjs in the root of core',
    {
      'packages/core/src/mask/mask.ts':
        "import type { T } from '@tensorflow/tfjs-core'; export type U = T; export const mask = 1;",
    },
  ],
  [
    'core-root-imports-nothing',
    'a Node built-in in the root of core',
    { 'packages/core/src/mask/mask.ts': "import 'node:crypto'; export const mask = 1;" },
  ],
  [
    'core-root-imports-nothing',
    'core/tfjs in the root of core',
    {
      'packages/core/src/mask/mask.ts': "import '../tfjs/other.js'; export const mask = 1;",
      'packages/core/src/tfjs/other.ts': 'export {};',
    },
  ],
  [
    'core-tfjs',
    'a Node built-in in core/tfjs',
    { 'packages/core/src/tfjs/index.ts': "import 'node:fs'; export { mask } from '../mask/mask.js';" },
  ],
  [
    'core-tfjs',
    'core/testing in core/tfjs',
    {
      'packages/core/src/tfjs/index.ts': "import '../testing/other.js'; export { mask } from '../mask/mask.js';",
      'packages/core/src/testing/other.ts': 'export {};',
    },
  ],
  [
    'core-testing',
    'a backend in core/testing',
    { 'packages/core/src/testing/index.ts': "import '@espalier/backend'; export {};" },
  ],
  [
    'core-node',
    'tfjs in core/node',
    { 'packages/core/src/node/index.ts': "import '@tensorflow/tfjs-core'; export {};" },
  ],
  [
    'core-not-to-siblings',
    'a method in a test of core',
    { 'packages/core/src/a.test.ts': "import '@espalier/prune-rigl';" },
  ],
  [
    'backend-imports-core-without-tensors',
    'the session in backend',
    { 'packages/backend/src/index.ts': "export { mask } from '@espalier/core/tfjs';" },
  ],
  [
    'method-imports-core-only',
    'the session in a method',
    { 'packages/prune-rigl/src/index.ts': "export { mask } from '@espalier/core/tfjs';" },
  ],
  [
    'method-imports-core-only',
    'tfjs in a method',
    { 'packages/prune-rigl/src/index.ts': "import '@tensorflow/tfjs-core'; export {};" },
  ],
  [
    'method-imports-core-only',
    'another method in a method',
    { 'packages/prune-rigl/src/index.ts': "export { mask } from '@espalier/prune-magnitude';" },
  ],
  [
    'method-imports-core-only',
    'a Node built-in in a /node folder of another method',
    { 'packages/prune-rigl/src/node/index.ts': "import 'node:fs'; export {};" },
  ],
  [
    'woodfisher-node',
    'tfjs in the workers of prune-woodfisher',
    { 'packages/prune-woodfisher/src/node/index.ts': "import '@tensorflow/tfjs-core'; export {};" },
  ],
  [
    'woodfisher-node',
    'core/node in the workers of prune-woodfisher',
    { 'packages/prune-woodfisher/src/node/index.ts': "export { mask } from '@espalier/core/node';" },
  ],
  [
    'no-node-in-browser-code',
    'a Node built-in in the root of prune-woodfisher',
    { 'packages/prune-woodfisher/src/index.ts': "import 'node:fs'; export {};" },
  ],
  [
    'no-node-subpath-in-browser-code',
    'the workers in the root of prune-woodfisher',
    {
      'packages/prune-woodfisher/src/index.ts': "export { pool } from './node/pool.js';",
      'packages/prune-woodfisher/src/node/pool.ts': 'export const pool = 1;',
    },
  ],
  [
    'method-test-imports',
    'the trainer in a test of a method',
    { 'packages/prune-rigl/src/a.test.ts': "import '@espalier/trainer';" },
  ],
  [
    'test-helpers-are-private',
    'a test helper of core in a test of trainer',
    {
      'packages/trainer/src/a.test.ts': "import '../../core/test/helper.js';",
      'packages/core/test/helper.ts': 'export {};',
    },
  ],
  [
    'outside-method-imports-public-core-only',
    'the session in a method from outside',
    { 'examples/methods/outside/src/index.ts': "export { mask } from '@espalier/core/tfjs';" },
  ],
  [
    'outside-method-imports-public-core-only',
    'a file inside core in a method from outside',
    { 'examples/methods/outside/src/index.ts': "export { mask } from '../../../../packages/core/src/mask/mask.js';" },
  ],
  [
    'outside-method-test-imports',
    'a test helper of datasets in a test of a method from outside',
    {
      'examples/methods/outside/test/a.test.ts': "import '../../../../packages/datasets/test/helper.js';",
      'packages/datasets/test/helper.ts': 'export {};',
    },
  ],
  [
    'outside-method-test-imports',
    'the trainer in a test of a method from outside',
    { 'examples/methods/outside/test/a.test.ts': "import '@espalier/trainer';" },
  ],
  [
    'runtime-imports-core-only',
    'a type of tfjs in runtime',
    {
      'packages/runtime/src/plan/plan.ts':
        "import type { T } from '@tensorflow/tfjs-core'; export type U = T; export const plan = 1;",
    },
  ],
  [
    'runtime-imports-core-only',
    'core/tfjs in runtime',
    { 'packages/runtime/src/plan/plan.ts': "import '@espalier/core/tfjs'; export const plan = 1;" },
  ],
  [
    'runtime-imports-core-only',
    'runtime/tfjs in runtime',
    {
      'packages/runtime/src/plan/plan.ts': "import '../tfjs/other.js'; export const plan = 1;",
      'packages/runtime/src/tfjs/other.ts': 'export {};',
    },
  ],
  [
    'runtime-tfjs',
    'a backend in runtime/tfjs',
    { 'packages/runtime/src/tfjs/index.ts': "import '@espalier/backend'; export {};" },
  ],
  [
    'library-not-to-method',
    'a method in the runtime',
    { 'packages/runtime/src/index.ts': "export { mask } from '@espalier/prune-rigl'; export * from './plan/plan.js';" },
  ],
  [
    'no-node-in-browser-code',
    'a dynamic import of a Node built-in in the runtime',
    { 'packages/runtime/src/plan/plan.ts': "export const plan = import('node:worker_threads');" },
  ],
  [
    'library-not-to-method',
    'a method in models',
    { 'packages/models/src/index.ts': "export { mask } from '@espalier/prune-magnitude';" },
  ],
  [
    'library-not-to-method',
    'a method in the trainer',
    { 'packages/trainer/src/index.ts': "export { mask } from '@espalier/prune-magnitude';" },
  ],
  [
    'models-and-datasets-import-core-only',
    'datasets in models',
    { 'packages/models/src/index.ts': "export { digits } from '@espalier/datasets';" },
  ],
  [
    'roots-not-to-core-node',
    'files in the root of models',
    { 'packages/models/src/index.ts': "import '@espalier/core/node'; export const model = 1;" },
  ],
  [
    'trainer-siblings',
    'datasets in the trainer',
    { 'packages/trainer/src/index.ts': "export { digits } from '@espalier/datasets';" },
  ],
  [
    'trainer-siblings',
    'core/testing in the trainer',
    { 'packages/trainer/src/index.ts': "export { mask } from '@espalier/core/testing';" },
  ],
  [
    'trainer-root-not-to-core-node',
    'core/node in the root of the trainer',
    { 'packages/trainer/src/index.ts': "export { mask } from '@espalier/core/node';" },
  ],
  [
    'runtime-native-imports-node-only',
    'runtime in runtime-native',
    { 'packages/runtime-native/src/index.ts': "export { a } from '@espalier/runtime';" },
  ],
  [
    'onnx-imports-core-only',
    'models in onnx',
    { 'packages/onnx/src/index.ts': "export { model } from '@espalier/models';" },
  ],
  [
    'onnx-node',
    'models in onnx/node',
    { 'packages/onnx/src/node/index.ts': "export { model } from '@espalier/models';" },
  ],
  [
    'no-node-in-browser-code',
    'a Node built-in in onnx',
    { 'packages/onnx/src/index.ts': "import 'node:fs'; export {};" },
  ],
  [
    'library-not-to-method',
    'a method in onnx',
    { 'packages/onnx/src/index.ts': "export { mask } from '@espalier/prune-magnitude';" },
  ],
  [
    'transfer-siblings',
    'a backend in transfer',
    { 'packages/transfer/src/index.ts': "import '@espalier/backend'; export {};" },
  ],
  [
    'library-not-to-method',
    'a method in transfer',
    { 'packages/transfer/src/index.ts': "export { mask } from '@espalier/prune-magnitude';" },
  ],
  [
    'transfer-root-not-to-node',
    'trainer/node in the root of transfer',
    { 'packages/transfer/src/index.ts': "export { mask } from '@espalier/trainer/node';" },
  ],
  [
    'no-node-in-browser-code',
    'a Node built-in in transfer',
    { 'packages/transfer/src/index.ts': "import 'node:crypto'; export {};" },
  ],
  [
    'no-node-in-browser-code',
    'a Node built-in in datasets',
    { 'packages/datasets/src/index.ts': "import 'fs'; export const digits = 1;" },
  ],
  [
    'no-static-node-in-backend',
    'a static Node import in backend',
    { 'packages/backend/src/index.ts': "import 'node:fs'; export {};" },
  ],
  [
    'no-node-subpath-in-browser-code',
    'trainer/node in the root of the trainer',
    {
      'packages/trainer/src/index.ts': "export { x } from './node/other.js';",
      'packages/trainer/src/node/other.ts': 'export const x = 1;',
    },
  ],
  [
    'no-circular',
    'two files that import each other',
    {
      'packages/core/src/mask/mask.ts': "import './loop.js'; export const mask = 1;",
      'packages/core/src/mask/loop.ts': "import './mask.js';",
    },
  ],
  [
    'no-circular',
    'two files that import each other’s types',
    {
      'packages/core/src/mask/mask.ts': "import type { L } from './loop.js'; export type M = L; export const mask = 1;",
      'packages/core/src/mask/loop.ts': "import type { M } from './mask.js'; export type L = M;",
    },
  ],
  [
    'no-unreachable-source',
    'a file that nothing imports',
    { 'packages/core/src/mask/forgotten.ts': 'export const forgotten = 1;' },
  ],
  [
    'no-dev-dependency',
    'a development dependency in published code',
    { 'packages/models/src/index.ts': "import 'vitest'; export const model = 1;" },
  ],
  [
    'no-undeclared-dependency',
    'a package that is not declared',
    { 'packages/models/src/index.ts': "import 'sharp'; export const model = 1;" },
  ],
  ['no-unresolvable', 'an import that leads nowhere', { 'packages/cli/src/index.ts': "export * from './nowhere.js';" }],
];
