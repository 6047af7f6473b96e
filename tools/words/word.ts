/** A word or phrase that the repository does not use, and what it says instead. */
export interface Word {
  /** Found in a line, whatever its case unless the pattern says otherwise. Global, so that all of a line are found. */
  readonly pattern: RegExp;
  readonly instead: string;
  /** Files that the rule is about, by path. Left out, all. */
  readonly files?: RegExp;
  /** Lines that may have it, as `path: line`: names that others gave, or that stand in files already. */
  readonly allowed?: readonly RegExp[];
}
