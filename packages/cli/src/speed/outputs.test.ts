import { expect, it } from 'vitest';
import type { Candidate } from './candidates/candidate.js';
import { compareOutputs } from './outputs.js';

const giving = (name: Candidate['name'], ...values: number[]): Candidate => ({
  name,
  what: '',
  threads: 1,
  flopDensity: 1,
  run: async () => Float32Array.from(values),
  dispose: async () => {},
});

it('gives the difference of each from the first', async () => {
  // 2⁻¹¹ of 2 is a fraction of 2⁻¹², below 1e-3.
  const differences = await compareOutputs([
    giving('sparse', 2, 1),
    giving('dense', 2, 1),
    giving('tfjs-wasm', 2, 1 + 2 ** -11),
  ]);
  expect(differences).toEqual([0, 0, 2 ** -12]);
});

it('refuses outputs that differ by more than rounding, and names whose they are', async () => {
  const candidates = [giving('sparse', 2, 1), giving('dense', 2, 1), giving('tfjs-wasm', 2, 1.5)];
  await expect(compareOutputs(candidates)).rejects.toMatchObject({
    code: 'OUTPUTS_DISAGREE',
    difference: 0.25,
    message: expect.stringMatching(/tfjs-wasm and sparse differ by 0\.25 .* more than 0\.001/),
  });
});

it('refuses NaN beside a number', async () => {
  const candidates = [giving('sparse', Number.NaN), giving('dense', 1)];
  await expect(compareOutputs(candidates)).rejects.toMatchObject({ code: 'OUTPUTS_DISAGREE', difference: Infinity });
});
