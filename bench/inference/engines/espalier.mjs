import { compile } from '@espalier/runtime';

/** Our plan of a graph, tuned. */
export async function openEspalier(graph, image, { threads, instructions = 'auto' }) {
  const begin = performance.now();
  const plan = await compile(graph, { threads, instructions, tune: true });
  const compileMilliseconds = Math.round(performance.now() - begin);
  const { lanes } = plan.summary;
  return {
    engine: 'espalier',
    details: { compileMilliseconds, instructions: plan.summary.instructions, lanes },
    run: () => plan.run(image),
    close: () => plan.dispose(),
  };
}
