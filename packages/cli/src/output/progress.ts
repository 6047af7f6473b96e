import { MultiBar, Presets, type SingleBar } from 'cli-progress';
import { linesForPeople } from './lines.js';

/** What a run shows while it works; all of it goes to standard error. */
export interface Progress {
  /** Starts counting steps. */
  start(from: number, to: number): void;
  /** One step is done. */
  step(position: number, loss: number, sparsity: number): void;
  /** Something worth a line of its own. */
  line(text: string): void;
  /** Leaves the terminal as it was; may be called again. */
  stop(): void;
}

/** A bar with the time left on a terminal; on anything else just the lines. */
export function createProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  return stream.isTTY ? barProgress(stream) : lineProgress(stream);
}

function lineProgress(stream: NodeJS.WritableStream): Progress {
  return {
    start: () => {},
    step: () => {},
    line: text => void stream.write(`${linesForPeople([text])}\n`),
    stop: () => {},
  };
}

function barProgress(stream: NodeJS.WriteStream): Progress {
  const format = '{bar} {percentage}% | step {value} of {total} | loss {loss} | pruned {pruned} | {eta_formatted} left';
  // gracefulExit would take SIGINT away from the run, which saves a checkpoint on it.
  const options = {
    stream,
    format,
    barsize: 20,
    etaBuffer: 50,
    hideCursor: true,
    clearOnComplete: true,
    gracefulExit: false,
  };
  const bars = new MultiBar(options, Presets.shades_classic);
  let bar: SingleBar | undefined;
  return {
    start: (from, to) => {
      bar = bars.create(to, from, { loss: '–', pruned: '0.0 %' });
    },
    step: (position, loss, sparsity) => {
      bar?.update(position, { loss: loss.toFixed(3), pruned: `${(100 * sparsity).toFixed(1)} %` });
    },
    line: text => {
      const shown = `${linesForPeople([text])}\n`;
      if (bar) bars.log(shown);
      else stream.write(shown);
    },
    stop: () => {
      if (!bar) return;
      bars.update();
      bars.stop();
      bar = undefined;
    },
  };
}
