import { createInterface } from 'node:readline';

/** Answers each request, one JSON object per line on standard input, with one line on standard output. */
export async function serve(handlers) {
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line);
    process.stdout.write(`${JSON.stringify(await handlers[request.do](request))}\n`);
  }
  process.exit(0); // native backends keep threads that would hold the process
}
