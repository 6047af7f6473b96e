import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const program = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'espalier-cli-'));
});

afterEach(() => rm(directory, { recursive: true }));

function run(...parameters: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise(resolve => {
    execFile(process.execPath, [program, ...parameters], { cwd: directory }, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    });
  });
}

describe.runIf(process.platform === 'linux')('espalier-backend install-native', () => {
  it('explains on standard error what is missing and what to do, and exits with 1', async () => {
    const { code, stdout, stderr } = await run('install-native');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(
      `NATIVE_PACKAGE_NOT_FOUND: Neither tfjs-node nor tfjs-node-gpu is installed in ${directory}.`,
    );
    expect(stderr).toContain('npm install --ignore-scripts @tensorflow/tfjs-node@4.22.0');
  });

  it('prints the same as JSON when asked to', async () => {
    const { code, stdout } = await run('install-native', '--gpu', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      code: 'NATIVE_PACKAGE_NOT_FOUND',
      message: expect.stringContaining('tfjs-node-gpu is not installed'),
    });
  });

  it.each([
    [['install-native', '--gpus'], 'Did you mean --gpu?'],
    [['install-native', '--node_package', 'x'], 'Did you mean --node-package?'],
    [['install-native', '--tensorflow'], '--tensorflow needs a value'],
    [['install-native', '--gpu=yes'], '--gpu takes no value'],
    [['install-native', '--gpu', '--gpu'], '--gpu is given twice'],
    [['install-native', '--__proto__', '5'], 'There is no option --__proto__'],
    [['install-native', 'here'], 'There is no place for the argument "here"'],
    [['install-natve'], 'Did you mean install-native?'],
    [['constructor'], 'There is no command "constructor"'],
    [[], 'Name a command: install-native'],
  ])('exits with 2 and says what is wrong with: espalier-backend %j', async (parameters, message) => {
    const { code, stdout, stderr } = await run(...parameters);
    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
    expect(stderr).toMatch(/^USAGE: /);
    const json = await run(...parameters, '--json');
    if (parameters[0] === 'install-natve') expect(JSON.parse(json.stdout)).toMatchObject({ code: 'USAGE' });
  });

  it('names its command in the help', async () => {
    expect((await run('--help')).stdout).toContain('install-native');
  });
});
