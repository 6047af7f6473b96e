/**
 * The import rules of Espalier: every package may import what its row lists and nothing else.
 *
 * Each row is an allow list, so a new import that nobody thought of is refused until it is written down here. The
 * test beside the tools (`tools/import-rules/rules.slow.test.ts`) proves that every rule reports a violation.
 */

/** Tests, and what only tests use. */
const TESTS = '(\\.test\\.ts$|^packages/[^/]+/test/|^examples/methods/[^/]+/test/)';
/** The root entry point of core: its sources less those of the other entry points. */
const CORE_ROOT = '^packages/core/src/(?!(?:tfjs|testing|node)/)';
const CORE_TFJS = '^packages/core/src/tfjs/';
const CORE_TESTING = '^packages/core/src/testing/';
const CORE_NODE = '^packages/core/src/node/';
const TFJS = '(^|node_modules/)@tensorflow/tfjs-';
const TFJS_MODELS = '(^|node_modules/)@tensorflow/tfjs-(core|layers)(/|$)';
/** The one method with an entry point for Node: worker threads. */
const METHOD_NODE = '^packages/prune-woodfisher/src/node/';
const CHECKERS = '(^|node_modules/)(vitest|fast-check)(/|$)';
const BUILTIN =
  '^(?:node:)?(?:assert|async_hooks|buffer|child_process|cluster|console|constants|crypto|dgram|dns|diagnostics_channel|domain|events|fs|http|http2|https|inspector|module|net|os|path|perf_hooks|process|punycode|querystring|readline|repl|stream|string_decoder|timers|tls|tty|url|util|v8|vm|wasi|worker_threads|zlib)(?:/|$)';

/** Files that package.json or the bundler names. */
const ENTRY = '^packages/[^/]+/src/(index|main|cli|(tfjs|testing|node)/index|node/worker)\\.ts$';

const any = (...patterns) => patterns.join('|');
const own = name => `^packages/${name}/`;

/** One row: files under `from` (tests aside) may import `allowed` and nothing else. */
function row(name, from, allowed, comment) {
  return { name, severity: 'error', comment, from: { path: from, pathNot: TESTS }, to: { pathNot: allowed } };
}

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    row(
      'core-root-imports-nothing',
      CORE_ROOT,
      CORE_ROOT,
      'The root of core imports nothing: no tfjs, no Node, no sibling.',
    ),
    row('core-tfjs', CORE_TFJS, any(CORE_ROOT, CORE_TFJS, TFJS_MODELS), 'core/tfjs imports core and the tfjs peers.'),
    row(
      'core-testing',
      CORE_TESTING,
      any(CORE_ROOT, CORE_TFJS, CORE_TESTING, TFJS_MODELS, CHECKERS),
      'core/testing imports core, core/tfjs and the optional peers vitest and fast-check.',
    ),
    row('core-node', CORE_NODE, any(CORE_ROOT, CORE_NODE, BUILTIN), 'core/node imports core and Node built-ins.'),
    row(
      'backend-imports-core-without-tensors',
      '^packages/backend/src/',
      any(own('backend'), CORE_ROOT, CORE_NODE, TFJS, '(^|node_modules/)webgpu(/|$)', BUILTIN),
      'backend imports tfjs, the backends, and of core what needs no tensors: errors, options, files.',
    ),
    row(
      'method-imports-core-only',
      '^packages/prune-(?!woodfisher/src/node/)([^/]+)/src/',
      any('^packages/prune-$1/', CORE_ROOT),
      'A method package imports the root of core: no tensor library, no session, no other method.',
    ),
    row(
      'woodfisher-node',
      METHOD_NODE,
      any(own('prune-woodfisher'), CORE_ROOT, BUILTIN),
      'The workers of prune-woodfisher import its arithmetic, the root of core and Node built-ins.',
    ),
    {
      name: 'method-test-imports',
      severity: 'error',
      comment: 'Tests of a method may also use the session, the contract suite, backends, models, datasets and Node.',
      from: { path: '^packages/prune-([^/]+)/(?:src/.*\\.test\\.ts$|test/)' },
      to: {
        pathNot: any(
          ...['^packages/prune-$1/', '^packages/(core|backend|models|datasets)/src/', '^testing/'],
          ...[TFJS, CHECKERS, BUILTIN],
        ),
      },
    },
    {
      name: 'test-helpers-are-private',
      severity: 'error',
      comment:
        'Helpers of tests in <package>/test serve that package alone; what several packages need is in core/testing. The one ' +
        'exception: the runtime reads the same damaged checkpoints as core.',
      from: { path: '^packages/([^/]+)/' },
      to: {
        path: '^packages/[^/]+/test/',
        pathNot: any('^packages/$1/', '^packages/core/test/checkpoint/(forge|mutate)\\.ts$'),
      },
    },
    row(
      'outside-method-imports-public-core-only',
      '^examples/methods/([^/]+)/src/',
      any('^examples/methods/$1/src/', '^packages/core/src/index\\.ts$'),
      'A method written outside imports what the root of core exports, and nothing else of this repository.',
    ),
    {
      name: 'outside-method-test-imports',
      severity: 'error',
      comment: 'Its tests use public entry points alone: the session, the contract suite, backends, models, datasets.',
      from: { path: '^examples/methods/([^/]+)/(?:src/.*\\.test\\.ts$|test/)' },
      to: {
        pathNot: any(
          '^examples/methods/$1/',
          '^packages/(core|backend|models|datasets)/src/((tfjs|testing|node)/)?index\\.ts$',
          ...[TFJS, CHECKERS, BUILTIN],
        ),
      },
    },
    row(
      'runtime-imports-core-only',
      '^packages/runtime/src/(?!tfjs/)',
      any('^packages/runtime/src/(?!tfjs/)', CORE_ROOT),
      'The root of runtime imports the root of core: no tfjs, no sibling, and Node only by process.getBuiltinModule.',
    ),
    row(
      'runtime-native-imports-node-only',
      '^packages/runtime-native/src/',
      any('^packages/runtime-native/src/', BUILTIN),
      'runtime-native imports Node built-ins and nothing else: runtime finds it by its name, at run time.',
    ),
    row(
      'runtime-tfjs',
      '^packages/runtime/src/tfjs/',
      any('^packages/runtime/src/', CORE_ROOT, CORE_TFJS, TFJS_MODELS),
      'runtime/tfjs imports runtime, core, core/tfjs and the tfjs peers.',
    ),
    row(
      'onnx-imports-core-only',
      '^packages/onnx/src/(?!node/)',
      any(
        '^packages/onnx/src/(?!node/)',
        CORE_ROOT,
        CORE_TFJS,
        TFJS_MODELS,
        '(^|node_modules/)@bufbuild/protobuf(/|$)',
      ),
      'onnx imports core, core/tfjs, the tfjs peers, and protocol buffers.',
    ),
    row(
      'onnx-node',
      '^packages/onnx/src/node/',
      any('^packages/onnx/src/', CORE_ROOT, CORE_NODE, BUILTIN),
      'onnx/node imports its package, core, core/node and Node built-ins.',
    ),
    {
      name: 'library-not-to-method',
      severity: 'error',
      comment:
        'core, backend, models, datasets, trainer, runtime, onnx and transfer work with every method, so they name none.',
      from: { path: '^packages/(core|backend|models|datasets|trainer|runtime|onnx|transfer)/', pathNot: TESTS },
      to: { path: '(^packages/|(^|node_modules/)@espalier/)prune-' },
    },
    {
      name: 'models-and-datasets-import-core-only',
      severity: 'error',
      comment: 'models and datasets are plain tfjs code: of the siblings only core.',
      from: { path: '^packages/(models|datasets)/', pathNot: TESTS },
      to: {
        path: '(^packages/|(^|node_modules/)@espalier/)',
        pathNot: any('^packages/$1/', CORE_ROOT, CORE_TFJS, CORE_NODE),
      },
    },
    {
      name: 'roots-not-to-core-node',
      severity: 'error',
      comment: 'Only the /node entry points of backend, models and datasets touch files.',
      from: { path: '^packages/(backend|models|datasets)/src/(?!node/|cli)', pathNot: TESTS },
      to: { path: CORE_NODE },
    },
    {
      name: 'trainer-siblings',
      severity: 'error',
      comment: 'trainer imports core only; which model, data and method it trains is the caller’s business.',
      from: { path: '^packages/trainer/', pathNot: TESTS },
      to: {
        path: '(^packages/|(^|node_modules/)@espalier/)',
        pathNot: any(own('trainer'), CORE_ROOT, CORE_TFJS, CORE_NODE),
      },
    },
    {
      name: 'trainer-root-not-to-core-node',
      severity: 'error',
      comment: 'Only trainer/node touches files.',
      from: { path: '^packages/trainer/src/(?!node/)', pathNot: TESTS },
      to: { path: CORE_NODE },
    },
    {
      name: 'transfer-siblings',
      severity: 'error',
      comment: 'transfer takes checkpoints of every method: it imports core, trainer, models, datasets and runtime.',
      from: { path: '^packages/transfer/', pathNot: TESTS },
      to: {
        path: '(^packages/|(^|node_modules/)@espalier/)',
        pathNot: any(...[own('(transfer|trainer|models|datasets|runtime)'), CORE_ROOT, CORE_TFJS, CORE_NODE]),
      },
    },
    {
      name: 'transfer-root-not-to-node',
      severity: 'error',
      comment: 'Only transfer/node touches files.',
      from: { path: '^packages/transfer/src/(?!node/)', pathNot: TESTS },
      to: { path: '^packages/[^/]+/src/node/' },
    },
    {
      name: 'core-not-to-siblings',
      severity: 'error',
      comment: 'core is at the bottom. Its tests may use a backend.',
      from: { path: '^packages/core/' },
      to: { path: '^packages/', pathNot: '^packages/(core|backend)/' },
    },
    {
      name: 'no-node-in-browser-code',
      severity: 'error',
      comment: 'These entry points run in browsers. Files and processes live in the /node subpaths.',
      from: {
        path: '^packages/(core|prune-[^/]+|models|datasets|trainer|runtime|onnx|transfer)/src/',
        pathNot: any(TESTS, '^packages/(core|datasets|models|onnx|trainer|transfer)/src/node/', METHOD_NODE),
      },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-static-node-in-backend',
      severity: 'error',
      comment: 'The root of backend runs in browsers; it may reach Node by a guarded dynamic import alone.',
      from: { path: '^packages/backend/src/(?!node/|cli)', pathNot: TESTS },
      to: { dependencyTypes: ['core'], dynamic: false },
    },
    {
      name: 'no-node-subpath-in-browser-code',
      severity: 'error',
      comment: 'A browser entry point must not reach Node through a /node sibling folder.',
      from: {
        path: '^packages/([^/]+)/src/(?!node/)',
        pathNot: any(TESTS, '^packages/cli/', '^packages/backend/src/cli\\.ts$'),
      },
      to: { path: '^packages/$1/src/node/', dynamic: false },
    },
    {
      name: 'no-circular',
      severity: 'error',
      comment: 'No import cycles, not even of types.',
      from: { path: '^(packages|examples|bench|outside|testing|tools)/' },
      to: { circular: true },
    },
    {
      name: 'no-unreachable-source',
      severity: 'error',
      comment: 'A source file that no entry point reaches is dead, unless it says that it is for tests.',
      from: { path: ENTRY },
      to: { path: '^packages/[^/]+/src/', pathNot: any(TESTS, ENTRY, '\\.d\\.ts$'), reachable: false },
    },
    {
      name: 'no-dev-dependency',
      severity: 'error',
      comment: 'Published code must not import what an installation does not bring.',
      from: { path: '^packages/[^/]+/src/', pathNot: TESTS },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['npm', 'npm-peer', 'npm-optional', 'type-only', 'aliased-tsconfig'],
      },
    },
    {
      name: 'no-undeclared-dependency',
      severity: 'error',
      comment: 'Every import of a package is declared in the importing package.json.',
      from: { path: '^(packages|examples|bench|outside|testing)/' },
      // An optional peer counts as no-pkg *and* as a peer, for its entry in peerDependenciesMeta.
      to: {
        dependencyTypes: ['npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['npm', 'npm-dev', 'npm-peer', 'npm-optional', 'type-only'],
      },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      comment: 'Every import resolves. Optional native backends are imported dynamically and may be absent.',
      from: { path: '^(packages|examples|bench|outside|testing|tools)/' },
      to: {
        couldNotResolve: true,
        pathNot: '^(@tensorflow/tfjs-node(-gpu)?|@tensorflow/tfjs-backend-webgpu|webgpu)(/|$)',
      },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '(^|/)dist/'] },
    exclude: {
      path: ['(^|/)dist/', '(^|/)assembly/', '(^|/)\\.examples/', '(^|/)node_modules/\\.pnpm/.*/dist/.*\\.map$'],
    },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types', 'typings'],
    },
  },
};
