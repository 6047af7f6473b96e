import { FileAccessError } from '@espalier/core/node';

/**
 * Writes to standard output or standard error. A reader that has gone away (`| head -1`) is no error: the work goes on
 * without it.
 *
 * @throws {@link FileAccessError} if the text cannot be written for another reason, such as a full disk.
 */
export function write(name: 'stdout' | 'stderr', text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process[name].write(text, error => {
      if (!error || isGone(error)) resolve();
      else reject(new FileAccessError(name === 'stdout' ? 'standard output' : 'standard error', 'write', error));
    });
  });
}

/** Keeps Node.js from ending the process, with a stack, because of an error that {@link write} has told already. */
export function keepStreamErrors(): void {
  for (const stream of [process.stdout, process.stderr]) {
    if (stream.listenerCount('error') === 0) stream.on('error', () => {});
  }
}

function isGone(error: Error): boolean {
  return 'code' in error && (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED');
}
