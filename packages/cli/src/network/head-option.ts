import { UsageError } from '../errors.js';
import { type ParsedOptions, text } from '../options/read.js';

/** What `--head` says of a network's classifier; `'none'` needs a new one, which `--keep-head` refuses. */
export function headOption(given: ParsedOptions): 'find' | 'none' | undefined {
  const head = text(given, 'head', ['find', 'none']) as 'find' | 'none' | undefined;
  if (head === 'none' && given['keep-head'] === true) {
    throw new UsageError('Give --head none or --keep-head: a network without a classifier needs a new one.');
  }
  return head;
}
