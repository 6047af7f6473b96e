import { asList, malformed, show, type TopologyFields } from './fields/fields.js';
import { inboundCall, type Reference, referencesOf } from './inbound-calls.js';
import type { CallOutput, TopologyCall, TopologyLayer, TopologyNetwork } from './topology-layer.js';

interface OpenCall extends TopologyCall {
  readonly inputs: CallOutput[];
  /** The call of the same layer before this one, which must be made first. */
  readonly before: OpenCall | undefined;
  readonly references: readonly Reference[];
}

/** The calls of a network in an order in which they can be made. */
export function functionalNetwork(
  name: string,
  config: TopologyFields,
  layers: readonly TopologyLayer[],
  inbound: readonly unknown[],
): TopologyNetwork {
  const calls = new Map<string, OpenCall[]>();
  for (const [index, layer] of layers.entries()) {
    const nodes =
      layer.className === 'InputLayer' ? [[]] : asList(inbound[index] ?? [], `inbound_nodes of layer "${layer.name}"`);
    const own: OpenCall[] = [];
    for (const node of nodes) own.push({ layer, inputs: [], before: own.at(-1), references: inboundCall(node, layer) });
    calls.set(layer.name, own);
  }
  const [inputs, outputs] = ['input_layers', 'output_layers'].map(key =>
    referencesOf(config[key], `${key} of "${name}"`),
  ) as [Reference[], Reference[]];
  if (inputs.length === 0 || outputs.length === 0) malformed(`The network "${name}" has no inputs or no outputs.`);
  const open = [...calls.values()].flat();
  // A network counts its calls from 1 in TensorFlow.js and Keras 2, since call 0 was its own making, and from 0 in
  // Keras 3.
  const fromZero = new Set(
    [...open.flatMap(({ references }) => references), ...outputs]
      .filter(({ node }) => node === 0)
      .map(({ layer }) => layer),
  );
  const find = ({ layer, node, tensor }: Reference): { call: OpenCall; tensor: number } => {
    const own = calls.get(layer) ?? malformed(`There is no layer ${show(layer)} in "${name}".`);
    const first = own[0]?.layer.network && !fromZero.has(layer) ? 1 : 0;
    const call = own[node - first] ?? malformed(`Layer "${layer}" has ${own.length} calls, but call ${node} is used.`);
    return { call, tensor };
  };
  for (const call of open) call.inputs.push(...call.references.map(find));
  const ends = outputs.map(find);
  return {
    kind: 'functional',
    calls: inOrder(
      name,
      ends.map(({ call }) => call),
    ),
    inputs: inputs.map(find),
    outputs: ends,
  };
}

/** The calls that the outputs need, each after those it reads and after the earlier calls of its layer. */
function inOrder(name: string, outputs: readonly OpenCall[]): readonly OpenCall[] {
  const order: OpenCall[] = [];
  const entered = new Set<OpenCall>();
  const left = new Set<OpenCall>();
  const path: { readonly call: OpenCall; readonly needed: readonly OpenCall[]; next: number }[] = [];
  const enter = (call: OpenCall): void => {
    if (left.has(call)) return;
    if (entered.has(call)) malformed(`Layer "${call.layer.name}" of "${name}" reads its own output.`);
    entered.add(call);
    const needed = [...(call.before ? [call.before] : []), ...call.inputs.map(input => input.call as OpenCall)];
    path.push({ call, needed, next: 0 });
  };
  for (const output of outputs) {
    enter(output);
    for (let step = path.at(-1); step !== undefined; step = path.at(-1)) {
      const needed = step.needed[step.next++];
      if (needed) {
        enter(needed);
        continue;
      }
      path.pop();
      left.add(step.call);
      order.push(step.call);
    }
  }
  return order;
}
