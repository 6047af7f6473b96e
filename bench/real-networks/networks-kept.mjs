/** Fine-tuned networks of runs, for distillation and for measuring their size and speed. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { stripCheckpoint } from '@espalier/core';
import { readCheckpoint, writeCheckpoint } from '@espalier/core/node';
import { sameSettings } from '../run-files.mjs';

const fileOf = (folder, cell) => join(folder, `${cell.name}-${cell.seed}.safetensors`);

/** Writes model, weights and masks, without the optimizer's state. */
export async function keepNetwork(folder, cell, settings, { session, model }) {
  const checkpoint = await session.checkpoint({ model, metadata: { settings }, slots: false, snapshots: false });
  mkdirSync(folder, { recursive: true });
  await writeCheckpoint(fileOf(folder, cell), stripCheckpoint(checkpoint));
}

/** The network of a run with these very settings, or undefined. */
export async function keptNetwork(folder, cell, settings) {
  const kept = await readCheckpoint(fileOf(folder, cell)).catch(() => undefined);
  return sameSettings(kept?.metadata.settings, settings) ? kept : undefined;
}
