export { randomStreams } from './random-streams.js';
export type { Random, RandomStreams } from './streams.js';
