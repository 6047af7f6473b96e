import type { NativeChoice, TileTensor } from '../engine/engine.js';
import type { ConvolutionNode, Graph } from '../graph/graph.js';
import { type ConvolutionVariant, convolutionVariants, suitsDepthwise, suitsWinograd } from '../kernels/index.js';

/** The kernel that computes a convolution. */
export type KernelChoice =
  | { readonly kernel: 'winograd' }
  | { readonly kernel: 'depthwise' }
  | {
      readonly kernel: 'sparse';
      /** How the work is partitioned. */
      readonly variant: ConvolutionVariant;
      /** All partitions that may be the fastest, the best guess first. They give the same bits. */
      readonly variants: readonly ConvolutionVariant[];
    };

/**
 * The kernel of every convolution of a graph, by name. Tuning replaces variants; lowering and the summary read them.
 */
export type KernelChoices = ReadonlyMap<string, KernelChoice>;

/** What kernels are chosen for. Native ones have nothing of Winograd's. */
export interface ChoiceTarget {
  readonly threads: number;
  readonly native?: NativeChoice | undefined;
}

/** The kernels that are chosen without timing anything. `tensorOf` gives shapes and lanes; addresses do not matter. */
export function chooseKernels(
  graph: Graph,
  tensorOf: (name: string) => TileTensor,
  target: ChoiceTarget,
): KernelChoices {
  const choices = new Map<string, KernelChoice>();
  for (const node of graph.nodes) {
    if (node.kind === 'convolution') choices.set(node.name, chooseKernel(node, tensorOf, target));
  }
  return choices;
}

/** The kernel that is chosen for one convolution without timing anything. */
export function chooseKernel(
  node: ConvolutionNode,
  tensorOf: (name: string) => TileTensor,
  { threads, native }: ChoiceTarget,
): KernelChoice {
  const [name, residual] = node.inputs;
  const [input, output] = [tensorOf(name ?? ''), tensorOf(node.name)];
  if (native !== undefined && residual === undefined && suitsDepthwise(node)) return { kernel: 'depthwise' };
  if (native === undefined && residual === undefined && suitsWinograd(node, input, output))
    return { kernel: 'winograd' };
  const variants = convolutionVariants(node, input, output, threads);
  return { kernel: 'sparse', variant: variants[0] as ConvolutionVariant, variants };
}

/** What the summary of a plan says about a choice. */
export function describeChoice(choice: KernelChoice): string {
  if (choice.kernel !== 'sparse') return choice.kernel;
  return Object.entries(choice.variant)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}
