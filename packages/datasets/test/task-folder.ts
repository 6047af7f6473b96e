import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { loadTask } from '../src/node/tasks/load-task.js';
import type { Task, TaskName, TaskOptions } from '../src/node/tasks/task.js';
import { type Files, writeFiles } from './miniature.js';

/** A directory for every test of a file, and tasks that are loaded from it. */
export interface TaskDirectory {
  /** Where the directory is. */
  path(): string;
  /** Options that look at `data` and `cache` in it and download nothing. */
  options(change?: TaskOptions): TaskOptions;
  /** Writes files into `mine` in it and loads the task from there, a part being enough. */
  load(name: TaskName, files: Files, change?: TaskOptions): Promise<Task>;
}

export function taskDirectory(): TaskDirectory {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'espalier-task-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));
  const options = (change: TaskOptions = {}): TaskOptions => ({
    dataDirectory: join(directory, 'data'),
    cacheDirectory: join(directory, 'cache'),
    download: false,
    allowPartial: true,
    ...change,
  });
  return {
    path: () => directory,
    options,
    load: (name, files, change) => {
      writeFiles(join(directory, 'mine'), files);
      return loadTask(name, options({ directory: join(directory, 'mine'), ...change }));
    },
  };
}
