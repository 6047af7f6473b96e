import type { FileHandle } from 'node:fs/promises';
import { mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadModel } from './load-model.js';
import { saveModel } from './save-model.js';

/** After this many changes to the disk the power is cut: nothing works any more, not even cleaning up. */
const power = vi.hoisted(() => ({ left: Number.POSITIVE_INFINITY }));
/** Runs once, just before the next file is opened. */
const meanwhile = vi.hoisted((): { happens: (() => Promise<unknown>) | undefined } => ({ happens: undefined }));

vi.mock('node:fs/promises', async importOriginal => {
  const original = await importOriginal<typeof import('node:fs/promises')>();
  const use = (): void => {
    if (power.left-- <= 0) throw new Error('power cut');
  };
  const wired = (handle: FileHandle): FileHandle =>
    new Proxy(handle, {
      get(target, property) {
        const member: unknown = Reflect.get(target, property, target);
        if (typeof member !== 'function') return member;
        return async (...parameters: unknown[]) => {
          if (property === 'writeFile' && power.left <= 0)
            await target.write((parameters[0] as Uint8Array).subarray(0, 3));
          if (property !== 'close') use();
          return member.apply(target, parameters) as unknown;
        };
      },
    });
  return {
    ...original,
    open: async (...parameters: Parameters<typeof original.open>) => {
      use();
      const { happens } = meanwhile;
      meanwhile.happens = undefined;
      await happens?.();
      return wired(await original.open(...parameters));
    },
    rename: async (...parameters: Parameters<typeof original.rename>) => {
      use();
      return original.rename(...parameters);
    },
    rm: async (...parameters: Parameters<typeof original.rm>) => {
      use();
      return original.rm(...parameters);
    },
  };
});

const weightSpecs = [{ name: 'w', shape: [5], dtype: 'float32' as const }];
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'espalier-crash-'));
});

afterEach(async () => {
  power.left = Number.POSITIVE_INFINITY;
  await rm(directory, { recursive: true });
});

/** A model whose weights all have one value, in three files of eight, eight and four bytes. */
function save(value: number): Promise<unknown> {
  const weightData = new Float32Array(5).fill(value).buffer;
  return saveModel(join(directory, 'model.json'), { modelTopology: { value }, weightSpecs, weightData }, 8);
}

async function saved(): Promise<{ topology: unknown; weights: number[] }> {
  const { modelTopology, weightData } = await loadModel(join(directory, 'model.json'));
  const bytes = Buffer.concat((weightData as ArrayBuffer[]).map(buffer => Buffer.from(buffer)));
  return { topology: modelTopology, weights: [...new Float32Array(new Uint8Array(bytes).buffer)] };
}

describe('a power cut while a model is saved over another', () => {
  it('leaves the whole old or the whole new model, whichever change to the disk it hits', async () => {
    const seen: number[] = [];
    for (let changes = 0; ; changes++) {
      await save(1);
      power.left = changes;
      const finished = await save(2).then(
        () => true,
        () => false,
      );
      const complete = power.left >= 0;
      power.left = Number.POSITIVE_INFINITY;
      const { topology, weights } = await saved();
      const value = (topology as { value: number }).value;
      expect(weights).toEqual(new Array(5).fill(value));
      expect(finished && value === 1).toBe(false);
      seen.push(value);
      if (complete) break;
    }
    // 4 files x (open, write, sync, rename), then the directory and the removals: the old model up to the last rename
    expect(seen.length).toBeGreaterThan(20);
    expect(seen).toEqual([...seen].sort());
    expect(new Set(seen)).toEqual(new Set([1, 2]));
  });

  it('leaves nothing behind that a later save would not remove', async () => {
    await save(1);
    power.left = 10;
    await expect(save(2)).rejects.toThrow('power cut');
    power.left = Number.POSITIVE_INFINITY;
    expect((await readdir(directory)).length).toBeGreaterThan(4);
    const yesterday = Date.now() / 1000 - 24 * 60 * 60;
    for (const name of await readdir(directory)) await utimes(join(directory, name), yesterday, yesterday);
    await save(3);
    expect(await readdir(directory)).toHaveLength(4);
    expect((await saved()).weights).toEqual([3, 3, 3, 3, 3]);
  });

  it('does not take the files of a save that still runs for leftovers', async () => {
    await save(1);
    power.left = 10;
    await expect(save(2)).rejects.toThrow('power cut');
    power.left = Number.POSITIVE_INFINITY;
    const left = (await readdir(directory)).length - 4;
    await save(3);
    expect(await readdir(directory)).toHaveLength(4 + left);
  });
});

describe('a model that is saved over while it is being read', () => {
  it('is read again from the start, so that old and new never mix', async () => {
    await save(1);
    meanwhile.happens = () => save(2);
    expect(await saved()).toEqual({ topology: { value: 2 }, weights: [2, 2, 2, 2, 2] });
  });
});

describe('a full disk', () => {
  it('leaves the old model and no other file', async () => {
    await save(1);
    const before = await readdir(directory);
    const full = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    const write = vi.spyOn(Buffer, 'from').mockImplementationOnce(() => {
      throw full;
    });
    await expect(save(2)).rejects.toBe(full);
    write.mockRestore();
    expect(await readdir(directory)).toEqual(before);
    expect((await saved()).weights).toEqual([1, 1, 1, 1, 1]);
  });
});
