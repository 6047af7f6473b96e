import type { LoadProgress } from '@espalier/datasets/node';
import type { Progress } from '../output/progress.js';

const doing = { download: 'Downloading', unpack: 'Unpacking', decode: 'Decoding' } as const;

/** Shows what is downloaded, unpacked or decoded, a line for each file. */
export function showLoading(progress: Progress): (loading: LoadProgress) => void {
  let last = '';
  return ({ activity, item }) => {
    const line = `${doing[activity]} ${item}`;
    if (line !== last) progress.line(line);
    last = line;
  };
}
