/**
 * Run as a process of its own: writes a file in so many small pieces that it can be killed, or looked at, in mid-write.
 */
import { writeFileAtomic } from '../../src/node/index.js';

const [, , path = ''] = process.argv;
const piece = new Uint8Array(1000).fill(7);
await writeFileAtomic(path, new Array<Uint8Array>(1_000_000).fill(piece));
