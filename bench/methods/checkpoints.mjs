/** Trained networks of runs, for bench/transfer. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { stripCheckpoint } from '@espalier/core';
import { readCheckpoint, writeCheckpoint } from '@espalier/core/node';
import { sameSettings } from '../run-files.mjs';
import { settingsOf } from './store.mjs';

const fileOf = (folder, { method, sparsity, seed }) => join(folder, `${method}-${sparsity}-${seed}.safetensors`);

/** Writes what a run has trained: model, weights and masks, without the optimizer's state. */
export async function saveTrained(folder, suite, cell, { session, model }) {
  const metadata = { settings: settingsOf(suite, cell), recipe: { dataset: suite.name } };
  const checkpoint = await session.checkpoint({ model, metadata, slots: false, snapshots: false });
  mkdirSync(folder, { recursive: true });
  await writeCheckpoint(fileOf(folder, cell), stripCheckpoint(checkpoint));
}

/** The network of a finished run with these very settings, or undefined. */
export async function findTrained(folder, suite, cell) {
  const kept = await readCheckpoint(fileOf(folder, cell)).catch(() => undefined);
  return sameSettings(kept?.metadata.settings, settingsOf(suite, cell)) ? kept : undefined;
}
