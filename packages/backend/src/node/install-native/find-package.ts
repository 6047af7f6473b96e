import { readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { NativeInstallError } from './native-install-error.js';

/** An installed tfjs-node or tfjs-node-gpu whose addon can be built. */
export interface FoundPackage {
  /** Folder of the package. */
  readonly directory: string;
  /** `@tensorflow/tfjs-node` or `@tensorflow/tfjs-node-gpu`. */
  readonly name: string;
  /** Version of the package. */
  readonly version: string;
  /** The Node-API version that the addon is built for; the package looks for it in `lib/napi-v<n>`. */
  readonly nodeApiVersion: number;
}

/** The C++ files of the addon, within the package. */
export const addonSources = ['binding/tfjs_backend.cc', 'binding/tfjs_binding.cc'] as const;

/** Finds the package at the given place, or as a program in the working directory would import it. */
export async function findPackage(
  path: string | undefined,
  gpu: boolean,
  workingDirectory: string,
): Promise<FoundPackage> {
  const directory = path === undefined ? locate(gpu, workingDirectory) : resolve(workingDirectory, path);
  const manifest = await readManifest(directory);
  for (const source of addonSources) {
    await stat(join(directory, source)).catch(() => {
      throw notFound(`${directory} lacks ${source}, so it is no tfjs-node whose addon could be built.`);
    });
  }
  const supported = manifest.binary?.napi_versions ?? [8];
  const usable = supported.filter(version => version <= Number(process.versions.napi));
  return { directory, name: manifest.name, version: manifest.version, nodeApiVersion: Math.max(...usable) };
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly binary?: { readonly napi_versions?: readonly number[] };
}

async function readManifest(directory: string): Promise<Manifest> {
  try {
    const manifest = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8')) as Manifest;
    if (/^@tensorflow\/tfjs-node(-gpu)?$/.test(manifest.name)) return manifest;
  } catch {
    throw notFound(`${directory} is not an installed package.`);
  }
  throw notFound(`${directory} is neither tfjs-node nor tfjs-node-gpu.`);
}

function locate(gpu: boolean, workingDirectory: string): string {
  const { resolve: find } = createRequire(join(workingDirectory, 'package.json'));
  for (const name of gpu ? ['tfjs-node-gpu'] : ['tfjs-node', 'tfjs-node-gpu']) {
    try {
      return dirname(find(`@tensorflow/${name}/package.json`));
    } catch {
      // The next name may be installed.
    }
  }
  const missing = gpu ? 'tfjs-node-gpu is not' : 'Neither tfjs-node nor tfjs-node-gpu is';
  throw notFound(`${missing} installed in ${workingDirectory}.`);
}

function notFound(problem: string): NativeInstallError {
  return new NativeInstallError(
    'NATIVE_PACKAGE_NOT_FOUND',
    problem,
    'In your project run npm install --ignore-scripts @tensorflow/tfjs-node@4.22.0 (its own script would download ' +
      'TensorFlow 2.9), or pass --node-package with its folder.',
  );
}
