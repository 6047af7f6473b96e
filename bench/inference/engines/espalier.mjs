import { compile } from '@espalier/runtime';

/** Our plan of a graph, tuned. `instructions` and `engine` are those of {@link compile}. */
export async function openEspalier(graph, images, { threads, batch, instructions = 'auto', engine }) {
  const begin = performance.now();
  const plan = await compile(graph, { threads, instructions, tune: true, ...(engine && { engine }) });
  const compileMilliseconds = Math.round(performance.now() - begin);
  const { lanes, engine: kernels } = plan.summary;
  return {
    engine: 'espalier',
    details: { compileMilliseconds, kernels, instructions: plan.summary.instructions, lanes },
    run: () => plan.run(images, { batch }),
    close: () => plan.dispose(),
  };
}
