/**
 * A published network and real images, as one has them: a file of weights, and a folder with a folder of images for
 * each class. They come from the folder that `ESPALIER_DATA` names, or from the internet.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, createWriteStream, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** EfficientNet-Lite0 as timm has it, and Caltech-101 as its authors have it. */
const addresses = {
  weights: 'https://huggingface.co/timm/tf_efficientnet_lite0.in1k/resolve/main/model.safetensors',
  images: 'https://data.caltech.edu/records/mzrjq-6wc02/files/caltech-101.zip?download=1',
};

/** Ten classes of Caltech-101, and the images that are taken of each; the last of them is kept for `predict`. */
export const classes = [
  ...['airplanes', 'bonsai', 'butterfly', 'car_side', 'chandelier'],
  ...['grand_piano', 'hawksbill', 'ketch', 'Motorbikes', 'watch'],
];
const perClass = 81;

/**
 * Fills `folder` with `lite0.safetensors`, `photos/<class>/` and `new/`. What is there already stays.
 *
 * @param {string} folder
 * @param {{ data: string | undefined, download: boolean }} from Folder of real data, and whether to download.
 */
export async function getFiles(folder, { data, download }) {
  mkdirSync(folder, { recursive: true });
  const weights = join(folder, 'lite0.safetensors');
  const [photos, unseen] = [join(folder, 'photos'), join(folder, 'new')];
  if (existsSync(weights) && existsSync(photos)) return;
  if (!data && !download) throw new Error('Nothing to work on: see "Network and images" in README.md.');
  const scratch = join(folder, 'scratch');
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch);
  if (data) copyFileSync(join(data, 'real-networks', 'efficientnet-lite0', 'lite0.safetensors'), weights);
  else await fetchTo(addresses.weights, weights);
  if (data) unpack(join(data, 'caltech101-128px.tar.gz'), scratch);
  else {
    await fetchTo(addresses.images, join(scratch, 'caltech-101.zip'));
    run('unzip', ['-q', join(scratch, 'caltech-101.zip'), '-d', scratch]);
    unpack(join(scratch, 'caltech-101', '101_ObjectCategories.tar.gz'), scratch);
  }
  mkdirSync(unseen, { recursive: true });
  for (const name of classes) take(join(scratch, '101_ObjectCategories', name), join(scratch, 'photos', name), unseen);
  renameSync(join(scratch, 'photos'), photos);
  rmSync(scratch, { recursive: true });
}

/** The first images of a class in the order of their names; the last of them is for `predict`. */
function take(from, to, unseen) {
  mkdirSync(to, { recursive: true });
  const images = readdirSync(from)
    .filter(name => name.endsWith('.jpg'))
    .sort()
    .slice(0, perClass);
  for (const name of images.slice(0, -1)) copyFileSync(join(from, name), join(to, name));
  copyFileSync(join(from, images.at(-1)), join(unseen, `${from.split(/[\\/]/).at(-1)}.jpg`));
}

function unpack(archive, folder) {
  const inside = classes.map(name => `101_ObjectCategories/${name}`);
  run('tar', ['-xzf', archive, '-C', folder, ...inside]);
}

function run(program, args) {
  const { status, error } = spawnSync(program, args, { stdio: 'inherit' });
  if (status !== 0) throw new Error(`${program} did not work: ${error?.message ?? `it ended with ${status}`}`);
}

async function fetchTo(address, file) {
  console.log(`Downloading ${address}`);
  const { ok, status, body } = await fetch(address);
  if (!ok || !body) throw new Error(`${address} answered ${status}`);
  await pipeline(Readable.fromWeb(body), createWriteStream(`${file}.part`));
  renameSync(`${file}.part`, file);
}
