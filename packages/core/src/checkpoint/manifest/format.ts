import { fail, quote } from '../fail.js';

/** What the metadata entry `format` says in files of this version. */
export const checkpointFormat = 'espalier-checkpoint/1';

/** Refuses files that are not ours, and those of versions to come. */
export function checkFormat(format: string | undefined): void {
  if (format === checkpointFormat) return;
  const version = /^espalier-checkpoint\/(\d+)$/.exec(format ?? '')?.[1];
  if (version !== undefined) {
    fail(`Its format is version ${version}, this program reads version 1. Read it with a newer @espalier/core.`);
  }
  const found = format === undefined ? 'no "format" in its metadata' : `the format ${quote(format)}`;
  fail(
    `It is a sound safetensors file, but not one of Espalier's checkpoints: it has ${found}. ` +
      'readSafetensors reads it; loadTorchWeights of @espalier/models takes weights of PyTorch.',
  );
}
