import { readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeInstallation } from '../../../test/fake-installation.js';
import { type InstallNativeOptions, installNative, type NativeInstallation } from './install-native.js';

let fake: FakeInstallation;

beforeEach(async () => {
  fake = await FakeInstallation.create();
});

afterEach(() => fake.remove());

function install(options: InstallNativeOptions = {}): Promise<NativeInstallation> {
  return installNative({ workingDirectory: fake.project, tensorflow: fake.environment, env: fake.env, ...options });
}

describe.runIf(process.platform === 'linux')('installNative', () => {
  it('builds the addon, checks that it trains and puts it where tfjs-node looks for it', async () => {
    const stages: string[] = [];
    const installation = await install({ onProgress: stage => stages.push(stage) });
    expect(installation).toMatchObject({
      nodePackage: '@tensorflow/tfjs-node@4.22.0',
      tensorflow: fake.tensorflow,
      addon: join(fake.addonFolder, 'tfjs_binding.node'),
      tensorflowVersion: '2.99.0',
      usesGpu: false,
    });
    expect(installation.losses.at(-1)).toBeLessThan(installation.losses[0]!);
    expect(await fake.addons()).toEqual({ 'napi-v8/tfjs_binding.node': 'trains\n' });
    expect(stages).toHaveLength(2);
  });

  it('compiles both files for Node-API 8 against TensorFlow where it is', async () => {
    await install();
    const parameters = await readFile(join(fake.root, 'parameters'), 'utf8');
    const { tensorflow } = fake;
    for (const part of [
      '-fancy -std=c++17',
      '-DNAPI_VERSION=8',
      'tfjs-node/binding/tfjs_backend.cc',
      'tfjs-node/binding/tfjs_binding.cc',
      `-I${tensorflow}/include`,
      'node-api-headers/include',
      `${tensorflow}/libtensorflow_cc.so.2 ${tensorflow}/libtensorflow_framework.so.2`,
      `-rpath -Xlinker ${tensorflow}`,
    ]) {
      expect(parameters).toContain(part);
    }
  });

  const failures: readonly [string, string, RegExp, (() => Promise<unknown>) | undefined, InstallNativeOptions][] = [
    [
      'there is no TensorFlow',
      'NATIVE_TENSORFLOW_NOT_FOUND',
      /no pip TensorFlow in .*pip install tensorflow-cpu/,
      () => rm(dirname(fake.tensorflow), { recursive: true }),
      {},
    ],
    [
      'TensorFlow lacks a library',
      'NATIVE_TENSORFLOW_UNUSABLE',
      /lacks libtensorflow_framework\.so\.2/,
      () => rm(join(fake.tensorflow, 'libtensorflow_framework.so.2')),
      {},
    ],
    [
      'the compiler does not exist',
      'NATIVE_COMPILER_NOT_FOUND',
      /tried no-such-compiler\. .*apt install g\+\+/,
      undefined,
      { env: { CXX: 'no-such-compiler' } },
    ],
    [
      'the compiler complains',
      'NATIVE_COMPILE_FAILED',
      /unknown type name 'TF_Tensor'/,
      () => fake.installCompiler('complains'),
      {},
    ],
    [
      'the addon cannot be loaded',
      'NATIVE_CHECK_FAILED',
      /libcudart\.so\.12: cannot open/,
      () => fake.installCompiler('crashes'),
      {},
    ],
    [
      'the addon computes nonsense',
      'NATIVE_CHECK_FAILED',
      /does not train: its losses are/,
      () => fake.installCompiler('diverges'),
      {},
    ],
    [
      'a GPU is asked for and tfjs-node-gpu is not installed',
      'NATIVE_PACKAGE_NOT_FOUND',
      /tfjs-node-gpu is/,
      undefined,
      { gpu: true },
    ],
    [
      'a GPU is asked for and the wheel has no CUDA',
      'NATIVE_TENSORFLOW_UNUSABLE',
      /tensorflow_cpu has no GPU.*tensorflow\[and-cuda\]/,
      () => fake.installPackage('tfjs-node-gpu'),
      { gpu: true },
    ],
  ];

  it.each(failures)('says so when %s, and leaves an old addon alone', async (_, code, message, prepare, options) => {
    await fake.write('project/node_modules/@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node', 'old');
    await prepare?.();
    await expect(install(options)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(new RegExp(message, 's')),
    });
    expect(await fake.addons()).toEqual({ 'napi-v8/tfjs_binding.node': 'old' });
  });

  it.each(failures)(
    'leaves no trace where nothing was installed before when %s',
    async (_, code, __, prepare, options) => {
      await prepare?.();
      await expect(install(options)).rejects.toMatchObject({ code });
      await expect(readFile(dirname(fake.addonFolder))).rejects.toMatchObject({ code: 'ENOENT' });
    },
  );

  it('builds tfjs-node-gpu against a wheel with CUDA', async () => {
    await fake.installPackage('tfjs-node-gpu');
    await fake.installTensorflow('tensorflow');
    const { nodePackage, addon } = await install({ gpu: true });
    expect(nodePackage).toBe('@tensorflow/tfjs-node-gpu@4.22.0');
    expect(await readFile(addon, 'utf8')).toBe('trains\n');
    expect(await fake.addons()).toEqual({});
  });

  it('refuses a folder that is another package', async () => {
    await fake.write('other/package.json', '{"name":"left-pad"}');
    const nodePackage = join(fake.root, 'other');
    await expect(install({ nodePackage })).rejects.toMatchObject({ code: 'NATIVE_PACKAGE_NOT_FOUND' });
  });
});
