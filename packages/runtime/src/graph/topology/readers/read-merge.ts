import { sameShape } from '../../shape-of.js';
import { show } from '../../show.js';
import { type LayerCall, plain, refuse, type Value, viewedShape } from '../layer-call.js';

/** `Add` of two or more values of the same shape. */
export function readAdd(call: LayerCall): Value {
  const [first, ...others] = call.inputs;
  if (first === undefined || others.length === 0) return refuse('it adds fewer than two values');
  const shape = viewedShape(call, first);
  let sum = first.node;
  for (const [index, other] of others.entries()) {
    if (other.view !== first.view || !sameShape(viewedShape(call, other), shape)) {
      refuse(`it adds [${viewedShape(call, other)}] to [${shape}]; supported are equal shapes`);
    }
    const last = index === others.length - 1;
    const name = last ? call.name : call.builder.freeName(`${call.name}/${index + 1}`);
    sum = call.builder.add({ kind: 'add', name, inputs: [sum, other.node], activation: 'linear' });
  }
  return { ...first, node: sum };
}

/** `Concatenate` along the last axis. */
export function readConcatenate(call: LayerCall): Value {
  const pixels = call.inputs.every(({ view }) => view === 'pixel');
  const inputs = call.inputs.map(value => (pixels ? value.node : plain(value)));
  const [first] = inputs;
  if (first === undefined) return refuse('it joins no values');
  const { axis = -1 } = call.config;
  const lastAxis = pixels ? 3 : call.builder.shape(first).length;
  if (axis !== -1 && axis !== lastAxis) refuse(`axis ${show(axis)}; supported is the last one`);
  if (inputs.length === 1) return { node: first, view: pixels ? 'pixel' : 'plain' };
  return { node: call.builder.add({ kind: 'concat', name: call.name, inputs }), view: pixels ? 'pixel' : 'plain' };
}
