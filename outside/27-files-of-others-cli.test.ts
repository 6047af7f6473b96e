import { writeFile } from 'node:fs/promises';
import { writeSafetensors } from '@espalier/core';
import { beforeAll, expect, it } from 'vitest';
import { commandForTests } from './command.js';

const { espalier, path } = commandForTests();

const files: Readonly<Record<string, Uint8Array | string>> = {
  'model.h5': Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a, ...new Array(100).fill(0)),
  'model.json': '{"modelTopology":{"class_name":"Sequential"},"weightsManifest":[]}',
  'network.pt': Uint8Array.of(0x50, 0x4b, 3, 4, ...new Array(40).fill(0), ...Buffer.from('archive/data.pkl')),
  'cat.png': Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, ...new Array(100).fill(0)),
  'torch.safetensors': writeSafetensors(new Map([['w', { dtype: 'F32', shape: [1], bytes: new Uint8Array(4) }]])),
};

beforeAll(async () => {
  for (const [name, content] of Object.entries(files)) await writeFile(path(name), content);
});

/** What each is refused with, and the way on. */
const refusals: Readonly<Record<string, readonly [code: string, remedy: RegExp]>> = {
  'model.h5': ['KERAS_FILE_INVALID', /Give a file that Keras saved/],
  'model.json': ['MODEL_TOPOLOGY_UNSUPPORTED', /export the model again/],
  'network.pt': ['CORRUPT_CHECKPOINT', /: It is an? .*"Networks from elsewhere"/],
  'cat.png': ['CORRUPT_CHECKPOINT', /: It is an? .*"Networks from elsewhere"/],
  'torch.safetensors': ['WEIGHTS_WITHOUT_NETWORK', /--model NAME --weights (\.\/)?torch\.safetensors/],
};

it.each(Object.keys(files))('says of %s that it is no network, and how to go on, in every command', async name => {
  const [code = '', remedy = /$^/] = refusals[name] ?? [];
  for (const args of [
    ['inspect', name],
    ['bench', name],
    ['eval', name, '--backend', 'cpu'],
    ['prune', '--from', name, '--backend', 'cpu'],
    ['train', '--model', `./${name}`, '--backend', 'cpu'],
    ['transfer', name, '--task', 'digits', '--protocol', 'linear', '--backend', 'cpu'],
  ]) {
    const { exitCode, stderr } = await espalier(...args);
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringMatching(new RegExp(`^${code}: `)) });
    expect(stderr).toMatch(remedy);
    expect(stderr).not.toContain('claims');
  }
});
