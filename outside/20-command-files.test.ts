import { spawn } from 'node:child_process';
import { chmod, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { commandForTests } from './command.js';

const { espalier, path } = commandForTests();
const quick = ['--dataset', 'synthetic', '--model', 'lenet300', '--steps', '3', '--backend', 'cpu'];
const main = fileURLToPath(new URL('../packages/cli/dist/main.js', import.meta.url));

it.each(['file', 'file/below', 'link', 'missing/../file', 'long'])(
  'refuses --out %s at once: FILE_ACCESS, and what to do',
  async out => {
    await writeFile(path('file'), 'mine');
    await symlink(path('file'), path('link')).catch(() => {});
    for (const args of [
      ['train', ...quick],
      ['prune', ...quick, '--resume'],
      ['transfer', 'file', '--task', 'digits', '--protocol', 'full'],
    ]) {
      const { exitCode, stdout, stderr } = await espalier(...args, '--out', out === 'long' ? 'x'.repeat(300) : out);
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
      expect(stderr).toMatch(/^FILE_ACCESS: Cannot .*\. [A-Z].*\.$/m);
      expect(stderr).not.toContain('    at ');
    }
    expect(await readdir(path())).not.toContain('missing');
  },
);

it.skipIf(process.getuid?.() === 0)('refuses a directory that may not be written to', async () => {
  await mkdir(path('locked'));
  await chmod(path('locked'), 0o500);
  const { exitCode, stderr } = await espalier('train', ...quick, '--out', 'locked/run');
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringMatching(/^FILE_ACCESS: .*permission/) });
});

it.skipIf(process.platform !== 'linux')(
  'tells a full disk under standard output, and leaves quietly when its reader has gone',
  async () => {
    const run = (redirect: string): Promise<{ code: number | null; stderr: string }> =>
      new Promise(resolve => {
        const child = spawn('bash', ['-c', `set -o pipefail; "${process.execPath}" "${main}" --help ${redirect}`], {
          cwd: path(),
        });
        let stderr = '';
        child.stderr.on('data', data => {
          stderr += data;
        });
        child.on('close', code => resolve({ code, stderr }));
      });
    const full = await run('> /dev/full');
    expect(full).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^FILE_ACCESS: Cannot write "standard output": the disk is full/),
    });
    expect(await run('| true')).toEqual({ code: 0, stderr: '' });
  },
);

it('makes no directory for a run that cannot begin', async () => {
  const { exitCode } = await espalier('prune', '--from', 'nowhere.safetensors', '--out', 'never', '--backend', 'cpu');
  expect(exitCode).toBe(1);
  expect(await readdir(path())).not.toContain('never');
});
