import { DataTooLargeError } from './errors.js';

/** Bytes that one call may hold in memory; whoever makes something out of a file takes them from here first. */
export interface MemoryBudget {
  /**
   * Takes bytes for what stays until the end of the call.
   *
   * @throws {@link DataTooLargeError} with the source if they are more than there are.
   */
  keep(bytes: number, source: string): void;
  /**
   * Takes bytes for what is let go again, and waits until others have let go of enough.
   *
   * @returns What gives them back.
   * @throws {@link DataTooLargeError} with the source if they are more than there can ever be.
   */
  take(bytes: number, source: string): Promise<() => void>;
}

interface Waiting {
  readonly bytes: number;
  readonly source: string;
  readonly begin: () => void;
  readonly fail: (error: DataTooLargeError) => void;
}

export function memoryBudget(limit: number): MemoryBudget {
  let kept = 0;
  let taken = 0;
  const waiting: Waiting[] = [];
  const refusal = (source: string): DataTooLargeError =>
    new DataTooLargeError(source, 'bytes of memory', limit, 'maximumMemory');
  const letIn = (): void => {
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      if (kept + next.bytes > limit) next.fail(refusal(next.source));
      else if (kept + taken + next.bytes > limit) return;
      else {
        taken += next.bytes;
        next.begin();
      }
      waiting.shift();
    }
  };
  return {
    keep: (bytes, source) => {
      if (kept + bytes > limit) throw refusal(source);
      kept += bytes;
    },
    take: (bytes, source) =>
      new Promise<() => void>((resolve, fail) => {
        const release = (): void => {
          taken -= bytes;
          letIn();
        };
        waiting.push({ bytes, source, begin: () => resolve(release), fail });
        letIn();
      }),
  };
}
