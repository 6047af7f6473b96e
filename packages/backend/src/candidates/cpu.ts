import { type Candidate, passOver } from './candidate.js';
import { importPeer } from './peer.js';
import { setBackend } from './set-backend.js';

/** Plain JavaScript: slow, everywhere, and what the other backends are checked against. */
export const cpu: Candidate = {
  name: 'cpu',
  remedy: 'Install it: npm install @tensorflow/tfjs-backend-cpu',
  async activate() {
    const imported = await importPeer('@tensorflow/tfjs-backend-cpu', () => import('@tensorflow/tfjs-backend-cpu'));
    return imported.ok ? setBackend('cpu') : passOver(imported.reason);
  },
};
