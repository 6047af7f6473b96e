/** Says that a node cannot be expressed as a layer, and why. */
export class NodeRefusal extends Error {}

export function refuse(reason: string): never {
  throw new NodeRefusal(reason);
}
