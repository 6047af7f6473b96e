import { compile } from '@espalier/runtime';

/** Our plan of a graph, tuned. */
export async function openEspalier(graph, image, { threads }) {
  const begin = performance.now();
  const plan = await compile(graph, { threads, tune: true });
  const compileMilliseconds = Math.round(performance.now() - begin);
  const { instructions, lanes } = plan.summary;
  return {
    engine: 'espalier',
    details: { compileMilliseconds, instructions, lanes },
    run: () => plan.run(image),
    close: () => plan.dispose(),
  };
}
