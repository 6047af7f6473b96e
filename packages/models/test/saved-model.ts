import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { io } from '@tensorflow/tfjs-core';
import type * as layers from '@tensorflow/tfjs-layers';

/** A saved model in memory, to be damaged. */
export interface Saved {
  json: Record<string, unknown> & { weightsManifest: { paths: string[]; weights: io.WeightsManifestEntry[] }[] };
  readonly files: Map<string, Uint8Array>;
}

/** What `model.save` makes: `model.json` and its weights in one file. */
export async function saved(model: layers.LayersModel): Promise<Saved> {
  let found: Saved | undefined;
  const handler = io.withSaveHandler(async artifacts => {
    const { modelTopology, userDefinedMetadata, weightSpecs, weightData } = artifacts;
    const json = {
      format: 'layers-model',
      modelTopology,
      userDefinedMetadata,
      weightsManifest: [{ paths: ['weights.bin'], weights: [...weightSpecs!] }],
    };
    const bytes = new Uint8Array(weightData as ArrayBuffer);
    // Through text, as it is on disk.
    found = { json: JSON.parse(JSON.stringify(json)) as Saved['json'], files: new Map([['weights.bin', bytes]]) };
    return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
  });
  await model.save(handler);
  return found!;
}

/** Writes it into a new folder; gives the path of `model.json`. */
export async function toDisk({ json, files }: Saved): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'espalier-models-'));
  await writeFile(join(folder, 'model.json'), JSON.stringify(json));
  for (const [name, bytes] of files) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), bytes);
  }
  return join(folder, 'model.json');
}
