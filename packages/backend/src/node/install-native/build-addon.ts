import { createRequire } from 'node:module';
import { join } from 'node:path';
import { addonSources, type FoundPackage } from './find-package.js';
import { type FoundTensorflow, tensorflowLibraries } from './find-tensorflow.js';
import { NativeInstallError } from './native-install-error.js';
import { gist, runProgram } from './run-program.js';

/** A C++ compiler with the parameters that always come first (`CXX` may hold some, as in `ccache g++`). */
export type Compiler = readonly [program: string, ...parameters: string[]];

/** The compiler of `CXX`, or the first of the usual ones that runs. */
export async function findCompiler(env: NodeJS.ProcessEnv): Promise<Compiler> {
  const named = env.CXX?.trim().split(/\s+/) ?? [];
  const choices = (named[0] ? [named] : [['g++'], ['c++'], ['clang++']]) as unknown as readonly Compiler[];
  for (const [program, ...parameters] of choices) {
    const { code } = await runProgram(program, [...parameters, '--version'], { env });
    if (code === 0) return [program, ...parameters];
  }
  throw new NativeInstallError(
    'NATIVE_COMPILER_NOT_FOUND',
    `No C++ compiler runs: tried ${choices.map(choice => choice.join(' ')).join(', ')}.`,
    'Install one (Debian and Ubuntu: apt install g++; Fedora: dnf install gcc-c++), or name yours in CXX.',
  );
}

/**
 * Compiles the addon of tfjs-node into `output`, linked against the libraries where TensorFlow is installed. The addon
 * uses Node-API only, so the headers of the package `node-api-headers` do for every version of Node.
 */
export async function buildAddon(
  compiler: Compiler,
  { directory, nodeApiVersion }: FoundPackage,
  tensorflow: FoundTensorflow,
  output: string,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const [program, ...first] = compiler;
  const { include_dir: nodeHeaders } = createRequire(import.meta.url)('node-api-headers') as { include_dir: string };
  const includes = [directory, join(tensorflow.directory, 'include'), nodeHeaders];
  const parameters = [
    ...first,
    '-std=c++17',
    '-O2',
    '-shared',
    '-fPIC',
    `-DNAPI_VERSION=${nodeApiVersion}`,
    ...includes.map(path => `-I${path}`),
    ...addonSources.map(source => join(directory, source)),
    ...tensorflowLibraries.map(library => join(tensorflow.directory, library)),
    // The libraries are found where they are: a GPU wheel looks for CUDA relative to itself.
    ...['-Xlinker', '-rpath', '-Xlinker', tensorflow.directory],
    '-o',
    output,
  ];
  const result = await runProgram(program, parameters, { env, timeoutMs: 10 * 60_000 });
  if (result.code === 0) return;
  throw new NativeInstallError(
    'NATIVE_COMPILE_FAILED',
    `${program} could not build the addon:\n${gist(result)}\n`,
    'It needs C++17 (g++ 8 or clang 7 at least). If that is not it, please report the lines above.',
  );
}
