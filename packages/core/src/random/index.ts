export { philox } from './philox.js';
export { randomStreams } from './random-streams.js';
export type { Random, RandomStreams } from './streams.js';
