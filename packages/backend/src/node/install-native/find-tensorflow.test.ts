import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeInstallation } from '../../../test/fake-installation.js';
import { findTensorflow } from './find-tensorflow.js';

let fake: FakeInstallation;

beforeEach(async () => {
  fake = await FakeInstallation.create();
});

afterEach(() => fake.remove());

describe.runIf(process.platform === 'linux')('findTensorflow', () => {
  it('takes a virtual environment, its site-packages or the folder inside', async () => {
    const found = { directory: fake.tensorflow, wheel: 'tensorflow_cpu', version: '2.99.0' };
    for (const path of [fake.environment, dirname(fake.tensorflow), fake.tensorflow]) {
      expect(await findTensorflow(path, {})).toEqual(found);
    }
  });

  it('asks the active virtual environment before the Python on the PATH', async () => {
    await fake.program('bin/python3', 'echo /elsewhere/tensorflow');
    const env = { ...fake.env, VIRTUAL_ENV: fake.environment };
    expect((await findTensorflow(undefined, env)).directory).toBe(fake.tensorflow);
  });

  it('asks the next Python when one has no TensorFlow', async () => {
    await fake.program('bin/python3', 'echo');
    await fake.program('bin/python', `echo ${fake.tensorflow}`);
    expect((await findTensorflow(undefined, fake.env)).directory).toBe(fake.tensorflow);
  });

  it('lists the Pythons that it asked when none has TensorFlow', async () => {
    for (const name of ['python3', 'python']) await fake.program(`bin/${name}`, 'exit 1');
    await expect(findTensorflow(undefined, { ...fake.env, VIRTUAL_ENV: '/gone' })).rejects.toMatchObject({
      code: 'NATIVE_TENSORFLOW_NOT_FOUND',
      problem: 'No pip TensorFlow was found: /gone/bin/python is not there, python3 has none, python has none.',
    });
  });

  it('is not taken in by the wheels of helper packages', async () => {
    await fake.installTensorflow('tensorflow');
    expect(await findTensorflow(fake.environment, {})).toMatchObject({ wheel: 'tensorflow', version: '2.99.0' });
  });
});
