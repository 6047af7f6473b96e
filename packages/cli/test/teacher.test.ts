import '@tensorflow/tfjs-backend-cpu';
import { rmSync } from 'node:fs';
import { EspalierError } from '@espalier/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { runTraining } from '../src/commands/run.js';
import type { ParsedOptions } from '../src/options/read.js';
import { scratch, writeClasses, writeText } from './images.js';

const path = scratch();

interface Ran {
  readonly recipe: { readonly teacher?: object };
  readonly evaluation: { readonly loss: number };
  readonly reason: string;
}

const prune = async (values: object): Promise<Ran> => {
  const options = { size: '8', steps: '6', 'batch-size': '8', start: '1', end: '3', every: '1', sparsity: '0.5' };
  const given = { _: [], backend: 'cpu', data: path('two'), from: path('student.mjs'), ...options, ...values };
  return (await runTraining('prune', given as unknown as ParsedOptions)).json as Ran;
};
const errorOf = async (work: Promise<unknown>): Promise<{ readonly code: string; readonly message: string }> => {
  const error = await work.then(
    () => new Error('not refused'),
    (thrown: unknown) => thrown as Error,
  );
  return { code: EspalierError.isInstance(error) ? error.code : 'none', message: error.message };
};

interface Net {
  readonly hidden?: number;
  readonly classes?: number;
  readonly seed?: number;
  readonly size?: number;
  readonly channels?: number;
  /** Whether everything but the classifier is a network inside. */
  readonly nested?: boolean;
}

const network = ({ hidden = 5, classes = 2, seed = 1, size = 8, channels = 3, nested = false }: Net = {}): string =>
  `export default ({ layers }) => {
    const kernelInitializer = layers.initializers.glorotNormal({ seed: ${seed} });
    const body = [
      layers.layers.conv2d({ name: 'conv', filters: 4, kernelSize: 3, inputShape: [${size}, ${size}, ${channels}], kernelInitializer }),
      layers.layers.globalAveragePooling2d({}),
      layers.layers.dense({ name: 'hidden', units: ${hidden}, activation: 'relu', kernelInitializer }),
    ];
    const head = layers.layers.dense({ name: 'head', units: ${classes}, kernelInitializer });
    const inside = ${nested} ? [layers.sequential({ name: 'backbone', layers: body })] : body;
    return layers.sequential({ layers: [...inside, head] });
  };`;

beforeAll(async () => {
  await tf.setBackend('cpu');
  await writeClasses(path('two'), { apple: 15, pear: 10 });
  await writeClasses(path('swapped'), { pear: 15, zebra: 10 });
  writeText(path('student.mjs'), network());
  writeText(path('teacher.mjs'), network({ seed: 2 }));
  writeText(path('larger.mjs'), network({ seed: 2, size: 12 }));
  writeText(path('other.mjs'), network({ seed: 3 }));
  writeText(path('three.mjs'), network({ classes: 3 }));
  writeText(path('gray.mjs'), network({ channels: 1 }));
  writeText(path('nested.mjs'), network({ seed: 4, nested: true }));
  writeText(path('nested-teacher.mjs'), network({ seed: 5, nested: true }));
  writeText(path('wide.mjs'), network({ hidden: 6 }));
});

it('learns from a teacher by its predictions and its layers, and says so in the recipe', async () => {
  const plain = await prune({ out: path('plain') });
  const teacher = path('teacher.mjs');
  const taught = await prune({ teacher, out: path('taught') });
  const layers = await prune({ teacher, 'teacher-layers': '/^hid/', out: path('layers') });
  expect(plain.recipe.teacher).toBeUndefined();
  const digest = expect.stringMatching(/^[0-9a-f]{64}$/);
  expect(taught.recipe.teacher).toEqual({ path: teacher, digest, weight: 0.5, temperature: 2 });
  expect(layers.recipe.teacher).toMatchObject({ layers: ['/^hid/'], layersWeight: 1 });
  expect(new Set([plain, taught, layers].map(({ evaluation }) => evaluation.loss)).size).toBe(3);
  // The labels alone: as without a teacher.
  const labels = await prune({ teacher, 'teacher-weight': '0', out: path('labels') });
  expect(labels.evaluation).toEqual(plain.evaluation);
});

it('names layers inside networks inside, and by a pattern those alone that both networks have', async () => {
  const given = { from: path('nested.mjs'), teacher: path('nested-teacher.mjs') };
  const losses: number[] = [];
  for (const [i, layers] of ['hidden', 'backbone', '/./'].entries()) {
    const { evaluation } = await prune({ ...given, 'teacher-layers': layers, out: path(`nested-${i}`) });
    losses.push(evaluation.loss);
  }
  // The last layer of the network inside is what that gives.
  expect(losses[0]).toBe(losses[1]);
  expect(losses[2]).not.toBe(losses[0]);
});

it('fits a teacher to the size of the images', async () => {
  const ran = await prune({ teacher: path('larger.mjs'), out: path('larger') });
  expect(ran.evaluation).toEqual((await prune({ teacher: path('teacher.mjs'), out: path('same') })).evaluation);
});

it('takes a teacher from a recipe, beside it', async () => {
  writeText(
    path('recipe.yaml'),
    'teacher: teacher.mjs\nteacherWeight: 0.25\ntemperature: 3\nteacherLayers: [hidden]\n',
  );
  const { recipe } = await prune({ recipe: path('recipe.yaml'), out: path('recipe') });
  const wanted = { path: path('teacher.mjs'), weight: 0.25, temperature: 3, layers: ['hidden'] };
  expect(recipe.teacher).toMatchObject(wanted);
});

it('goes on with the same teacher, and with no other', async () => {
  const teacher = path('dense');
  await prune({ from: path('teacher.mjs'), out: teacher });
  await prune({ teacher, out: path('kept') });
  const again = (values: object = {}) => {
    const resume = { backend: 'cpu', resume: true, out: path('kept') };
    return runTraining('prune', { _: [], ...resume, ...values } as unknown as ParsedOptions);
  };
  expect(((await again({ teacher })).json as Ran).reason).toBe('finished');
  expect((await errorOf(again({ temperature: '4' }))).message).toContain('teacher.temperature 2, not 4');
  expect((await errorOf(again({ teacher: path('other.mjs') }))).message).toContain('teacher.path');
  rmSync(teacher, { recursive: true });
  await prune({ from: path('other.mjs'), out: teacher });
  expect(await errorOf(again())).toMatchObject({ code: 'TEACHER_CHANGED' });
});

it.each<[name: string, values: object, code: string, message: RegExp]>([
  ['no teacher', { 'teacher-weight': '0.5' }, 'USAGE', /name its file with --teacher/],
  ['a weight above 1', { teacher: 'teacher.mjs', 'teacher-weight': '1.5' }, 'USAGE', /from 0 to 1/],
  ['a temperature of 0', { teacher: 'teacher.mjs', temperature: '0' }, 'USAGE', /divided by it/],
  ['a factor of no layers', { teacher: 'teacher.mjs', 'teacher-layers-weight': '2' }, 'USAGE', /name some/],
  ['a file that is not there', { teacher: 'nothing.h5' }, 'FILE_ACCESS', /nothing\.h5/],
  [
    'another number of classes',
    { teacher: 'three.mjs' },
    'TEACHER_MISMATCH',
    /tells 3 classes apart, and the data have 2/,
  ],
  ['layers that are not there', { teacher: 'teacher.mjs', 'teacher-layers': 'hiden' }, 'USAGE', /Did you mean hidden/],
  ['a pattern of nothing', { teacher: 'teacher.mjs', 'teacher-layers': '/^zz/' }, 'USAGE', /names \/\^zz\//],
  [
    'images in other colors',
    { teacher: 'gray.mjs' },
    'TEACHER_MISMATCH',
    /images of 1 channels, and this run has images of 3/,
  ],
  [
    'layers of another shape',
    { teacher: 'wide.mjs', 'teacher-layers': 'hidden' },
    'TEACHER_MISMATCH',
    /--teacher-layers "hidden", whose/,
  ],
])('refuses %s', async (name, { teacher, ...values }: { teacher?: string }, code, message) => {
  const named = teacher === undefined ? {} : { teacher: path(teacher) };
  const error = await errorOf(prune({ ...values, ...named, out: path(`refused ${name}`) }));
  expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
});

it('refuses a teacher of other classes, and one of images that are normalized otherwise', async () => {
  await prune({ data: path('swapped'), out: path('of-others') });
  const classes = await errorOf(prune({ teacher: path('of-others'), out: path('x') }));
  expect(classes).toMatchObject({ code: 'TEACHER_MISMATCH', message: expect.stringContaining('"pear"') });
  await prune({ normalization: 'half', out: path('half') }).catch(() =>
    prune({ normalization: '0.5/0.5', out: path('half') }),
  );
  const images = await errorOf(prune({ teacher: path('half'), out: path('y') }));
  expect(images).toMatchObject({ code: 'TEACHER_MISMATCH', message: expect.stringContaining('--normalization') });
});
