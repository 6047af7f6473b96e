import { DataTooLargeError } from '@espalier/datasets';
import { TensorShapeMismatchError, TensorsMismatchError } from '@espalier/models';
import { DenseCheckpointError } from '@espalier/transfer';
import { expect, it } from 'vitest';
import { explain } from './explain.js';
import { inFlags } from './flags.js';

it('tells of the flag where a package tells of its option', () => {
  expect(explain(new DenseCheckpointError()).message).toMatch(/to fine-tune the dense baseline, set --allow-dense\.$/);
  expect(inFlags('Raise the option "maximumMemory".')).toBe('Raise --memory-limit.');
  expect(inFlags('Give a `memoryLimit` of more bytes.')).toBe('Give a --memory-limit of more bytes.');
  expect(inFlags('over the limit decodedBytes of 5.')).toBe('over --memory-limit of 5.');
});

it('tells of an image of too many pixels what can be done on the command line', () => {
  const error = new DataTooLargeError('a.png', 'pixels', 4, 'maximumPixels');
  expect(explain(error).message).toBe(
    'a.png needs more than 4 pixels, which is the limit. Make the image smaller, or leave it out with --skip-damaged.',
  );
});

it.each([
  new TensorsMismatchError('keras', ['a/kernel'], []),
  new TensorsMismatchError('torch', ['a/kernel'], []),
  new TensorShapeMismatchError('keras', 'a', 'a/kernel', [1], [2]),
  new TensorShapeMismatchError('torch', 'a', 'a/kernel', [1], [2]),
])('says of $code nothing of options that no flag sets', error => {
  const { message } = explain(error);
  expect(message).not.toMatch(/`|head|prefix/);
  expect(message).toMatch(/Build the [^.]*\.$/);
});

it('leaves options alone that have no flag', () => {
  for (const text of [
    'Lower the option samples.',
    'the option "constructor"',
    'the optional allowDense',
    'a `timeLimit`',
  ])
    expect(inFlags(text)).toBe(text);
});
