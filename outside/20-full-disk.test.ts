import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCheckpoint } from '@espalier/core/node';
import { afterAll, expect, it } from 'vitest';
import { commandForTests } from './command.js';

/** Number 20: a disk that is really full. Needs to be allowed to mount a file system in memory. */
const { espalier } = commandForTests();
const disk = await mkdtemp(join(tmpdir(), 'espalier-disk-'));
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', disk]).status === 0;

afterAll(async () => {
  if (mounted) spawnSync('umount', [disk]);
  await rm(disk, { recursive: true, force: true });
});

it.skipIf(!mounted)(
  'a full disk ends a run with a code, with its last checkpoint whole and nothing half written',
  async () => {
    const network = ['--dataset', 'synthetic', '--model', 'lenet300', '--steps', '6', '--checkpoint-every', '2'];
    const run = join(disk, 'run');
    const { exitCode, stderr } = await espalier('train', ...network, '--backend', 'cpu', '--out', run);
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining('FILE_ACCESS') });
    expect(stderr).toContain('the disk is full');
    // 2.2 MB each, so that the first one fits.
    const checkpoints = join(run, 'checkpoints');
    expect(await readdir(checkpoints)).toEqual(['checkpoint-0000000002.safetensors']);
    expect((await readCheckpoint(join(checkpoints, 'checkpoint-0000000002.safetensors'))).clock.step).toBe(2);
  },
  60_000,
);
