import type { Word } from './word.js';

const name = (pattern: RegExp, instead: string, files?: RegExp): Word =>
  files === undefined ? { pattern, instead } : { pattern, instead, files };

/** Names that things had before they got the field's. Case counts. */
export const names: readonly Word[] = [
  name(/\bTurnstile\b|\bturnstile\b/g, 'Mutex'),
  name(/\b(?:Crew|Team|crew)\b/g, 'ThreadPool', /^packages\/runtime\//),
  name(/\bMachine\b/g, 'Execution', /^packages\/runtime\//),
  name(/\bGate\b|(?<![.\w])gate\(/g, 'Semaphore or RunGate', /^packages\//),
  name(/(?:Tensor|Weight)Shelf|(?:tensor|weight)-shelf/g, 'TensorReader, WeightReader'),
  name(/\bWishes\b|\bwishesOf\b|\bwishes\b/g, 'RequestedOptions'),
  name(/\bGiven\b(?=[>)\],;}]| \})/g, 'ParsedOptions', /^packages\/cli\//),
  name(/\bPatience\b/g, 'RetryPolicy'),
  name(/\bfindBeginning\b/g, 'findCheckpointToResume'),
  name(/\bbreather\b/g, 'yieldToEventLoop'),
  name(/\bbelongings\b/g, 'createdBackends'),
  name(/\b(?:PictureView|trainView|testView|viewRule)\b/g, 'transform'),
];
