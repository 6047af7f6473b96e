import { expect, it } from 'vitest';
import type { Progress } from '../output/progress.js';
import { showLoading } from './show-loading.js';

it('names what is downloaded, unpacked or decoded, once for each file', () => {
  const lines: string[] = [];
  const progress: Progress = { start: () => {}, step: () => {}, stop: () => {}, line: text => void lines.push(text) };
  const show = showLoading(progress);
  for (const done of [1, 2]) show({ activity: 'download', item: 'a.tgz', done });
  for (const done of [1, 2]) show({ activity: 'unpack', item: 'a.tgz', done });
  show({ activity: 'decode', item: 'b.tgz', done: 1 });
  expect(lines).toEqual(['Downloading a.tgz', 'Unpacking a.tgz', 'Decoding b.tgz']);
});
