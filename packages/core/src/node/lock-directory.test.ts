import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type DirectoryLock, lockDirectory } from './lock-directory.js';
import { ownIdentity } from './process-identity.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'espalier-lock-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const { place, pid, start } = ownIdentity();
const foreign = (directory: string): string =>
  join(directory, `.espalier-00000000-1-5-${Date.now() - 5000}-000000000000.lock`);
const inUse = { code: 'DIRECTORY_IN_USE' };

it('lets nobody else in until it is released, and says who is there, since when, and what to do', async () => {
  const before = Date.now();
  const lock = await lockDirectory(root);
  const refusal = await lockDirectory(root).catch((error: unknown) => error);
  expect(refusal).toMatchObject({ ...inUse, pid, directory: root });
  expect((refusal as { since: Date }).since.getTime()).toBeGreaterThanOrEqual(before);
  expect(String(refusal)).toMatch(/is in use by .*\d+.* since \d{4}-.*choose another directory/);
  await lock.release();
  expect(await readdir(root)).toEqual([]);
  await (await lockDirectory(root)).release();
});

it('gives the directory to one of many that come at once', async () => {
  const tries = await Promise.allSettled(Array.from({ length: 12 }, () => lockDirectory(root)));
  const got = tries.filter((each): each is PromiseFulfilledResult<DirectoryLock> => each.status === 'fulfilled');
  expect(got.length).toBe(1);
  for (const each of tries) if (each.status === 'rejected') expect(each.reason).toMatchObject(inUse);
  await got[0]?.value.release();
  expect(await readdir(root)).toEqual([]);
});

it.each([
  ['a process that is no more', `${place}-4194999-1`],
  ['a process whose number another one has now', `${place}-${pid}-${start + 1}`],
])('takes over from %s', async (_, who) => {
  await writeFile(join(root, `.espalier-${who}-${Date.now()}-000000000000.lock`), '');
  const lock = await lockDirectory(root);
  expect((await readdir(root)).length).toBe(1);
  await lock.release();
});

it('believes a holder on another machine while its lock is touched, and takes over two minutes later', async () => {
  await writeFile(foreign(root), '');
  const path = join(root, (await readdir(root))[0] ?? '');
  await expect(lockDirectory(root)).rejects.toMatchObject({ ...inUse, pid: 1, lock: path });
  const then = new Date(Date.now() - 130_000);
  await utimes(path, then, then);
  await (await lockDirectory(root)).release();
  expect(await readdir(root)).toEqual([]);
});

it('keeps those apart that work on the same thing, and those alone that take it all', async () => {
  const one = await lockDirectory(root, { of: 'digits' });
  const other = await lockDirectory(root, { of: 'pets' });
  await expect(lockDirectory(root, { of: 'pets' })).rejects.toMatchObject(inUse);
  await expect(lockDirectory(root)).rejects.toMatchObject(inUse);
  await one.release();
  await other.release();
  const all = await lockDirectory(root);
  await expect(lockDirectory(root, { of: 'pets' })).rejects.toMatchObject(inUse);
  await all.release();
});

it('removes the directories that it made, if nothing came into them', async () => {
  await mkdir(join(root, 'runs'));
  const directory = join(root, 'runs', 'today', 'first');
  await (await lockDirectory(directory)).release();
  expect(await readdir(join(root, 'runs'))).toEqual([]);
  const lock = await lockDirectory(directory);
  await writeFile(join(directory, 'result.json'), '{}');
  await lock.release();
  expect(await readdir(directory)).toEqual(['result.json']);
});

it('refuses what is no directory', async () => {
  const file = join(root, 'file');
  await writeFile(file, 'mine');
  await expect(lockDirectory(file)).rejects.toMatchObject({ code: 'FILE_ACCESS' });
  await expect(lockDirectory(join(file, 'below'))).rejects.toMatchObject({ code: 'FILE_ACCESS' });
  await expect(lockDirectory(null as never)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  await expect(lockDirectory(root, { off: 'a' } as never)).rejects.toMatchObject({ code: 'UNKNOWN_OPTION' });
  expect((await stat(file)).size).toBe(4);
});
