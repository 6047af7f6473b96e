import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import type { CompleteOptions } from '@espalier/core';
import { MalformedDataError } from '../../errors.js';
import type { ReadLimits } from '../../read-limits.js';
import { unpack } from '../archive/unpack.js';
import { MissingDataError } from '../errors.js';
import type { KnownFile } from '../sets/obtain.js';
import type { TaskDescription, TaskOptions, TaskParts } from './task.js';

/** What a module for one dataset provides. */
export interface TaskSource {
  readonly description: TaskDescription;
  /** Address that the files' names are below. */
  readonly mirrors: readonly string[];
  /** Files to download; none if they cannot be downloaded. */
  readonly files: readonly KnownFile[];
  /** Reads the dataset; fails with {@link MissingDataError} if its files are not there. */
  read(
    folder: TaskFolder,
    options: CompleteOptions<Pick<TaskOptions, 'split' | 'fold' | 'splitSeed'>>,
  ): Promise<TaskParts>;
}

/** The addresses of a source's files. */
export const addresses = ({ mirrors, files }: Pick<TaskSource, 'mirrors' | 'files'>): string[] =>
  files.map(({ name }) => new URL(name, mirrors[0]).href);

/** A folder with the files of one dataset, unpacked or in archives. */
export interface TaskFolder {
  /** Where it is. */
  readonly path: string;
  /** Whether classes and images may be missing. */
  readonly allowPartial: boolean;
  /** The cache. */
  readonly cacheDirectory: string;
  /** How much may be read. */
  readonly limits: ReadLimits;
  readonly onProgress: TaskOptions['onProgress'];
  readonly signal: AbortSignal | undefined;
  /**
   * Path of the first of `alternatives` that is there, after unpacking the first of `archives` that is there if need
   * be. An archive may hold another one.
   */
  find(alternatives: readonly string[], archives?: readonly string[]): Promise<string>;
}

/** How a folder is read. */
export interface TaskFolderOptions extends Pick<TaskOptions, 'onProgress' | 'signal' | 'allowPartial' | 'directory'> {
  readonly cacheDirectory: string;
  readonly limits: ReadLimits;
  readonly source: TaskSource;
}

export function taskFolder(path: string, options: TaskFolderOptions): TaskFolder {
  const { cacheDirectory, limits, source, onProgress, signal } = options;
  const { name, layout } = source.description;
  const find = async (
    folder: string,
    alternatives: readonly string[],
    archives: readonly string[],
    depth = 0,
  ): Promise<string> => {
    const found = alternatives.map(inside => join(folder, inside)).find(existsSync);
    if (found !== undefined) return found;
    const archive = archives.map(file => join(folder, file)).find(existsSync);
    if (archive === undefined || depth === 2) {
      const wanted = [...alternatives, ...archives].join(', ');
      throw new MissingDataError(name, [`${folder} (none of ${wanted})`], `The folder has to hold ${layout}`);
    }
    const unpacked = await unpack(archive, {
      // A zip archive may hold the tar archive with the images.
      maximumEntryBytes: archive.endsWith('.zip') ? 2 ** 30 : 2 ** 28,
      ...limits,
      cacheDirectory,
      onProgress: done => onProgress?.({ activity: 'unpack', item: archive, done }),
      ...(signal === undefined ? {} : { signal }),
    }).catch(async (error: unknown) => {
      // A file that was downloaded without a checksum may have been cut short: the next call fetches it again.
      const ours = options.directory === undefined && resolve(archive).startsWith(resolve(cacheDirectory, name) + sep);
      if (error instanceof MalformedDataError && ours) await rm(archive, { force: true }).catch(() => undefined);
      throw error;
    });
    return find(unpacked, alternatives, archives, depth + 1);
  };
  const { allowPartial = false } = options;
  return {
    path,
    allowPartial,
    cacheDirectory,
    limits,
    onProgress,
    signal,
    find: (alternatives, archives = []) => find(path, alternatives, archives),
  };
}

/** Refuses images that a list names and that are not there, unless parts are allowed; gives the ones that are. */
export function present<Image extends { readonly path: string }>(
  images: readonly Image[],
  there: ReadonlySet<string>,
  list: string,
  allowPartial: boolean,
): Image[] {
  const found = images.filter(({ path }) => there.has(path));
  if (found.length === images.length || (allowPartial && found.length > 0)) return found;
  const first = images.find(({ path }) => !there.has(path))!.path;
  const problem = `${images.length - found.length} of the ${images.length} images that it lists are missing, such as ${first}`;
  throw new MalformedDataError(list, problem);
}
