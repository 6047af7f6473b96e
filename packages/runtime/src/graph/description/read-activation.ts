import { type Activation, plainActivations } from '../activation.js';
import { NodeFields } from './node-fields.js';

/** The field `activation`, a name or an object; `linear` if it is absent. */
export function activationOf(fields: NodeFields): Activation {
  const value = fields.take('activation') ?? 'linear';
  if (typeof value !== 'object') return fields.choice('activation', plainActivations, 'linear');
  const inner = new NodeFields(value, `activation of the ${fields.where}`);
  const activation = withParameters(inner);
  inner.done();
  return activation;
}

function withParameters(fields: NodeFields): Activation {
  const kind = fields.choice('kind', ['rectifier', 'elu', 'hardSigmoid'] as const);
  const number = (field: string, otherwise: number): number =>
    fields.take(field) === undefined ? otherwise : fields.number(field, -Number.MAX_VALUE);
  switch (kind) {
    case 'rectifier': {
      const [slope, threshold] = [number('slope', 0), number('threshold', 0)];
      return { kind, slope, threshold, maximum: number('maximum', Number.POSITIVE_INFINITY) };
    }
    case 'elu':
      return { kind, alpha: number('alpha', 1) };
    case 'hardSigmoid':
      return { kind, slope: number('slope', 0.2), offset: number('offset', 0.5) };
  }
}
