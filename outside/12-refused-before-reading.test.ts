import { describe, expect, it } from 'vitest';
import { commandForTests } from './command.js';

/** Number 12: what cannot work is refused before data are read or fetched. CIFAR-10 is nowhere near these processes. */
const { espalier } = commandForTests();
const quick = ['--backend', 'cpu'];

describe('a network for 28×28 digits, given images of 32×32×3,', () => {
  it('is refused by eval and prune --from before they are looked for', async () => {
    const made = ['train', '--dataset', 'synthetic', '--model', 'lenet300', '--steps', '2', '--out', 'dense', ...quick];
    expect((await espalier(...made)).exitCode).toBe(0);
    const cifar = ['--dataset', 'cifar10', ...quick];
    for (const command of [
      ['eval', 'dense/model.safetensors', ...cifar],
      ['prune', '--from', 'dense/model.safetensors', '--steps', '2', '--out', 'other', ...cifar],
    ]) {
      const { exitCode, stderr } = await espalier(...command);
      expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining('DATASET_MISMATCH') });
      expect(stderr).toContain('32×32×3 in 10 classes');
    }
  }, 240_000);
});

describe('--feature-layer', () => {
  const transfer = [
    'transfer',
    'dense/model.safetensors',
    '--task',
    'digits',
    '--protocol',
    'linear',
    '--seeds',
    '1',
    '--epochs',
    '1',
  ];
  const cpu = ['--allow-dense', '--backend', 'cpu'];

  it('takes the features from the layer that it names', async () => {
    const { exitCode, stdout, stderr } = await espalier(
      ...transfer,
      ...cpu,
      '--feature-layer',
      'hidden1',
      '--out',
      'features',
    );
    expect({ exitCode, stderr, stdout }).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('linear-hidden1.json'),
    });
  }, 120_000);

  it('names the layers that there are if there is no such layer', async () => {
    const { exitCode, stderr } = await espalier(...transfer, ...cpu, '--feature-layer', 'fc9', '--out', 'none');
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining('fc9') });
    expect(stderr).toContain('"flatten", "hidden1", "hidden2", "logits"');
    expect(stderr).toContain('--feature-layer');
  }, 120_000);
});
