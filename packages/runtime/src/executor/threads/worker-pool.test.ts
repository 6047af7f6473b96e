import { describe, expect, it } from 'vitest';
import { noise } from '../../../test/plan/compare.js';
import { toyGraph } from '../../../test/plan/toy-graph.js';
import { compileGraph } from '../../plan/compile.js';
import type { Plan } from '../../plan/plan.js';
import { resolveOptions } from '../options.js';
import { type Spawn, spawn, type Thread } from './spawn.js';

const input = noise(12 * 12 * 3, 7);
const twoThreads = resolveOptions({ threads: 2 });

/** Starts workers whose part in a run is this instead. */
const actingAs =
  (part: string): Spawn =>
  (source, listener) => {
    const changed = source.replace(
      /const takePart = [\s\S]*?\nconst sleepOn/,
      `const takePart = ${part};\nconst sleepOn`,
    );
    expect(changed).not.toBe(source);
    return spawn(changed, listener);
  };

/** Runs until the worker has joined a run. */
async function runOften(plan: Plan): Promise<void> {
  for (let run = 0; run < 100_000; run++) await plan.run(input);
}

/** A spawn that keeps the threads it starts, and says when one has ended. */
function keeping(): { readonly spawn: Spawn; readonly threads: Thread[]; readonly ended: Promise<string> } {
  const threads: Thread[] = [];
  let tell: (reason: string) => void = () => undefined;
  const ended = new Promise<string>(resolve => {
    tell = resolve;
  });
  return {
    threads,
    ended,
    spawn: (source, listener) => {
      const thread = spawn(source, {
        said: message => listener.said(message),
        ended: reason => {
          listener.ended(reason);
          tell(reason);
        },
      });
      threads.push(thread);
      return thread;
    },
  };
}

describe('a worker', () => {
  it.each([
    ['ends', '() => process.exit(3)', 'exit code 3'],
    ['traps', "() => { throw new Error('unreachable') }", 'a kernel trapped (Error: unreachable)'],
    ['hangs', '() => { for (;;); }', 'has not answered for 50 ms'],
  ])('that %s in a run makes that run and all later ones fail', async (_, part, reason) => {
    const plan = await compileGraph(toyGraph(), twoThreads, { spawn: actingAs(part), stall: 50 });
    await expect(runOften(plan)).rejects.toMatchObject({
      code: 'THREAD_LOST',
      message: expect.stringContaining(reason),
    });
    await expect(plan.run(input)).rejects.toMatchObject({ code: 'THREAD_LOST' });
    await expect(plan.profile(input)).rejects.toMatchObject({ code: 'THREAD_LOST' });
    await plan.dispose();
  });

  it('that is ended between runs makes the next one fail', async () => {
    const { spawn: keep, threads, ended } = keeping();
    const plan = await compileGraph(toyGraph(), twoThreads, { spawn: keep });
    await plan.run(input);
    await threads[0]?.terminate();
    await ended;
    await expect(plan.run(input)).rejects.toMatchObject({ code: 'THREAD_LOST' });
    await plan.dispose();
  });

  it('that is ended while runs go on never leaves one waiting', async () => {
    const alone = await compileGraph(toyGraph(), resolveOptions({ threads: 1 }));
    const expected = await alone.run(input);
    for (let attempt = 0; attempt < 5; attempt++) {
      const { spawn: keep, threads, ended } = keeping();
      const plan = await compileGraph(toyGraph(), twoThreads, { spawn: keep });
      await plan.run(input);
      const terminated = threads[0]?.terminate();
      const outcome = await plan.run(input).catch((error: { code: string }) => error.code);
      expect([expected, 'THREAD_LOST']).toContainEqual(outcome);
      await terminated;
      await ended;
      await expect(plan.run(input)).rejects.toMatchObject({ code: 'THREAD_LOST' });
      await plan.dispose();
    }
  });

  it('that does not start makes compilation fail, and the others are ended', async () => {
    const { spawn: keep, ended } = keeping();
    let started = 0;
    const broken: Spawn = (source, listener) =>
      started++ === 0 ? keep(source, listener) : spawn("throw new Error('no memory for a thread')", listener);
    const compiling = compileGraph(toyGraph(), resolveOptions({ threads: 3 }), { spawn: broken });
    await expect(compiling).rejects.toMatchObject({
      code: 'THREADS_UNAVAILABLE',
      message: expect.stringContaining('no memory for a thread'),
    });
    expect(await ended).toContain('exit code');
  });
});

describe('several threads', () => {
  it('give bit for bit what one gives, however many they are', async () => {
    const graph = toyGraph(30, 16);
    const image = noise(30 * 30 * 3, 8);
    const results = await Promise.all(
      [1, 2, 3, 5].map(async threads => {
        const plan = await compileGraph(graph, resolveOptions({ threads }));
        const result = await plan.run(image);
        for (let run = 0; run < 200; run++) expect(await plan.run(image)).toEqual(result);
        await plan.dispose();
        return result;
      }),
    );
    for (const result of results) expect(result).toEqual(results[0]);
  });

  it('that have slept go on with the next run', async () => {
    const plan = await compileGraph(toyGraph(), twoThreads);
    const first = await plan.run(input);
    await new Promise(resolve => setTimeout(resolve, 100));
    expect(await plan.run(input)).toEqual(first);
    await plan.dispose();
  });
});
