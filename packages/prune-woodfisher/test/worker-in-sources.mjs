// The worker as TypeScript, for tests, which run on the sources.
import { register } from 'tsx/esm/api';

register();
await import('../src/node/worker.ts');
