import { type BackendDescription, type BackendName, useBackend } from '@espalier/backend';
import { enableProdMode } from '@tensorflow/tfjs-core';

/** The backend of that name, or the best one there is. */
export async function chooseBackend(name = 'auto'): Promise<BackendDescription> {
  // Keeps TensorFlow.js from advertising another backend on standard error.
  enableProdMode();
  return useBackend(name as BackendName | 'auto');
}
