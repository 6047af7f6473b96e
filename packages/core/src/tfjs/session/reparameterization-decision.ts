import type { Decision } from '../../method/decision.js';
import type { ReparameterizedWeights } from '../reparameterization/reparameterized-weights.js';
import type { WeightTable } from '../weights/weight-table.js';

/** The part of a decision's check that concerns the method's reparameterization. */
export function requireReparameterizationDecision(
  decision: Decision,
  table: WeightTable,
  reparameterized: ReparameterizedWeights | undefined,
  fail: (reason: string) => never,
): void {
  const { snapshot, rewind, parameters, bake } = decision;
  if (bake !== undefined && typeof bake !== 'boolean') fail('Its "bake" is neither true nor false.');
  if (!reparameterized) {
    if (parameters) fail('It sets parameters, but no reparameterization is in force: none was given, or it was baked.');
    if (bake) fail('It bakes, but no reparameterization is in force: none was given, or it was baked before.');
    return;
  }
  if (snapshot !== undefined || rewind) {
    fail(
      'It takes a snapshot or rewinds while its reparameterization is in force. Bake in one decision, and take the ' +
        'snapshot in a later one.',
    );
  }
  for (const [name, values] of parameters ?? []) {
    table.needPrunable(name, 'the parameters of a decision');
    const known = reparameterized.get(name)?.parameters.map(parameter => parameter.name) ?? [];
    for (const [parameter, value] of Object.entries(values)) {
      if (!known.includes(parameter)) {
        fail(`"${name}" has no parameter "${parameter}", but ${known.length ? `only ${known.join(', ')}` : 'none'}.`);
      }
      if (!Number.isFinite(Math.fround(value))) fail(`The parameter "${parameter}" of "${name}" is ${value}.`);
    }
  }
}
