import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/**
 * Starts a program that answers requests, one JSON object a line, such as train-step/serve.mjs and the scripts with
 * PyTorch; every threading library is told how many threads to use, and the GPU is hidden.
 */
export function startPeer(name, command, args, threads = 1) {
  const settings = ['OMP_NUM', 'MKL_NUM', 'OPENBLAS_NUM', 'NUMEXPR_NUM', 'TF_NUM_INTRAOP', 'TF_NUM_INTEROP'];
  const counts = settings.map(setting => [`${setting}_THREADS`, String(threads)]);
  const child = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...Object.fromEntries(counts), CUDA_VISIBLE_DEVICES: '', TF_CPP_MIN_LOG_LEVEL: '2' },
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
