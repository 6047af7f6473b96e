/** What a command came to. */
export interface Outcome {
  /** For `--json`. */
  readonly json: unknown;
  /** For people, a line each; names from files may be in them as they are. */
  readonly lines: readonly string[];
  /** 0, or 128 and the number of the signal that stopped it. */
  readonly exitCode: number;
}
