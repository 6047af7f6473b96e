import type { ReadLimits } from '../../read-limits.js';
import { readWhole } from '../file-system.js';
import { parseMat } from './parse-mat.js';
import type { MatValue } from './value.js';

/** The arrays of a MAT-file by name. */
export async function readMat(path: string, limits: ReadLimits): Promise<Map<string, MatValue>> {
  const { maximumEntryBytes = 2 ** 26, maximumMemory } = limits;
  const bytes = await readWhole(path, maximumEntryBytes);
  return parseMat(bytes, { source: path, ...(maximumMemory === undefined ? {} : { maximumMemory }) });
}
