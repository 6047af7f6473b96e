import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Starts a program that answers requests (see serve.mjs), with every threading library told to use one thread. */
export function startPeer(name, command, args, environment = {}) {
  const one = ['OMP', 'MKL', 'OPENBLAS', 'NUMEXPR'].map(library => [`${library}_NUM_THREADS`, '1']);
  const child = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      ...process.env,
      ...Object.fromEntries(one),
      TF_NUM_INTRAOP_THREADS: '1',
      TF_NUM_INTEROP_THREADS: '1',
      TF_CPP_MIN_LOG_LEVEL: '2',
      ...environment,
    },
  });
  const failed = new Promise((_, reject) => child.on('error', error => reject(new Error(`${name}: ${error.message}`))));
  failed.catch(() => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async request => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    for (;;) {
      const { value, done } = await Promise.race([lines.next(), failed]);
      if (done) throw new Error(`${name}: ${command} ended without an answer; its messages are above.`);
      if (value.startsWith('{')) return JSON.parse(value); // other lines are greetings of libraries
    }
  };
  return { name, ask, end: () => child.stdin.end() };
}

/** The middle value. */
export function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}
