/** A way to stop in an orderly manner when the user or the system asks for it. */
export interface Interrupt {
  /** Aborted by the first SIGINT or SIGTERM; the second one ends the process at once. */
  readonly signal: AbortSignal;
  /** Exit code that tells which signal came: 128 and its number; 0 if none did. */
  readonly exitCode: () => number;
  /** Gives the signals back to whoever had them. */
  release(): void;
}

/** Listens to SIGINT (exit code 130) and SIGTERM (143). */
export function listenForInterrupt(onInterrupt: () => void): Interrupt {
  const controller = new AbortController();
  let exitCode = 0;
  const interrupt = (code: number) => () => {
    if (exitCode !== 0) process.exit(exitCode);
    exitCode = code;
    onInterrupt();
    controller.abort();
  };
  const handlers = { SIGINT: interrupt(130), SIGTERM: interrupt(143) };
  for (const [name, handler] of Object.entries(handlers)) process.on(name, handler);
  return {
    signal: controller.signal,
    exitCode: () => exitCode,
    release: () => {
      for (const [name, handler] of Object.entries(handlers)) process.off(name, handler);
    },
  };
}
