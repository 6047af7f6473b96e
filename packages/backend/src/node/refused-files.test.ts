import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadModel } from './load-model.js';
import { saveModel } from './save-model.js';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'espalier-refused-'));
  await writeFile(join(directory, 'file'), '');
});
afterEach(() => rm(directory, { recursive: true }));

const artifacts = { modelTopology: {}, weightSpecs: [], weightData: new ArrayBuffer(0) };

it.each([
  ['a file in the way of the directory', 'file/model.json', 'EEXIST'],
  ['a name that is too long', `${'x'.repeat(300)}/model.json`, 'ENAMETOOLONG'],
])('saving past %s says what the system refuses', async (_, path, systemCode) => {
  await expect(saveModel(join(directory, path), artifacts, 100)).rejects.toMatchObject({
    code: 'FILE_ACCESS',
    systemCode,
  });
});

it('loading from a path that no system takes says so', async () => {
  const error = { code: 'FILE_ACCESS', systemCode: 'ENAMETOOLONG' };
  await expect(loadModel(join(directory, `${'x'.repeat(300)}.json`))).rejects.toMatchObject(error);
});
