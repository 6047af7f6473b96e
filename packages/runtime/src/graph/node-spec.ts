import type { GraphNode } from './graph.js';

type WithoutShape<N> = N extends GraphNode ? Omit<N, 'shape'> : never;

/** A node whose shape is still to be computed from those of its inputs. */
export type NodeSpec = WithoutShape<GraphNode>;

/** A node of one kind whose shape is still to be computed. */
export type SpecOf<K extends GraphNode['kind']> = Extract<NodeSpec, { readonly kind: K }>;
