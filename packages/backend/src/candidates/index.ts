import type { Candidate } from './candidate.js';
import { cpu } from './cpu.js';
import { tensorflow } from './tensorflow.js';
import { wasm } from './wasm.js';
import { webgpu } from './webgpu.js';

/** Every backend in the order in which `'auto'` tries them. */
export const candidates: readonly Candidate[] = [
  tensorflow('tfjs-node-gpu'),
  tensorflow('tfjs-node'),
  webgpu,
  wasm,
  cpu,
];
