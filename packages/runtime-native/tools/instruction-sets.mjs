/** Prints the instruction sets that the addon that was built here has for this processor, the best first. */
import { createRequire } from 'node:module';
import { targetHere } from './targets.mjs';

const addon = createRequire(import.meta.url)(`../built/${targetHere()}.node`);
const sets = addon.instructionSets();
if (sets.length === 0) {
  console.log('this processor has neither AVX2 nor NEON');
  process.exit(1);
}
console.log(sets.join(' '));
