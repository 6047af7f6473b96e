import { TransientError } from './transient-error.js';

/** Watches how fast a connection is. */
export interface RateWatch {
  /** Aborted, with what is wrong as its reason, when too little has come. */
  readonly signal: AbortSignal;
  /** The answer has begun: what comes from now on is counted anew. */
  begin(): void;
  /** So many bytes have come. */
  count(bytes: number): void;
  stop(): void;
}

/**
 * Gives a connection up on which nothing comes for so many seconds, or in so many seconds fewer bytes than the rate
 * asks for. A server that sends a byte now and then would otherwise hold a download for ever.
 */
export function rateWatch(seconds: number, minimumBytesPerSecond: number): RateWatch {
  const controller = new AbortController();
  const giveUp = (message: string): void => controller.abort(new TransientError(message));
  const silence = (): NodeJS.Timeout => setTimeout(() => giveUp(`no data came for ${seconds} s`), seconds * 1000);
  let came = 0;
  const judge = (): void => {
    if (came < minimumBytesPerSecond * seconds) {
      giveUp(`only ${came} bytes came in ${seconds} s, under minimumBytesPerSecond of ${minimumBytesPerSecond}`);
    }
    came = 0;
  };
  let idle = silence();
  let pace: NodeJS.Timeout | undefined;
  const rest = (): void => {
    clearTimeout(idle);
    idle = silence();
  };
  return {
    signal: controller.signal,
    begin() {
      rest();
      pace = setInterval(judge, seconds * 1000);
    },
    count(bytes) {
      came += bytes;
      rest();
    },
    stop() {
      clearTimeout(idle);
      clearInterval(pace);
    },
  };
}
