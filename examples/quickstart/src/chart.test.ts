import { expect, it } from 'vitest';
import { drawChart } from './chart.js';

it('draws both networks, with their accuracies beside the lines and the name and unit on every axis', async () => {
  const curve = (accuracy: number, sparsity: number) => [
    { step: 50, accuracy: 0.91, sparsity: 0 },
    { step: 100, accuracy, sparsity },
  ];
  const svg = await drawChart({ dense: curve(0.985, 0), gradual: curve(0.982, 0.9), oneShot: 0.95 });
  expect(svg).toMatch(/^<svg /);
  const texts = [
    'dense 98.5%',
    'gradual 98.2%',
    'one-shot 95.0%',
    '90% of the weights',
    'training step',
    'weights pruned',
    'test digits',
  ];
  for (const text of texts) expect(svg).toContain(text);
});
