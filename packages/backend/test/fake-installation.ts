import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { tensorflowLibraries } from '../src/node/install-native/find-tensorflow.js';

/** What the pretended addon does when it is loaded. */
export type AddonBehavior = 'trains' | 'crashes' | 'diverges';

/**
 * A project, a virtual environment and a compiler for tests, as far as installing looks at them. The pretended
 * tfjs-node is TensorFlow.js itself, whose behavior the "addon", a text file, decides; the compiler is a shell script
 * that writes it.
 */
export class FakeInstallation {
  static async create(): Promise<FakeInstallation> {
    const fake = new FakeInstallation(await mkdtemp(join(tmpdir(), 'espalier-native-')));
    await fake.installPackage('tfjs-node');
    await fake.installTensorflow('tensorflow_cpu');
    await fake.installCompiler('trains');
    return fake;
  }

  readonly project: string;
  readonly environment: string;
  readonly tensorflow: string;
  readonly addonFolder: string;

  private constructor(readonly root: string) {
    this.project = join(root, 'project');
    this.environment = join(root, 'environment');
    this.tensorflow = join(this.environment, 'lib/python3.12/site-packages/tensorflow');
    this.addonFolder = join(this.project, 'node_modules/@tensorflow/tfjs-node/lib/napi-v8');
  }

  /** An environment in which only the pretended programs are found, and `sh` for them to run. */
  get env(): NodeJS.ProcessEnv {
    return {
      PATH: [join(this.root, 'bin'), '/bin', '/usr/bin'].join(delimiter),
      CXX: join(this.root, 'bin/c++ -fancy'),
    };
  }

  async installPackage(name: string): Promise<void> {
    const folder = `project/node_modules/@tensorflow/${name}`;
    const manifest = {
      name: `@tensorflow/${name}`,
      version: '4.22.0',
      main: 'index.js',
      binary: { napi_versions: [7, 8, 99] },
    };
    await this.write(`${folder}/package.json`, JSON.stringify(manifest));
    for (const source of ['tfjs_backend.cc', 'tfjs_binding.cc'])
      await this.write(`${folder}/binding/${source}`, '// C++');
    await this.write(
      'project/node_modules/@mapbox/node-pre-gyp/lib/pre-binding.js',
      'exports.find = () => "never built";',
    );
    const installed = createRequire(import.meta.url);
    await this.write(
      `${folder}/index.js`,
      `const behavior = require('node:fs').readFileSync(require('@mapbox/node-pre-gyp/lib/pre-binding').find(), 'utf8').trim();
       if (behavior === 'crashes') throw new Error('libcudart.so.12: cannot open shared object file');
       const core = require(${JSON.stringify(installed.resolve('@tensorflow/tfjs-core'))});
       require(${JSON.stringify(installed.resolve('@tensorflow/tfjs-backend-cpu'))});
       const layers = require(${JSON.stringify(installed.resolve('@tensorflow/tfjs-layers'))});
       const rate = behavior === 'diverges' ? 1e30 : 0.05;
       module.exports = { ...core, ...layers, train: { sgd: () => core.train.sgd(rate) },
         backend: () => ({ binding: { TF_Version: '2.99.0' }, isUsingGpuDevice: false }) };`,
    );
  }

  async installTensorflow(wheel: string): Promise<void> {
    const folder = 'environment/lib/python3.12/site-packages';
    await rm(join(this.root, folder), { recursive: true, force: true });
    for (const library of tensorflowLibraries) await this.write(`${folder}/tensorflow/${library}`, '');
    for (const header of ['c_api.h', 'eager/c_api.h'])
      await this.write(`${folder}/tensorflow/include/tensorflow/c/${header}`, '');
    for (const name of ['tensorflow_estimator-2.15.0', `${wheel}-2.99.0`])
      await this.write(`${folder}/${name}.dist-info/METADATA`, '');
    await this.program('environment/bin/python', `echo ${this.tensorflow}`);
  }

  /** A compiler that writes an addon, or complains. It notes its parameters in `parameters`. */
  async installCompiler(behavior: AddonBehavior | 'complains'): Promise<void> {
    const write = `echo "$@" >${this.root}/parameters; while [ "$1" != -o ]; do shift; done; echo ${behavior} >"$2"`;
    const complain = `echo "tfjs_backend.cc:1: error: unknown type name 'TF_Tensor'" >&2; exit 1`;
    await this.program('bin/c++', `[ "$2" = --version ] && exit 0; ${behavior === 'complains' ? complain : write}`);
  }

  /** Every file of the package's `lib` with its content. */
  async addons(): Promise<Readonly<Record<string, string>>> {
    const library = dirname(this.addonFolder);
    const names = await readdir(library, { recursive: true }).catch(() => []);
    const files = names.filter(name => name.endsWith('.node'));
    return Object.fromEntries(
      await Promise.all(files.map(async name => [name, await readFile(join(library, name), 'utf8')])),
    );
  }

  async program(path: string, script: string): Promise<void> {
    await this.write(path, `#!/bin/sh\n${script}\n`);
    await chmod(join(this.root, path), 0o755);
  }

  async write(path: string, content: string): Promise<void> {
    await mkdir(dirname(join(this.root, path)), { recursive: true });
    await writeFile(join(this.root, path), content);
  }

  remove(): Promise<void> {
    return rm(this.root, { recursive: true });
  }
}
